-- The timeline's tables, which are kept up to date as messages come, because every report reads
-- them. This runs when they have changed; they are filled anew from the raw messages then. What
-- was folded (retain.sql) has no raw messages any more and stays as it is.

-- One row for each instance and day on which its heartbeat came, from the day's latest, and from
-- its day before: so each row says by itself what it adds to the rollups. Eventful is a day that
-- instance_event may have to tell of. _instance is a number for the id, quicker to look for.
CREATE OR REPLACE TABLE instance_day (
  id VARCHAR, day DATE, version VARCHAR, release VARCHAR, {{daily:NAME TYPE, }}
  first_day DATE, previous_day DATE, previous_version VARCHAR, {{filters:previous_NAME TYPE, }}
  previous_month DATE, previous_received TIMESTAMP, eventful BOOLEAN,
  _received TIMESTAMP, _row BIGINT, _instance BIGINT
);

-- Each instance: its latest row of instance_day, on how many days it was there, what is kept of its
-- latest heartbeat alone, and hashes of the lists that its parts come from.
CREATE OR REPLACE TABLE instance_last AS
SELECT
  *, CAST(0 AS BIGINT) AS days_seen{{latest:, CAST(NULL AS TYPE) AS NAME}}{{parts:, CAST(NULL AS UBIGINT) AS _parts_NAME}}
FROM instance_day;

-- The parts of each instance by its latest heartbeat: of which list, which of its items' members,
-- the word and the version that stand there, how many items do, and the sum of a count of theirs.
CREATE OR REPLACE TABLE part (
  list VARCHAR, member VARCHAR, name VARCHAR, version VARCHAR, items BIGINT, amount HUGEINT,
  _instance BIGINT
);

-- The heartbeats that came again within seven days (docs/definitions.md, "One ping").
CREATE OR REPLACE TABLE repeated (id VARCHAR, _received TIMESTAMP);

-- When the latest message of each kind was received.
CREATE OR REPLACE TABLE latest_receipt (message VARCHAR, received TIMESTAMP);
INSERT INTO latest_receipt (message) VALUES {{messages}};

-- The last row of instance_day of each instance that was folded, for what comes after it.
CREATE TABLE IF NOT EXISTS folded_instance (
  id VARCHAR, day DATE, version VARCHAR, previous_month DATE, first_day DATE, days_seen BIGINT
);
{{filters:ALTER TABLE folded_instance ADD COLUMN IF NOT EXISTS NAME TYPE;
}}
-- Rollups by day, and by the dimensions that instances had on it. active_instances were there in
-- the 8 days that end with the day, and count with their latest dimensions; moved_instances came
-- from an older release; all else is of those that were there on the day.
CREATE TABLE IF NOT EXISTS daily (
  day DATE, release VARCHAR, instances BIGINT, new_instances BIGINT, returning_instances BIGINT,
  moved_instances BIGINT, active_instances BIGINT, _folded BOOLEAN
);
{{filters:ALTER TABLE daily ADD COLUMN IF NOT EXISTS NAME TYPE;
}}-- Anybody may send counts up to their bounds: no sum of them may pass its column's type. Tables that
-- an older version made have narrower ones.
{{sums:ALTER TABLE daily ADD COLUMN IF NOT EXISTS NAME TYPE;
ALTER TABLE daily ALTER NAME SET DATA type TYPE;
}}
-- Instances by week, with the dimensions of their latest heartbeat in it; day is its Monday.
CREATE TABLE IF NOT EXISTS weekly (
  day DATE, release VARCHAR, instances BIGINT, new_instances BIGINT, _folded BOOLEAN
);
{{filters:ALTER TABLE weekly ADD COLUMN IF NOT EXISTS NAME TYPE;
}}
-- Instances by month, and by the month in which each was new; day is the first of the month.
-- Retained ones were there in the month before, stayed ones in the month after.
CREATE TABLE IF NOT EXISTS monthly (
  day DATE, joined DATE, release VARCHAR, instances BIGINT, retained BIGINT, stayed BIGINT,
  _folded BOOLEAN
);
{{filters:ALTER TABLE monthly ADD COLUMN IF NOT EXISTS NAME TYPE;
}}
DELETE FROM daily WHERE NOT _folded;
DELETE FROM weekly WHERE NOT _folded;
DELETE FROM monthly WHERE NOT _folded;
