-- title: Instances alive by week
-- question: How many instances pinged at least once in each week?
-- chart: lines x=week y=instances
SELECT
  CAST(date_trunc('week', day) AS DATE) AS week,
  count(DISTINCT id) AS instances,
  count(DISTINCT id) FILTER (first_day >= date_trunc('week', day)) AS new_instances
FROM instance_day
JOIN (SELECT id, first_day FROM instance) USING (id)
GROUP BY ALL
ORDER BY week
