-- One row for each instance and day on which it pinged, from the day's latest ping.
SELECT
  id, day, version,
  regexp_extract(version, '^[0-9]+\.[0-9]+') AS release,
  edition, "licenseType" AS licence_type,
  database.name AS database, database.version AS database_version,
  coalesce(docker, container) AS docker,
  "installationVersion" AS first_version,
  CASE
    WHEN regexp_full_match("installationDate", '[0-9]{1,15}')
      THEN CAST(make_timestamp(CAST("installationDate" AS BIGINT) * 1000) AS DATE)
    ELSE try_cast("installationDate"[1:10] AS DATE)
  END AS installed,
  coalesce(len(list_filter(users, lambda u: u.status = 'active')), "userCount") AS users,
  coalesce(len("projects-general-stats"), "projectCount") AS projects,
  CAST(coalesce(list_sum(list_transform(projects, lambda p: p.loc)), ncloc,
    CASE WHEN projects IS NOT NULL THEN 0 END) AS BIGINT) AS loc,
  len(plugins) AS plugins,
  _received
FROM ping
WHERE _row IN (SELECT arg_max(_row, (_received, _row)) FROM ping GROUP BY id, day)
