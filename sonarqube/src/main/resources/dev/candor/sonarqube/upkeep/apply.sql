-- Applies the days in the table change (id, day, old_row, new_row) to the kept tables.

-- In the order of time a day is added after the last, or takes its place. Where one was taken back
-- or came late, the instance's days are all linked anew.
CREATE OR REPLACE TEMP TABLE changed AS
SELECT
  c.id, min(c.day) AS since, any_value(l.id) IS NOT NULL AS known,
  coalesce(any_value(l._instance), min(c.new_row)) AS _instance,
  bool_or(c.new_row IS NULL) OR coalesce(min(c.day) < any_value(l.day), false) AS relink
FROM change AS c
LEFT JOIN instance_last AS l ON l.id = c.id
GROUP BY c.id;

SET VARIABLE since = (SELECT min(day) FROM change);
SET VARIABLE until = (SELECT max(day) FROM change);

CREATE OR REPLACE TEMP TABLE removed AS
SELECT *
FROM instance_day
WHERE _instance IN (SELECT _instance FROM changed WHERE relink)
UNION ALL
SELECT *
FROM instance_day
WHERE day BETWEEN getvariable('since') AND getvariable('until')
  AND _row IN (SELECT c.old_row FROM change AS c JOIN changed AS i ON i.id = c.id AND NOT i.relink);

DELETE FROM instance_day
WHERE _instance IN (SELECT _instance FROM changed WHERE relink);

DELETE FROM instance_day
WHERE day BETWEEN getvariable('since') AND getvariable('until')
  AND _row IN (SELECT _row FROM removed);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
  id, CAST(_received AS DATE) AS day, version,
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
  coalesce(len(seen), "userCount") AS users,
  coalesce(len("projects-general-stats"), "projectCount") AS projects,
  CAST(coalesce(list_sum(list_transform(projects, lambda p: p.loc)), ncloc,
    CASE WHEN projects IS NOT NULL THEN 0 END) AS BIGINT) AS loc,
  len(plugins) AS plugins,
  -- The ping's own day is not over: one day is the last whole one, and what there is since.
  len(list_filter(seen, lambda s: s.active <= 1)) AS active_users_1,
  len(list_filter(seen, lambda s: s.active < 7)) AS active_users_7,
  len(list_filter(seen, lambda s: s.active < 30)) AS active_users_30,
  len(list_filter(seen, lambda s: s.sonarlint <= 1)) AS sonarlint_users_1,
  len(list_filter(seen, lambda s: s.sonarlint < 7)) AS sonarlint_users_7,
  len(list_filter(seen, lambda s: s.sonarlint < 30)) AS sonarlint_users_30,
  len(list_filter(seen, lambda s: s.active >= 90)) AS inactive_users_90,
  len(list_filter(seen, lambda s: s.never)) AS never_active_users,
  _received, _row,
  hash(plugins) AS _plugins,
  hash(
    projects, "projectCountByLanguage", "nclocByLanguage", "projects-general-stats",
    "projectCountByCI", "projectCountByScm"
  ) AS _mix
FROM (
  SELECT
    *,
    -- days since each account in use was active
    [
      {
        'active': CAST(_received AS DATE) - try_cast(u."lastActivity"[1:10] AS DATE),
        'sonarlint': CAST(_received AS DATE) - try_cast(u."lastSonarlintActivity"[1:10] AS DATE),
        'never': u."lastActivity" IS NULL
      }
      FOR u IN users IF u.status = 'active'
    ] AS seen
  FROM raw_ping
  WHERE _received >= getvariable('since')
    AND _received < getvariable('until') + INTERVAL 1 DAY
    AND _row IN (SELECT new_row FROM change)
)
UNION ALL BY NAME
SELECT
  * EXCLUDE (
    first_day, previous_day, previous_version, previous_edition, previous_database,
    previous_month, previous_received, eventful, _instance
  )
FROM removed
WHERE _instance IN (SELECT _instance FROM changed WHERE relink)
  AND _row NOT IN (SELECT old_row FROM change WHERE old_row IS NOT NULL);

-- The day that the first of an instance's rows follows.
CREATE OR REPLACE TEMP TABLE before AS
SELECT
  l.id, if(l.day < c.since, l.day, l.previous_day) AS day,
  if(l.day < c.since, l.version, l.previous_version) AS version,
  if(l.day < c.since, l.edition, l.previous_edition) AS edition,
  if(l.day < c.since, l.database, l.previous_database) AS database,
  if(l.day < c.since, l._received, l.previous_received) AS received,
  l.previous_month, l.first_day
