-- title: Time to upgrade
-- question: How many days after a release is first seen do instances move to it from an older one?
-- chart: bars x=release y=median
-- counts: instances
-- single: last
-- note: Counts moves that were seen: instances that were new with the release are left out, and so are those that have not moved yet.
WITH move AS (
  SELECT d.release, d.day - r.first_day AS days, r.first_day, sum(d.moved_instances) AS n
  FROM daily AS d
  JOIN release AS r ON r.release = d.release
  GROUP BY ALL
  HAVING sum(d.moved_instances) > 0
),
place AS (
  SELECT
    *, sum(n) OVER (PARTITION BY release ORDER BY days) AS upto,
    sum(n) OVER (PARTITION BY release) AS total
  FROM move
)
SELECT
  release, CAST(any_value(total) AS BIGINT) AS instances, first_day,
  min(days) FILTER (upto >= 0.25 * total) AS p25,
  min(days) FILTER (upto >= 0.5 * total) AS median,
  min(days) FILTER (upto >= 0.75 * total) AS p75,
  min(days) FILTER (upto >= 0.9 * total) AS p90,
  max(days) AS last
FROM place
GROUP BY release, first_day
ORDER BY first_day, release
