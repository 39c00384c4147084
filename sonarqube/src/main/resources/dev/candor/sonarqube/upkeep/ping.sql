-- Brings the kept tables up to date after pings have come: those with a _row from first_row on.

-- Who pinged, and the days on which that can change what counts.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT id, CAST(min(_received) AS DATE) - 7 AS since, CAST(max(_received) AS DATE) + 7 AS until
FROM raw_ping
WHERE _row >= getvariable('first_row')
GROUP BY id;

SET VARIABLE since = (SELECT min(since) FROM touched);
SET VARIABLE until = (SELECT max(until) FROM touched);

-- For each instance and day the latest ping that counts (docs/definitions.md, "One ping").
CREATE OR REPLACE TEMP TABLE winner AS
SELECT id, CAST(_received AS DATE) AS day, arg_max(_row, (_received, _row)) AS _row
FROM (
  SELECT
    r.id, r._received, r._row, t.since, t.until,
    lead(r._received) OVER (
      PARTITION BY
        r.id,
        CASE
          WHEN r._key IS NOT NULL THEN 'key ' || r._key
          WHEN r."messageSequenceNumber" IS NOT NULL THEN 'number ' || r."messageSequenceNumber"
          ELSE 'day ' || CAST(r._received AS DATE)
        END
      ORDER BY r._received, r._row
    ) AS again
  FROM raw_ping AS r
  JOIN touched AS t ON t.id = r.id
  WHERE r._received >= getvariable('since') - INTERVAL 7 DAY
    AND r._received < getvariable('until') + INTERVAL 8 DAY
)
WHERE (again IS NULL OR again > _received + INTERVAL 7 DAY)
  AND CAST(_received AS DATE) BETWEEN since AND until
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE change AS
SELECT id, day, o._row AS old_row, w._row AS new_row
FROM winner AS w
FULL JOIN (
  SELECT d.id, d.day, d._row
  FROM instance_day AS d
  JOIN touched AS t ON t.id = d.id AND d.day BETWEEN t.since AND t.until
  WHERE d.day BETWEEN getvariable('since') AND getvariable('until')
) AS o USING (id, day)
WHERE o._row IS DISTINCT FROM w._row;

DELETE FROM instance_day
WHERE day BETWEEN getvariable('since') AND getvariable('until')
  AND _row IN (SELECT old_row FROM change);

INSERT INTO instance_day BY NAME
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
  coalesce(len(list_filter(users, lambda u: u.status = 'active')), "userCount") AS users,
  coalesce(len("projects-general-stats"), "projectCount") AS projects,
  CAST(coalesce(list_sum(list_transform(projects, lambda p: p.loc)), ncloc,
    CASE WHEN projects IS NOT NULL THEN 0 END) AS BIGINT) AS loc,
  len(plugins) AS plugins,
  _received, _row
FROM raw_ping
WHERE _received >= getvariable('since') AND _row IN (SELECT new_row FROM change);

-- What is known of an instance grows with its days; only where a day was taken back, count anew.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT
  c.id, least(c.first_day, l.first_day) AS first_day, greatest(c.last_day, l.day) AS last_day,
  c.days + coalesce(l.days_seen, 0) AS days_seen
FROM (
  SELECT
    id, min(day) AS first_day, max(day) AS last_day, count(*) FILTER (old_row IS NULL) AS days
  FROM change
  GROUP BY id
  HAVING count(new_row) = count(*)
) AS c
LEFT JOIN instance_last AS l ON l.id = c.id
UNION ALL
SELECT id, min(day), max(day), count(*)
FROM instance_day
WHERE id IN (SELECT id FROM change WHERE new_row IS NULL)
GROUP BY id;

SET VARIABLE since = (SELECT min(last_day) FROM seen);

DELETE FROM instance_last WHERE id IN (SELECT id FROM change);

INSERT INTO instance_last
SELECT d.*, s.first_day, s.days_seen
FROM instance_day AS d
JOIN seen AS s ON s.id = d.id AND s.last_day = d.day
WHERE d.day >= getvariable('since');

DELETE FROM ping_latest
WHERE id IN (SELECT id FROM change) AND _row NOT IN (SELECT _row FROM instance_last);

INSERT INTO ping_latest
SELECT *, CAST(_received AS DATE) AS day
FROM raw_ping
WHERE _received >= getvariable('since')
  AND _row IN (SELECT _row FROM instance_last WHERE id IN (SELECT id FROM seen))
  AND _row NOT IN (SELECT _row FROM ping_latest);
