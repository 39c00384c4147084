-- title: Instances alive by week
-- question: How many instances pinged at least once in each week?
-- chart: lines x=week y=instances,new_instances
-- counts: instances new_instances
SELECT
  CAST(date_trunc('week', day) AS DATE) AS week,
  count(DISTINCT id) AS instances,
  count(DISTINCT id) FILTER (first_day >= date_trunc('week', day)) AS new_instances
FROM (SELECT id, day, min(day) OVER (PARTITION BY id) AS first_day FROM instance_day)
GROUP BY ALL
ORDER BY week
