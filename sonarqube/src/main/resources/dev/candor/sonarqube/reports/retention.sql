-- title: Retention
-- question: Of the instances that were new in a month, how many percent pinged so many months later?
-- chart: heat x=months y=month value=percent
-- counts: instances
-- note: The month of the latest receipt is not over, so the last value of each row is too low.
WITH month AS (
  SELECT DISTINCT id, CAST(date_trunc('month', day) AS DATE) AS month FROM instance_day
),
first AS (
  SELECT id, min(month) AS month FROM month GROUP BY id
),
size AS (
  SELECT month, count(*) AS instances FROM first GROUP BY month
)
SELECT
  f.month, CAST(date_diff('month', f.month, m.month) AS BIGINT) AS months, any_value(s.instances) AS instances,
  count(*) AS still_here, round(100.0 * count(*) / any_value(s.instances), 1) AS percent
FROM first AS f
JOIN month AS m USING (id)
JOIN size AS s ON s.month = f.month
GROUP BY f.month, months
ORDER BY f.month, months
