-- title: Instances alive by week
-- question: How many instances pinged at least once in each week?
-- chart: lines x=week y=instances,new_instances
-- counts: instances new_instances
-- note: The last week may not be over. Filters go by the facts of an instance's latest ping in the week, and by the day on which the week begins.
SELECT
  day AS week, CAST(sum(instances) AS BIGINT) AS instances,
  CAST(sum(new_instances) AS BIGINT) AS new_instances
FROM weekly
GROUP BY day
HAVING sum(instances) > 0
ORDER BY day
