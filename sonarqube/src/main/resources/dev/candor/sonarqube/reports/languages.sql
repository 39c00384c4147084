-- title: Languages
-- question: Which languages are analysed, in how many projects and lines of code?
-- chart: bars x=language y=loc
-- counts: instances
-- sums: projects loc
-- note: Lines of each project’s largest branch, from the latest ping of active instances.
SELECT
  value AS language, count(*) AS instances,
  coalesce(try_cast(sum(projects) AS BIGINT), 9223372036854775807 * sign(sum(projects)))
    AS projects,
  coalesce(try_cast(sum(loc) AS BIGINT), 9223372036854775807 * sign(sum(loc))) AS loc
FROM project_mix
WHERE kind = 'language' AND value IS NOT NULL
  AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY loc DESC NULLS LAST, language
