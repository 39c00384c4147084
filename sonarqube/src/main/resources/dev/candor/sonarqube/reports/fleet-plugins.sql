-- title: Plugins that are behind
-- question: Which plugins are older on an instance than on another of this fleet?
-- chart: table
-- note: Compared with the newest version here, not with the newest that there is.
WITH loaded AS (
  SELECT
    id, plugin, version,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9]+(\.[0-9]+)*'), '.')]
      AS numbers
  FROM plugin
  WHERE regexp_matches(version, '^[0-9]') AND id IN (SELECT id FROM instance WHERE state = 'active')
),
newest AS (
  SELECT plugin, max(numbers) AS numbers, arg_max(version, numbers) AS newest
  FROM loaded
  GROUP BY plugin
)
SELECT l.id, l.plugin, l.version, n.newest
FROM loaded AS l
JOIN newest AS n ON n.plugin = l.plugin AND l.numbers < n.numbers
ORDER BY l.plugin, l.id, l.version