FROM instance_last AS l
JOIN changed AS c ON c.id = l.id AND NOT c.relink
UNION ALL
SELECT f.id, f.day, f.version, f.edition, f.database, NULL, f.previous_month, f.first_day
FROM folded_instance AS f
JOIN changed AS c ON c.id = f.id AND (c.relink OR NOT c.known);

CREATE OR REPLACE TEMP TABLE added AS
SELECT f.*, l.* EXCLUDE (_row)
FROM fresh AS f
JOIN (
  SELECT
    * EXCLUDE (day, version, month, new_month),
    coalesce(
      last_value(new_month IGNORE NULLS) OVER (PARTITION BY _instance ORDER BY day), month
    ) AS previous_month,
    day = first_day
      OR coalesce(day - previous_day >= 8, false)
      OR coalesce(version <> previous_version, false) AS eventful
  FROM (
    SELECT
      f._row, f.day, f.version, i._instance,
      coalesce(b.first_day, min(f.day) OVER (PARTITION BY i._instance)) AS first_day,
      coalesce(lag(f.day) OVER w, b.day) AS previous_day,
      if(lag(f.day) OVER w IS NULL, b.received, lag(f._received) OVER w) AS previous_received,
      if(lag(f.day) OVER w IS NULL, b.version, lag(f.version) OVER w) AS previous_version,
      if(lag(f.day) OVER w IS NULL, b.edition, lag(f.edition) OVER w) AS previous_edition,
      if(lag(f.day) OVER w IS NULL, b.database, lag(f.database) OVER w) AS previous_database,
      b.previous_month AS month,
      CAST(nullif(
        date_trunc('month', coalesce(lag(f.day) OVER w, b.day)), date_trunc('month', f.day)
      ) AS DATE) AS new_month
    FROM fresh AS f
    JOIN changed AS i ON i.id = f.id
    LEFT JOIN before AS b ON b.id = f.id
    WINDOW w AS (
      PARTITION BY i._instance, coalesce(f.day <= getvariable('folded'), false) ORDER BY f.day
    )
  )
) AS l ON l._row = f._row;

INSERT INTO instance_day BY NAME
SELECT * EXCLUDE (_plugins, _mix) FROM added;

-- What is counted of a latest ping's lists seldom changes: only what does is written.
CREATE OR REPLACE TEMP TABLE last AS
SELECT
  a.*,
  coalesce(l.days_seen, f.days_seen, 0) + n.days - coalesce(r.days, 0) AS days_seen,
  a._plugins IS NULL OR a._plugins IS DISTINCT FROM l._plugins AS new_plugins,
  a._mix IS NULL OR a._mix IS DISTINCT FROM l._mix AS new_mix
FROM added AS a
JOIN (
  SELECT arg_max(_row, day) AS _row, count(*) AS days FROM added GROUP BY _instance
) AS n ON n._row = a._row
LEFT JOIN (SELECT id, count(*) AS days FROM removed GROUP BY id) AS r ON r.id = a.id
LEFT JOIN instance_last AS l ON l.id = a.id
LEFT JOIN folded_instance AS f ON f.id = a.id;

DELETE FROM instance_last WHERE id IN (SELECT id FROM changed);

INSERT INTO instance_last BY NAME
SELECT * EXCLUDE (new_plugins, new_mix) FROM last;

SET VARIABLE since = (SELECT min(day) FROM last);

DELETE FROM plugin
WHERE _instance IN (
  SELECT _instance FROM changed EXCEPT SELECT _instance FROM last WHERE NOT new_plugins
);

INSERT INTO plugin
SELECT DISTINCT p.name, p.version, _instance
FROM (
  SELECT unnest(r.plugins) AS p, l._instance
  FROM raw_ping AS r
  JOIN last AS l ON l._row = r._row
  WHERE l.new_plugins AND r._received >= getvariable('since')
);

DELETE FROM project_mix
WHERE _instance IN (
  SELECT _instance FROM changed EXCEPT SELECT _instance FROM last WHERE NOT new_mix
);

CREATE OR REPLACE TEMP VIEW lists AS
SELECT r.*, l._instance
FROM raw_ping AS r
JOIN last AS l ON l._row = r._row
WHERE l.new_mix AND r._received >= getvariable('since');

INSERT INTO project_mix
SELECT 'language', p.language, count(*), CAST(sum(p.loc) AS BIGINT), _instance
FROM (SELECT _instance, unnest(projects) AS p FROM lists)
GROUP BY ALL
UNION ALL
SELECT kind, value, count(*), NULL, _instance
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
SELECT kind, value, CAST(sum(count) AS BIGINT), CAST(sum(ncloc) AS BIGINT), _instance
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
GROUP BY ALL;

-- What the sums lose and gain.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT -1 AS sign, false AS _folded, * FROM removed
UNION ALL BY NAME
SELECT 1 AS sign, false AS _folded, * FROM added;

