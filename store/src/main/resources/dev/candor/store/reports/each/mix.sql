-- title: TITLE
-- question: TITLE: how many active instances have which?
-- chart: bars x=NAME y=instances
-- counts: instances
-- sums: instances percent
-- note: DESCRIPTION
SELECT coalesce(CAST(NAME AS VARCHAR), 'unknown') AS NAME, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, NAME
