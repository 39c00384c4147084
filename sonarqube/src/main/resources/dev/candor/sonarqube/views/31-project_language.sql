-- The languages of each project, from the latest ping of its instance (9.2 and later).
SELECT
  id, day, p."projectUuid" AS project, p.language AS language, p.loc AS loc,
  p."lastAnalysis" AS last_analysis, p."qualityProfile" AS quality_profile
FROM (SELECT id, day, unnest(projects) AS p FROM ping_latest)
