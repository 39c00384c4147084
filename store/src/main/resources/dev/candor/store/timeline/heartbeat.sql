-- Brings the timeline up to date after heartbeats have come: those with a _row from first_row on.
-- Here: which days of which instances change. apply.sql and rollups.sql go on from there.

-- A heartbeat can change its own day, and take back what it repeats, which is at most seven days
-- older.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT
  r.{{id}} AS id, CAST(min(r._received) AS DATE) - 7 AS since,
  CAST(max(r._received) AS DATE) AS until, any_value(l._instance) AS _instance
FROM {{raw}} AS r
LEFT JOIN instance_last AS l ON l.id = r.{{id}}
WHERE r._row >= getvariable('first_row')
GROUP BY r.{{id}};

SET VARIABLE since = (SELECT min(since) FROM touched);
SET VARIABLE until = (SELECT max(until) FROM touched);
-- Days up to this one were folded: what comes late for them does not change their rollups.
SET VARIABLE folded = (SELECT max(day) FROM daily WHERE _folded AND instances > 0);

-- Their heartbeats, and whether each came again (docs/definitions.md, "One ping").
CREATE OR REPLACE TEMP TABLE came AS
SELECT
  id, CAST(_received AS DATE) AS day, _received, _row,
  coalesce(again <= _received + INTERVAL 7 DAY, false) AS repeated
FROM (
  SELECT
    r.{{id}} AS id, r._received, r._row, t.since, t.until,
    lead(r._received) OVER (PARTITION BY r.{{id}}, {{same}} ORDER BY r._received, r._row) AS again
  FROM {{raw}} AS r
  JOIN touched AS t ON t.id = r.{{id}}
  WHERE r._received >= getvariable('since')
    AND r._received < getvariable('until') + INTERVAL 8 DAY
)
WHERE CAST(_received AS DATE) BETWEEN since AND until;

DELETE FROM repeated AS r
USING touched AS t
WHERE r.id = t.id AND CAST(r._received AS DATE) BETWEEN t.since AND t.until;

INSERT INTO repeated
SELECT id, _received FROM came WHERE repeated;

-- For each instance and day the latest heartbeat that counts.
CREATE OR REPLACE TEMP TABLE winner AS
SELECT id, day, arg_max(_row, (_received, _row)) AS _row
FROM came
WHERE NOT repeated
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE change AS
SELECT id, day, o._row AS old_row, w._row AS new_row
FROM winner AS w
FULL JOIN (
  SELECT t.id, d.day, d._row
  FROM instance_day AS d
  JOIN touched AS t ON t._instance = d._instance AND d.day BETWEEN t.since AND t.until
  WHERE d.day BETWEEN getvariable('since') AND getvariable('until')
) AS o USING (id, day)
WHERE o._row IS DISTINCT FROM w._row;
