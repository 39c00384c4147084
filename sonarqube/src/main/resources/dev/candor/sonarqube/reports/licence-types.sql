-- title: Licence types
-- question: Which types of licence do active instances have?
-- chart: bars x=licence_type y=instances
-- counts: instances
-- sums: instances percent
SELECT coalesce(licence_type, 'none') AS licence_type, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, licence_type
