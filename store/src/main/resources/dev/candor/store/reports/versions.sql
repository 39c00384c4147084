-- title: Versions
-- question: Which versions do active instances run?
-- chart: bars x=version y=instances
-- counts: instances
-- sums: instances percent
SELECT coalesce(version, 'unknown') AS version, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, version
