-- title: Continuous integration
-- question: Which continuous integration analyses projects?
-- chart: bars x=ci y=projects
-- counts: instances
-- sums: projects percent
SELECT
  ci, count(DISTINCT id) AS instances, CAST(sum(n) AS BIGINT) AS projects,
  round(100.0 * sum(n) / sum(sum(n)) OVER (), 1) AS percent
FROM (
  SELECT id, coalesce(ci, 'unknown') AS ci, count(*) AS n FROM project GROUP BY ALL
  UNION ALL
  SELECT id, p.ci, p.count
  FROM (SELECT id, unnest("projectCountByCI") AS p FROM ping_latest)
)
WHERE id IN (SELECT id FROM instance WHERE state = 'active')
GROUP BY ci
ORDER BY projects DESC, ci
