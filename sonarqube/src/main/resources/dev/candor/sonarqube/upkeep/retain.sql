-- Folds the rows of single instances from before the day keep_from: they go, their sums stay. The
-- raw rows go after it. Of an instance that still pings, the first day and the number of days stay;
-- one that does not is forgotten.

-- Days up to this one were folded: what comes late for them does not change their sums.
SET VARIABLE folded = (SELECT max(day) FROM daily WHERE _folded AND instances > 0);

CREATE OR REPLACE TEMP TABLE removed AS
SELECT * FROM instance_day WHERE day < getvariable('keep_from');

CREATE OR REPLACE TEMP TABLE folded AS
SELECT
  * EXCLUDE (days_seen), CAST(sum(days_seen) OVER (PARTITION BY id) AS BIGINT) AS days_seen
FROM (
  SELECT * FROM folded_instance
  UNION ALL
  SELECT id, day, version, edition, database, previous_month, first_day, 1 FROM removed
)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY day DESC) = 1;

DELETE FROM instance_day WHERE day < getvariable('keep_from');

DELETE FROM plugin
WHERE _instance IN (SELECT _instance FROM instance_last WHERE day < getvariable('keep_from'));

DELETE FROM project_mix
WHERE _instance IN (SELECT _instance FROM instance_last WHERE day < getvariable('keep_from'));

DELETE FROM instance_last WHERE day < getvariable('keep_from');

DELETE FROM repeated WHERE _received < getvariable('keep_from');

DELETE FROM folded_instance;

INSERT INTO folded_instance
SELECT * FROM folded WHERE id IN (SELECT id FROM instance_last);

CREATE OR REPLACE TEMP TABLE moved AS
SELECT -1 AS sign, false AS _folded, * FROM removed
UNION ALL
SELECT 1 AS sign, true AS _folded, * FROM removed;

