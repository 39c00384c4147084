-- title: Continuous integration
-- question: Which continuous integration analyses projects?
-- chart: bars x=ci y=projects
-- counts: instances
-- sums: projects percent
-- note: Projects of active instances, by their latest ping.
SELECT
  value AS ci, count(*) AS instances,
  coalesce(try_cast(sum(projects) AS BIGINT), 9223372036854775807 * sign(sum(projects)))
    AS projects,
  round(100.0 * sum(projects) / sum(sum(projects)) OVER (), 1) AS percent
FROM project_mix
WHERE kind = 'ci' AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY projects DESC, ci
