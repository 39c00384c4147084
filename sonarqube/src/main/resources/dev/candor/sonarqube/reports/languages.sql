-- title: Languages
-- question: Which languages are analysed, in how many projects and lines of code?
-- chart: bars x=language y=loc
-- counts: instances
-- sums: projects loc
-- note: Lines of each project’s largest branch, from the latest ping of active instances.
SELECT
  language, count(DISTINCT id) AS instances, CAST(sum(projects) AS BIGINT) AS projects,
  CAST(sum(loc) AS BIGINT) AS loc
FROM (
  SELECT id, language, count(DISTINCT project) AS projects, sum(loc) AS loc
  FROM project_language
  GROUP BY ALL
  UNION ALL
  SELECT id, coalesce(p.language, n.language), p.count, n.ncloc
  FROM (SELECT id, unnest("projectCountByLanguage", recursive := true) FROM ping_latest) AS p
  FULL JOIN (SELECT id, unnest("nclocByLanguage", recursive := true) FROM ping_latest) AS n
    USING (id, language)
)
WHERE language IS NOT NULL AND id IN (SELECT id FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY loc DESC NULLS LAST, language
