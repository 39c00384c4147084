-- Each project, from the latest ping of its instance (9.2 and later).
SELECT
  s.id, s.day, s.project, s.branches, s.pull_requests, s.scm, s.ci, s.devops_platform,
  coalesce(l.loc, 0) AS loc, coalesce(l.languages, 0) AS languages, l.last_analysis,
  s.bugs, s.vulnerabilities, s.security_hotspots, s.technical_debt, s.creation_method, s.monorepo
FROM (
  SELECT
    id, day, s."projectUuid" AS project, s."branchCount" AS branches,
    s."pullRequestCount" AS pull_requests, s.scm AS scm, s.ci AS ci,
    coalesce(s."devopsPlatform", s.alm) AS devops_platform, s.bugs AS bugs,
    s.vulnerabilities AS vulnerabilities, s."securityHotspots" AS security_hotspots,
    s."technicalDebt" AS technical_debt, s.project_creation_method AS creation_method,
    s.monorepo AS monorepo
  FROM (SELECT id, day, unnest("projects-general-stats") AS s FROM ping_latest)
) AS s
LEFT JOIN (
  SELECT
    id, project, CAST(sum(loc) AS BIGINT) AS loc, count(DISTINCT language) AS languages,
    max(last_analysis) AS last_analysis
  FROM project_language
  GROUP BY ALL
) AS l ON l.id = s.id AND l.project = s.project
