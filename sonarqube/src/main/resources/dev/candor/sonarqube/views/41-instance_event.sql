-- What happened to an instance, by day: new, returning, upgraded, opted-out.
SELECT
  id, day, 'new' AS event, CAST(NULL AS VARCHAR) AS version_before, version
FROM instance_day
WHERE day = first_day
UNION ALL
SELECT id, day, 'returning', previous_version, version
FROM instance_day
WHERE day - previous_day >= 8
UNION ALL
SELECT id, day, 'upgraded', previous_version, version
FROM instance_day
WHERE version <> previous_version
  AND [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9.]+'), '.')]
    > [
      try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(previous_version, '^[0-9.]+'), '.')
    ]
UNION ALL
SELECT id, day, 'opted-out', NULL, NULL
FROM opt_out
