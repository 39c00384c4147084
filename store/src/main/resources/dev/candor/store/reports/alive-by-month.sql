-- title: Instances alive by month
-- question: How many instances pinged at least once in each month?
-- chart: lines x=month y=instances,new_instances
-- counts: instances new_instances
-- note: The last month may not be over. Filters go by the facts of an instance's latest ping in the month, and by the day on which the month begins.
SELECT
  day AS month, CAST(sum(instances) AS BIGINT) AS instances,
  CAST(coalesce(sum(instances) FILTER (day = joined), 0) AS BIGINT) AS new_instances
FROM monthly
GROUP BY day
HAVING sum(instances) > 0
ORDER BY day
