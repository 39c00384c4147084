-- Tables that are kept up to date as messages come, because every report reads them. The loader
-- runs this file when it or ping.sql has changed, and fills the tables anew from the raw ones.

-- One row for each instance and day on which it pinged, from the day's latest ping.
CREATE OR REPLACE TABLE instance_day (
  id VARCHAR, day DATE, version VARCHAR, release VARCHAR, edition VARCHAR, licence_type VARCHAR,
  database VARCHAR, database_version VARCHAR, docker BOOLEAN, first_version VARCHAR,
  installed DATE, users BIGINT, projects BIGINT, loc BIGINT, plugins BIGINT, _received TIMESTAMP,
  _row BIGINT
);

-- Each instance: its first day, on how many days it pinged, and its latest row of instance_day.
CREATE OR REPLACE TABLE instance_last AS
SELECT *, day AS first_day, CAST(0 AS BIGINT) AS days_seen FROM instance_day;

-- The latest ping of each instance, as it came.
CREATE OR REPLACE TABLE ping_latest AS
SELECT *, CAST(_received AS DATE) AS day FROM raw_ping LIMIT 0;
