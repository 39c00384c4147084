-- title: DevOps platforms
-- question: Which DevOps platforms are projects bound to?
-- chart: bars x=devops_platform y=projects
-- counts: instances
-- sums: projects percent
-- note: Projects of active instances, by their latest ping.
SELECT
  value AS devops_platform, count(*) AS instances,
  coalesce(try_cast(sum(projects) AS BIGINT), 9223372036854775807 * sign(sum(projects)))
    AS projects,
  round(100.0 * sum(projects) / sum(sum(projects)) OVER (), 1) AS percent
FROM project_mix
WHERE kind = 'devops_platform' AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY projects DESC, devops_platform
