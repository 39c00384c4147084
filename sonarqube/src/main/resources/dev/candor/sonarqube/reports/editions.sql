-- title: Editions
-- question: Which editions do active instances run?
-- chart: bars x=edition y=instances
-- counts: instances
-- sums: instances percent
SELECT coalesce(edition, 'unknown') AS edition, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, edition
