-- title: Plugins
-- question: Which plugins, in which versions, do active instances load?
-- chart: bars x=plugin y=instances series=version
-- counts: instances
-- sums: instances percent
-- within: plugin
-- note: Of active instances, by their latest ping.
SELECT
  plugin, coalesce(version, 'unknown') AS version, count(*) AS instances,
  round(100.0 * count(*) / (SELECT count(*) FROM instance WHERE state = 'active'), 1) AS percent
FROM plugin
WHERE plugin IS NOT NULL
  AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY instances DESC, plugin, version
