-- title: How complete the last day is
-- question: Going by when pings usually come, how much of the as-of day's pings is here?
-- chart: table
-- counts: days
-- filters: facts
-- note: The share of the pings of the 28 days before that had come by the time of the latest receipt.
WITH latest AS (
  SELECT max(_received) AS received, CAST(max(_received) AS DATE) AS day FROM instance_last
),
usual AS (
  SELECT count(*) AS whole, count(*) FILTER (CAST(_received AS TIME) <= (SELECT CAST(received AS TIME) FROM latest)) AS came
  FROM instance_day
  WHERE day >= (SELECT day - 28 FROM latest) AND day <= (SELECT day - 1 FROM latest)
)
SELECT a.day, round(100.0 * u.came / nullif(u.whole, 0), 1) AS percent, 28 AS days
FROM as_of AS a
CROSS JOIN usual AS u
