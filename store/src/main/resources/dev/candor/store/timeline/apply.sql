-- Applies the days in the table change (id, day, old_row, new_row) to the timeline.

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

-- The facts of the days: of new ones from their heartbeat, of those that are linked anew as they
-- were. What is kept of the latest alone is read once more for the latest day, below.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
  id, day, version, {{release}} AS release, {{daily:NAME, }}_received, _row
FROM (
  SELECT
    {{id}} AS id, CAST(_received AS DATE) AS day, {{version}} AS version, {{daily:SQL AS NAME, }}
    _received, _row
  FROM {{heartbeats}}
  WHERE _received >= getvariable('since')
    AND _received < getvariable('until') + INTERVAL 1 DAY
    AND _row IN (SELECT new_row FROM change)
)
UNION ALL BY NAME
SELECT id, day, version, release, {{daily:NAME, }}_received, _row
FROM removed
WHERE _instance IN (SELECT _instance FROM changed WHERE relink)
  AND _row NOT IN (SELECT old_row FROM change WHERE old_row IS NOT NULL);

-- The day that the first of an instance's rows follows.
CREATE OR REPLACE TEMP TABLE before AS
SELECT
  l.id, if(l.day < c.since, l.day, l.previous_day) AS day,
  if(l.day < c.since, l.version, l.previous_version) AS version,
  {{filters:if(l.day < c.since, l.NAME, l.previous_NAME) AS NAME,
  }}if(l.day < c.since, l._received, l.previous_received) AS received,
  l.previous_month, l.first_day
FROM instance_last AS l
JOIN changed AS c ON c.id = l.id AND NOT c.relink
UNION ALL BY NAME
SELECT f.id, f.day, f.version, {{filters:f.NAME, }}f.previous_month, f.first_day
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
      {{filters:if(lag(f.day) OVER w IS NULL, b.NAME, lag(f.NAME) OVER w) AS previous_NAME,
      }}b.previous_month AS month,
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
SELECT * FROM added;

-- The latest day of each, and on how many it was there.
CREATE OR REPLACE TEMP TABLE latest AS
SELECT
  a.*, coalesce(l.days_seen, f.days_seen, 0) + n.days - coalesce(r.days, 0) AS days_seen
FROM added AS a
JOIN (
  SELECT arg_max(_row, day) AS _row, count(*) AS days FROM added GROUP BY _instance
) AS n ON n._row = a._row
LEFT JOIN (SELECT id, count(*) AS days FROM removed GROUP BY id) AS r ON r.id = a.id
LEFT JOIN instance_last AS l ON l.id = a.id
LEFT JOIN folded_instance AS f ON f.id = a.id;

SET VARIABLE since = (SELECT min(day) FROM latest);

-- What is kept of the latest heartbeat alone. Parts seldom change: only what does is written.
CREATE OR REPLACE TEMP TABLE last AS
SELECT l.*{{latest:, h.NAME}}{{parts:, h._parts_NAME}}
FROM latest AS l
LEFT JOIN (
  SELECT _row{{latest:, SQL AS NAME}}{{parts:, hash(COLUMNS_READ) AS _parts_NAME}}
  FROM {{heartbeats}}
  WHERE _received >= getvariable('since') AND _row IN (SELECT _row FROM latest)
) AS h ON h._row = l._row;
{{parts:
CREATE OR REPLACE TEMP TABLE moved_parts AS
SELECT c._instance, l._row
FROM changed AS c
LEFT JOIN last AS l ON l._instance = c._instance
LEFT JOIN instance_last AS b ON b.id = l.id
WHERE l._row IS NULL OR b.id IS NULL OR l._parts_NAME IS DISTINCT FROM b._parts_NAME;

DELETE FROM part
WHERE list = 'NAME' AND _instance IN (SELECT _instance FROM moved_parts);

INSERT INTO part
WITH lists AS (
  SELECT r.*, m._instance
  FROM (SELECT * FROM HEARTBEATS WHERE _received >= getvariable('since')) AS r
  JOIN moved_parts AS m ON m._row = r._row
)
SELECT 'NAME', member, name, version, items, amount, _instance
FROM (
SELECTED
);
}}
DELETE FROM instance_last WHERE id IN (SELECT id FROM changed);

INSERT INTO instance_last BY NAME
SELECT * FROM last;

-- What the rollups lose and gain.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT -1 AS sign, false AS _folded, * FROM removed
UNION ALL BY NAME
SELECT 1 AS sign, false AS _folded, * FROM added;
