-- title: Plugins that are behind
-- question: Which plugins are older on an instance than on another of this fleet?
-- chart: table
-- note: Compared with the newest version here, not with the newest that there is. At most 10,000 rows.
WITH loaded AS (
  SELECT i.id, p.plugin, p.version
  FROM plugin AS p
  JOIN instance AS i ON i._instance = p._instance AND i.state = 'active'
),
known AS (
  SELECT
    plugin, version,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9]+(\.[0-9]+)*'), '.')]
      AS numbers
  FROM (SELECT DISTINCT plugin, version FROM loaded)
  WHERE regexp_matches(version, '^[0-9]')
),
newest AS (
  SELECT plugin, max(numbers) AS numbers, arg_max(version, numbers) AS newest
  FROM known
  GROUP BY plugin
)
SELECT l.id, l.plugin, l.version, n.newest
FROM known AS k
JOIN newest AS n ON n.plugin = k.plugin AND k.numbers < n.numbers
JOIN loaded AS l ON l.plugin = k.plugin AND l.version = k.version
ORDER BY l.plugin, l.id, l.version
LIMIT 10000
