-- What happened to an instance, by day: new, returning, upgraded, opted-out.
SELECT
  id, day, unnest(list_filter([
    if(day = first_day, 'new', NULL),
    if(day - previous_day >= 8, 'returning', NULL),
    CASE
      WHEN version <> previous_version
        AND [
            try_cast(n AS BIGINT)
            FOR n IN regexp_extract_all(regexp_extract(version, '^v?[0-9._]+'), '[0-9]+')
          ] > [
            try_cast(n AS BIGINT)
            FOR n IN regexp_extract_all(regexp_extract(previous_version, '^v?[0-9._]+'), '[0-9]+')
          ]
        THEN 'upgraded'
    END
  ], lambda e: e IS NOT NULL)) AS event,
  previous_version AS version_before, version, _instance
FROM instance_day
WHERE eventful
UNION ALL
SELECT o.id, o.day, 'opted-out', NULL, NULL, l._instance
FROM opt_out AS o
LEFT JOIN instance_last AS l ON l.id = o.id
