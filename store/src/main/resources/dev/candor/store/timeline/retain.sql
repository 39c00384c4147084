-- Folds the rows of single instances from before the day keep_from: they go, their rollups stay.
-- The raw rows go after it. Of an instance that is still there, the first day and the number of
-- days stay; one that is not is forgotten.

-- Days up to this one were folded: what comes late for them does not change their rollups.
SET VARIABLE folded = (SELECT max(day) FROM daily WHERE _folded AND instances > 0);

CREATE OR REPLACE TEMP TABLE removed AS
SELECT * FROM instance_day WHERE day < getvariable('keep_from');

CREATE OR REPLACE TEMP TABLE folded AS
SELECT
  * EXCLUDE (days_seen), CAST(sum(days_seen) OVER (PARTITION BY id) AS BIGINT) AS days_seen
FROM (
  SELECT * FROM folded_instance
  UNION ALL BY NAME
  SELECT id, day, version, {{filters:NAME, }}previous_month, first_day, 1 AS days_seen FROM removed
)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY day DESC) = 1;

DELETE FROM instance_day WHERE day < getvariable('keep_from');

DELETE FROM part
WHERE _instance IN (SELECT _instance FROM instance_last WHERE day < getvariable('keep_from'));

DELETE FROM instance_last WHERE day < getvariable('keep_from');

DELETE FROM repeated WHERE _received < getvariable('keep_from');

DELETE FROM folded_instance;

INSERT INTO folded_instance BY NAME
SELECT * FROM folded WHERE id IN (SELECT id FROM instance_last);

CREATE OR REPLACE TEMP TABLE moved AS
SELECT -1 AS sign, false AS _folded, * FROM removed
UNION ALL
SELECT 1 AS sign, true AS _folded, * FROM removed;
