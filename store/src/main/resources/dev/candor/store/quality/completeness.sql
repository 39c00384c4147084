-- title: How complete the last day is
-- question: Going by when pings usually come, how much of the as-of day's pings is here?
-- chart: table
-- counts: days
-- filters: days
-- note: The share of the pings of the 28 days before that had come by the time of the latest receipt.
WITH latest AS (SELECT received, CAST(received AS DATE) AS day FROM last_message)
SELECT
  l.day,
  (
    SELECT round(100.0 * count(*) FILTER (CAST(m._received AS TIME) <= CAST(l.received AS TIME))
      / nullif(count(*), 0), 1)
    FROM heartbeat AS m
    WHERE m.day BETWEEN l.day - 28 AND l.day - 1
  ) AS percent,
  28 AS days
FROM latest AS l
WHERE l.day IS NOT NULL
