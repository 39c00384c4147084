-- The pings of one day, the SQL variable day_number from 0 on; with its lists if detail is true.
INSERT INTO raw_ping BY NAME
SELECT
  s.id, v.version, s.edition, if(s.edition = 'community', NULL, 'PRODUCTION') AS "licenseType",
  {'name': s.database, 'version': s.database_version} AS database, s.docker,
  CAST(getvariable('day_number') AS BIGINT) + 1 AS "messageSequenceNumber",
  '2023-05-01T10:00:00+0000' AS "installationDate",
  if(getvariable('detail'), NULL, s.users) AS "userCount",
  if(getvariable('detail'), NULL, s.projects) AS "projectCount",
  if(getvariable('detail'), NULL, s.projects * (9000 + 17 * getvariable('day_number'))) AS ncloc,
  if(getvariable('detail'), [
    {'name': p, 'version': '7.' || CAST(hash(p, v.version) % 30 AS VARCHAR) || '.0.' || CAST(hash(v.version, p) % 9999 AS VARCHAR)}
    FOR p IN list_concat(
      ['java', 'javascript', 'python', 'csharp', 'vbnet', 'go', 'kotlin', 'php', 'ruby', 'scala',
        'web', 'xml', 'text', 'iac', 'jacoco', 'html', 'css', 'flex', 'config'],
      list_filter(['dependencycheck', 'cxx', 'checkstyle', 'pmd', 'branch', 'gitlab', 'ansible', 'sonar-l10n'],
        lambda q: hash(q, s.n) % 10 < 1))
  ], NULL) AS plugins,
  if(getvariable('detail'), [
    {
      'userUuid': md5(s.n || '-' || u), 'status': if(u % 9 = 8, 'inactive', 'active'),
      'lastActivity': strftime(
        getvariable('end_day') - getvariable('days') + 1 + CAST(getvariable('day_number') AS INTEGER)
          - CAST(power(hash(s.n, u, getvariable('day_number')) % 1000 / 1000.0, 4) * 300 AS INTEGER),
        '%Y-%m-%dT09:00:00+0000'),
      'lastSonarlintActivity': if(u % 3 > 0, NULL, strftime(
        getvariable('end_day') - getvariable('days') + 1 + CAST(getvariable('day_number') AS INTEGER)
          - CAST(power(hash(u, s.n) % 1000 / 1000.0, 3) * 200 AS INTEGER), '%Y-%m-%dT08:00:00+0000'))
    }
    FOR u IN range(s.users)
  ], NULL) AS users,
  if(getvariable('detail'), [
    {
      'projectUuid': md5('p' || s.n || '-' || (p // 2)),
      'language': ['java', 'ts', 'py', 'cs', 'js', 'kotlin', 'php', 'go', 'css', 'web', 'xml', 'yaml'][
        CAST(1 + hash(s.n % 7, p % 5, p % 2) % 12 AS INTEGER)],
      'loc': CAST(4500 + 9 * getvariable('day_number') + hash(s.n, p) % 1000 AS BIGINT),
      'lastAnalysis': '2026-01-01T00:00:00+0000'
    }
    FOR p IN range(2 * s.projects)
  ], NULL) AS projects,
  if(getvariable('detail'), [
    {
      'projectUuid': md5('p' || s.n || '-' || p), 'branchCount': 2, 'pullRequestCount': 1, 'scm': 'git',
      'ci': ['Jenkins', 'Gitlab CI', 'Github Actions', 'Azure DevOps', 'undetected'][
        CAST(1 + hash(s.n) % 4 + (p % 7 = 6)::INTEGER AS INTEGER)],
      'devopsPlatform': ['gitlab_server', 'github_cloud', 'azure_devops_cloud', 'undetected'][
        CAST(1 + hash(s.n) % 3 + (p % 7 = 6)::INTEGER AS INTEGER)]
    }
    FOR p IN range(s.projects)
  ], NULL) AS "projects-general-stats",
  CAST(getvariable('end_day') - getvariable('days') + 1 + CAST(getvariable('day_number') AS INTEGER) AS TIMESTAMP)
    + to_seconds(CAST(floor(s.second * 82000) AS BIGINT) + again) AS _received,
  'SonarQube' AS _agent
FROM server AS s
-- One in a hundred is repeated, as after a lost answer.
CROSS JOIN unnest(if(luck(s.n * 400 + getvariable('day_number'), 21) < 0.01, [0, 3600], [0])) AS t (again)
JOIN stay AS v ON v.n = s.n AND v.since <= getvariable('day_number') AND v.until > getvariable('day_number')
WHERE s.first_day <= getvariable('day_number') AND s.end_after > getvariable('day_number')
  AND NOT (s.rests AND isodow(getvariable('end_day') - getvariable('days') + 1 + CAST(getvariable('day_number') AS INTEGER)) >= 6)
  AND luck(s.n * 400 + getvariable('day_number'), 20) > 0.03
ORDER BY _received;
