-- What happened to an instance, by day: new, returning, upgraded, opted-out.
WITH step AS (
  SELECT
    id, day, version,
    lag(day) OVER w AS before,
    lag(version) OVER w AS version_before
  FROM instance_day
  WINDOW w AS (PARTITION BY id ORDER BY day)
),
number AS (
  SELECT
    *,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9.]+'), '.')] AS v,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version_before, '^[0-9.]+'), '.')] AS b
  FROM step
)
SELECT id, day, 'new' AS event FROM number WHERE before IS NULL
UNION ALL SELECT id, day, 'returning' FROM number WHERE day - before >= 8
UNION ALL SELECT id, day, 'upgraded' FROM number WHERE v > b
UNION ALL SELECT id, day, 'opted-out' FROM opt_out
