-- title: Instances alive by month
-- question: How many instances pinged at least once in each month?
-- chart: lines x=month y=instances,new_instances
-- counts: instances new_instances
SELECT
  CAST(date_trunc('month', day) AS DATE) AS month,
  count(DISTINCT id) AS instances,
  count(DISTINCT id) FILTER (first_day >= date_trunc('month', day)) AS new_instances
FROM (SELECT id, day, min(day) OVER (PARTITION BY id) AS first_day FROM instance_day)
GROUP BY ALL
ORDER BY month
