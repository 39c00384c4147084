-- title: Instances alive by day
-- question: How many instances pinged at least once in each day, and how many in the 8 days that end with it?
-- chart: lines x=day y=active_instances,instances,new_instances
-- counts: instances new_instances active_instances
-- parts: none
-- note: Counts instances whose ping was received; one that is switched off or cannot reach this address is not seen. Filters go by the facts that an instance had on the day.
SELECT
  day, CAST(sum(instances) AS BIGINT) AS instances,
  CAST(sum(new_instances) AS BIGINT) AS new_instances,
  CAST(sum(active_instances) AS BIGINT) AS active_instances
FROM daily
WHERE day <= (SELECT day FROM as_of)
GROUP BY day
HAVING sum(active_instances) > 0
ORDER BY day
