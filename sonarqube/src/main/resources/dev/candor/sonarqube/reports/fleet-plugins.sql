-- title: Plugins that are behind
-- question: Which plugins are older on an instance than on another of this fleet?
-- chart: table
-- note: Compared with the newest version here, not with the newest that there is. At most 10,000 rows.
WITH active AS (SELECT _instance, id FROM instance WHERE state = 'active'),
known AS (
  SELECT
    plugin, version, instances,
    [try_cast(n AS BIGINT) FOR n IN string_split(regexp_extract(version, '^[0-9]+(\.[0-9]+)*'), '.')]
      AS numbers
  FROM (
    SELECT plugin, version, count(*) AS instances
    FROM plugin
    WHERE _instance IN (SELECT _instance FROM active)
    GROUP BY ALL
  )
  WHERE regexp_matches(version, '^[0-9]')
),
behind AS (
  SELECT
    k.plugin, k.version, n.newest,
    -- How many rows there are of the plugins that come before: those past the limit are not read.
    sum(k.instances) OVER (ORDER BY k.plugin)
      - sum(k.instances) OVER (PARTITION BY k.plugin) AS rows_before
  FROM known AS k
  JOIN (
    SELECT plugin, max(numbers) AS numbers, arg_max(version, numbers) AS newest
    FROM known
    GROUP BY plugin
  ) AS n ON n.plugin = k.plugin AND k.numbers < n.numbers
)
SELECT a.id, p.plugin, p.version, b.newest
FROM behind AS b
JOIN plugin AS p ON p.plugin = b.plugin AND p.version = b.version
JOIN active AS a ON a._instance = p._instance
WHERE b.rows_before < 10000
ORDER BY p.plugin, a.id, p.version
LIMIT 10000
