-- title: Instances alive by month
-- question: How many instances pinged at least once in each month?
-- chart: lines x=month y=instances
SELECT
  CAST(date_trunc('month', day) AS DATE) AS month,
  count(DISTINCT id) AS instances,
  count(DISTINCT id) FILTER (first_day >= date_trunc('month', day)) AS new_instances
FROM instance_day
JOIN (SELECT id, first_day FROM instance) USING (id)
GROUP BY ALL
ORDER BY month
