-- Tables that are kept up to date as messages come, because every report reads them. The loader
-- runs this file when it or a script beside it has changed, and fills the tables anew from the raw
-- ones. What was folded (retain.sql) has no raw rows any more and stays as it is.

-- One row for each instance and day on which it pinged, from the day's latest ping, and from its
-- day before: so each row says by itself what it adds to the sums below. _instance is a number for
-- the id, quicker to look for.
CREATE OR REPLACE TABLE instance_day (
  id VARCHAR, day DATE, version VARCHAR, release VARCHAR, edition VARCHAR, licence_type VARCHAR,
  database VARCHAR, database_version VARCHAR, docker BOOLEAN, first_version VARCHAR,
  installed DATE, users BIGINT, projects BIGINT, loc BIGINT, plugins BIGINT,
  active_users_1 BIGINT, active_users_7 BIGINT, active_users_30 BIGINT,
  sonarlint_users_1 BIGINT, sonarlint_users_7 BIGINT, sonarlint_users_30 BIGINT,
  inactive_users_90 BIGINT, never_active_users BIGINT,
  first_day DATE, previous_day DATE, previous_version VARCHAR, previous_edition VARCHAR,
  previous_database VARCHAR, previous_month DATE,
  _received TIMESTAMP, _row BIGINT, _instance BIGINT
);

-- Each instance: its latest row of instance_day, on how many days it pinged, and hashes of the
-- lists that the two tables below are counted from.
CREATE OR REPLACE TABLE instance_last AS
SELECT
  *, CAST(0 AS BIGINT) AS days_seen,
  CAST(NULL AS UBIGINT) AS _plugins, CAST(NULL AS UBIGINT) AS _mix
FROM instance_day;

-- The plugins of each instance, from its latest ping.
CREATE OR REPLACE TABLE plugin (plugin VARCHAR, version VARCHAR, _instance BIGINT);

-- Of each instance's latest ping: how many projects and lines of code there are of each value of
-- language, ci, scm and devops_platform.
CREATE OR REPLACE TABLE project_mix (
  kind VARCHAR, value VARCHAR, projects BIGINT, loc BIGINT, _instance BIGINT
);

-- When the latest message of each kind was received.
CREATE OR REPLACE TABLE latest_receipt (message VARCHAR, received TIMESTAMP);
INSERT INTO latest_receipt (message) VALUES ('ping'), ('metrics'), ('opt-out');

-- The last row of instance_day of each instance that was folded, for what comes after it.
CREATE TABLE IF NOT EXISTS folded_instance (
  id VARCHAR, day DATE, version VARCHAR, edition VARCHAR, database VARCHAR, previous_month DATE,
  first_day DATE, days_seen BIGINT
);

-- Sums by day, and by the facts that instances had on it. active_instances pinged in the 8 days
-- that end with the day, and count with the facts of their latest ping; moved_instances came from
-- an older release; all else is of those that pinged on the day.
CREATE TABLE IF NOT EXISTS daily (
  day DATE, release VARCHAR, edition VARCHAR, database VARCHAR, instances BIGINT,
  new_instances BIGINT, returning_instances BIGINT, moved_instances BIGINT,
  active_instances BIGINT, users BIGINT, active_users_1 BIGINT, active_users_30 BIGINT,
  sonarlint_users_1 BIGINT, sonarlint_users_30 BIGINT, projects BIGINT, loc BIGINT,
  _folded BOOLEAN
);

-- Instances by week, with the facts of their latest ping in it; day is its Monday.
CREATE TABLE IF NOT EXISTS weekly (
  day DATE, release VARCHAR, edition VARCHAR, database VARCHAR, instances BIGINT,
  new_instances BIGINT, _folded BOOLEAN
);

-- Instances by month, and by the month in which each was new; day is the first of the month.
-- Retained ones pinged in the month before, stayed ones in the month after.
CREATE TABLE IF NOT EXISTS monthly (
  day DATE, joined DATE, release VARCHAR, edition VARCHAR, database VARCHAR, instances BIGINT,
  retained BIGINT, stayed BIGINT, _folded BOOLEAN
);

DELETE FROM daily WHERE NOT _folded;
DELETE FROM weekly WHERE NOT _folded;
DELETE FROM monthly WHERE NOT _folded;
