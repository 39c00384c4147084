-- title: Adoption of versions
-- question: How fast do instances move to a release after it is first seen?
-- chart: lines x=days y=percent series=release
-- counts: instances
-- note: Percent of the instances in use on that day: each counts with its latest ping of the 8 days that end with it.
WITH point AS (
  SELECT r.release, r.first_day, n AS days, r.first_day + CAST(n AS INTEGER) AS day
  FROM release AS r
  CROSS JOIN range(0, 366, 7) AS t (n)
  CROSS JOIN as_of AS a
  WHERE r.first_day + CAST(n AS INTEGER) <= a.day
),
run AS (
  SELECT day, release, CAST(sum(active_instances) AS BIGINT) AS instances
  FROM daily
  GROUP BY day, release
),
total AS (
  SELECT day, sum(instances) AS instances FROM run GROUP BY day HAVING sum(instances) > 0
)
SELECT
  p.release, p.days, coalesce(r.instances, 0) AS instances,
  round(100.0 * coalesce(r.instances, 0) / t.instances, 1) AS percent
FROM point AS p
JOIN total AS t ON t.day = p.day
LEFT JOIN run AS r ON r.day = p.day AND r.release = p.release
ORDER BY p.first_day, p.release, p.days
