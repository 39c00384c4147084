-- title: Containers
-- question: How many active instances run in a container?
-- chart: bars x=docker y=instances
-- counts: instances
-- sums: instances percent
SELECT CASE docker WHEN true THEN 'container' WHEN false THEN 'no container' ELSE 'unknown' END AS docker, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, docker
