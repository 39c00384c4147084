-- title: DevOps platforms
-- question: Which DevOps platforms are projects bound to?
-- chart: bars x=devops_platform y=projects
-- counts: instances
-- sums: projects percent
SELECT
  coalesce(devops_platform, 'unknown') AS devops_platform, count(DISTINCT id) AS instances,
  count(*) AS projects, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM project
WHERE id IN (SELECT id FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY projects DESC, devops_platform
