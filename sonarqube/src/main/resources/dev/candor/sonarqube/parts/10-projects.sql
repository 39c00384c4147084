-- members: language, ci, scm, devops_platform
-- reads: projects, "projectCountByLanguage", "nclocByLanguage", "projects-general-stats", "projectCountByCI", "projectCountByScm"
-- How many projects and lines of code there are of each language, CI, SCM and DevOps platform.
SELECT
  'language' AS member, p.language AS name, CAST(NULL AS VARCHAR) AS version, count(*) AS items,
  sum(p.loc) AS amount, _instance
FROM (SELECT _instance, unnest(projects) AS p FROM lists)
GROUP BY ALL
UNION ALL
SELECT kind, value, NULL, count(*), NULL, _instance
FROM (
  SELECT
    _instance,
    unnest([
      {'kind': 'ci', 'value': coalesce(s.ci, 'unknown')},
      {'kind': 'scm', 'value': coalesce(s.scm, 'unknown')},
      {'kind': 'devops_platform', 'value': coalesce(s."devopsPlatform", s.alm, 'unknown')}
    ], recursive := true)
  FROM (SELECT _instance, unnest("projects-general-stats") AS s FROM lists)
)
GROUP BY ALL
UNION ALL
-- As SonarQubes before 9.2 say it.
SELECT
  kind, value, NULL, try_cast(sum(count) AS BIGINT), sum(ncloc), _instance
FROM (
  SELECT 'language' AS kind, language AS value, p.count, n.ncloc, _instance
  FROM (SELECT _instance, unnest("projectCountByLanguage", recursive := true) FROM lists) AS p
  FULL JOIN (SELECT _instance, unnest("nclocByLanguage", recursive := true) FROM lists) AS n
    USING (_instance, language)
  UNION ALL
  SELECT 'ci', p.ci, p.count, NULL, _instance
  FROM (SELECT _instance, unnest("projectCountByCI") AS p FROM lists)
  UNION ALL
  SELECT 'scm', p.scm, p.count, NULL, _instance
  FROM (SELECT _instance, unnest("projectCountByScm") AS p FROM lists)
)
GROUP BY ALL
