-- title: How complete the last day is
-- question: Going by when pings usually come, how much of the as-of day's pings is here?
-- chart: table
-- counts: days
-- note: The share of the pings of the 28 days before that had come by the time of the latest receipt.
WITH latest AS (SELECT max(_received) AS received, max(day) AS day FROM instance_last),
usual AS (
  SELECT CAST(d._received AS TIME) <= CAST(l.received AS TIME) AS came
  FROM instance_day AS d
  CROSS JOIN latest AS l
  WHERE d.day BETWEEN l.day - 28 AND l.day - 1
)
SELECT
  a.day,
  (SELECT round(100.0 * count(*) FILTER (came) / nullif(count(*), 0), 1) FROM usual) AS percent,
  28 AS days
FROM as_of AS a
