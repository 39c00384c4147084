-- title: Databases
-- question: Which databases, in which major versions, are behind active instances?
-- chart: bars x=database y=instances series=version
-- counts: instances
-- sums: instances percent
SELECT
  coalesce(database, 'unknown') AS database,
  coalesce(regexp_extract(database_version, '^[0-9]+'), 'unknown') AS version,
  count(*) AS instances,
  round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, database, version
