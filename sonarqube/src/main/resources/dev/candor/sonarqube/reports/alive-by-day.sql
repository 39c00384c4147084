-- title: Instances alive by day
-- question: How many instances pinged at least once in each day?
-- chart: lines x=day y=instances,new_instances
-- counts: instances new_instances
-- note: Counts instances whose ping was received; one that is switched off or cannot reach this address is not seen.
SELECT
  CAST(date_trunc('day', day) AS DATE) AS day,
  count(DISTINCT id) AS instances,
  count(DISTINCT id) FILTER (first_day >= date_trunc('day', day)) AS new_instances
FROM (SELECT id, day, min(day) OVER (PARTITION BY id) AS first_day FROM instance_day)
GROUP BY ALL
ORDER BY day
