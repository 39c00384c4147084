-- Each release that any instance ever ran, and the day on which it was first seen here.
SELECT release, min(day) AS first_day
FROM daily
WHERE instances > 0 AND release <> ''
GROUP BY release
