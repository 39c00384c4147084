-- Each release that any instance ever ran, and the day on which it was first seen: of the whole
-- store, whatever part a report is asked of.
SELECT release, min(day) AS first_day
FROM {{schema}}.daily
WHERE instances > 0 AND release <> ''
GROUP BY release
