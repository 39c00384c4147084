-- title: Instances by month
-- question: In each month, how many instances are new, came back, stayed, fell silent or opted out?
-- chart: bars x=month y=retained,new_instances,returning_instances,silent,opted_out
-- counts: instances new_instances retained returning_instances silent opted_out
-- note: The month of the latest receipt is not over, so its silent is too high.
WITH month AS (
  SELECT DISTINCT id, CAST(date_trunc('month', day) AS DATE) AS month FROM instance_day
),
place AS (
  SELECT
    id, month,
    lag(month) OVER (PARTITION BY id ORDER BY month) AS before,
    lead(month) OVER (PARTITION BY id ORDER BY month) AS after
  FROM month
),
off AS (
  SELECT CAST(date_trunc('month', day) AS DATE) AS month, count(DISTINCT id) AS opted_out
  FROM opt_out
  GROUP BY ALL
),
-- silent: pinged in the month before and not in this one
gap AS (
  SELECT CAST(month + INTERVAL 1 MONTH AS DATE) AS month, count(*) AS silent
  FROM place
  WHERE after IS NULL OR after > month + INTERVAL 1 MONTH
  GROUP BY ALL
),
here AS (
  SELECT
    month,
    count(*) AS instances,
    count(*) FILTER (before IS NULL) AS new_instances,
    count(*) FILTER (before = month - INTERVAL 1 MONTH) AS retained,
    count(*) FILTER (before < month - INTERVAL 1 MONTH) AS returning_instances
  FROM place
  GROUP BY month
)
SELECT
  month, coalesce(instances, 0) AS instances, coalesce(new_instances, 0) AS new_instances,
  coalesce(retained, 0) AS retained, coalesce(returning_instances, 0) AS returning_instances,
  coalesce(silent, 0) AS silent, coalesce(opted_out, 0) AS opted_out
FROM here
FULL JOIN gap USING (month)
FULL JOIN off USING (month)
WHERE month <= (SELECT day FROM as_of)
ORDER BY month
