-- title: Adoption of versions
-- question: How fast do instances move to a release after it is first seen?
-- chart: lines x=days y=percent series=release
-- counts: instances
WITH release AS (
  SELECT release, min(day) AS first_day FROM instance_day WHERE release <> '' GROUP BY release
),
-- an instance counts on a day with the release of its latest ping of the 8 days that end with it
span AS (
  SELECT
    id, release, day AS since,
    least(day + 8, coalesce(lead(day) OVER (PARTITION BY id ORDER BY day), DATE '9999-12-31')) AS before
  FROM instance_day
),
point AS (
  SELECT r.release, r.first_day, n AS days, r.first_day + CAST(n AS INTEGER) AS day
  FROM release AS r
  CROSS JOIN range(0, 366, 7) AS t (n)
  CROSS JOIN as_of AS a
  WHERE r.first_day + CAST(n AS INTEGER) <= a.day
)
SELECT
  p.release, p.days,
  count(*) FILTER (s.release = p.release) AS instances,
  round(100.0 * count(*) FILTER (s.release = p.release) / count(*), 1) AS percent
FROM point AS p
JOIN span AS s ON s.since <= p.day AND p.day < s.before
GROUP BY p.release, p.first_day, p.days
ORDER BY p.first_day, p.release, p.days
