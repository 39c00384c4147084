-- title: Retention
-- question: Of the instances that were new in a month, how many percent pinged so many months later?
-- chart: heat x=months y=month value=percent
-- counts: instances
-- note: The month of the latest receipt is not over, so the last value of each row is too low. Filters go by the facts of an instance's latest ping in each month; a range of days picks those that were new in it.
SELECT
  month, months, CAST(instances AS BIGINT) AS instances, CAST(still_here AS BIGINT) AS still_here,
  round(100.0 * still_here / instances, 1) AS percent
FROM (
  SELECT
    joined AS month, date_diff('month', joined, day) AS months, sum(instances) AS still_here,
    max(sum(instances) FILTER (day = joined)) OVER (PARTITION BY joined) AS instances
  FROM monthly
  GROUP BY joined, day
  HAVING sum(instances) > 0
)
WHERE instances > 0
ORDER BY month, months
