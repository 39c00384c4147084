-- title: Plugins
-- question: Which plugins, in which versions, do active instances load?
-- chart: bars x=plugin y=instances series=version
-- counts: instances
-- note: Of active instances, by their latest ping.
SELECT
  plugin, coalesce(version, 'unknown') AS version, count(DISTINCT id) AS instances,
  round(100.0 * count(DISTINCT id) / nullif((SELECT count(*) FROM instance WHERE state = 'active'), 0), 1)
    AS percent
FROM plugin
WHERE plugin IS NOT NULL AND id IN (SELECT id FROM instance WHERE state = 'active')
GROUP BY ALL
ORDER BY instances DESC, plugin, version
