-- title: Plugins that are behind
-- question: Which plugins are older on an instance than on another of this fleet?
-- chart: table
-- note: Compared with the newest version here, not with the newest that there is.
WITH loaded AS (
  SELECT id, plugin, version
  FROM plugin
  WHERE regexp_matches(version, '^[0-9]')
    AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
),
known AS (
  SELECT
    plugin, version,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9]+(\.[0-9]+)*'), '.')]
      AS numbers
  FROM (SELECT DISTINCT plugin, version FROM loaded)
),
newest AS (
  SELECT plugin, max(numbers) AS numbers, arg_max(version, numbers) AS newest
  FROM known
  GROUP BY plugin
)
SELECT l.id, l.plugin, l.version, n.newest
FROM loaded AS l
JOIN known AS k ON k.plugin = l.plugin AND k.version = l.version
JOIN newest AS n ON n.plugin = k.plugin AND k.numbers < n.numbers
ORDER BY l.plugin, l.id, l.version
