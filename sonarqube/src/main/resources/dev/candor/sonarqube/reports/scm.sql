-- title: Source code management
-- question: Which source code management do projects use?
-- chart: bars x=scm y=projects
-- counts: instances
-- sums: projects percent
SELECT
  scm, count(DISTINCT id) AS instances, CAST(sum(n) AS BIGINT) AS projects,
  round(100.0 * sum(n) / sum(sum(n)) OVER (), 1) AS percent
FROM (
  SELECT id, coalesce(scm, 'unknown') AS scm, count(*) AS n FROM project GROUP BY ALL
  UNION ALL
  SELECT id, p.scm, p.count
  FROM (SELECT id, unnest("projectCountByScm") AS p FROM ping_latest)
)
WHERE id IN (SELECT id FROM instance WHERE state = 'active')
GROUP BY scm
ORDER BY projects DESC, scm
