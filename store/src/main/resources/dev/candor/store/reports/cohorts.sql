-- title: Instances by month
-- question: In each month, how many instances are new, came back, stayed, fell silent or opted out?
-- chart: bars x=month y=retained,new_instances,returning_instances,silent,opted_out
-- counts: instances new_instances retained returning_instances silent opted_out
-- note: The month of the latest receipt is not over, so its silent is too high. Filters go by the facts of an instance's latest ping in the month, silent by that of the month before; opted out goes by days alone.
WITH here AS (
  SELECT
    day AS month, sum(instances) AS instances,
    coalesce(sum(instances) FILTER (day = joined), 0) AS new_instances,
    sum(retained) AS retained
  FROM monthly
  GROUP BY day
  HAVING sum(instances) > 0
),
gap AS (
  SELECT CAST(day + INTERVAL 1 MONTH AS DATE) AS month, sum(instances) - sum(stayed) AS silent
  FROM monthly
  GROUP BY day
),
off AS (
  SELECT CAST(date_trunc('month', day) AS DATE) AS month, count(DISTINCT id) AS opted_out
  FROM opt_out
  GROUP BY ALL
)
SELECT
  month, CAST(coalesce(instances, 0) AS BIGINT) AS instances,
  CAST(coalesce(new_instances, 0) AS BIGINT) AS new_instances,
  CAST(coalesce(retained, 0) AS BIGINT) AS retained,
  CAST(coalesce(instances - new_instances - retained, 0) AS BIGINT) AS returning_instances,
  CAST(
    -- Of the month before a range of days nothing is known.
    CASE WHEN month - INTERVAL 1 MONTH < getvariable('filter_from') THEN silent ELSE coalesce(silent, 0) END
    AS BIGINT
  ) AS silent,
  coalesce(opted_out, 0) AS opted_out
FROM here
FULL JOIN gap USING (month)
FULL JOIN off USING (month)
WHERE month <= (SELECT day FROM as_of)
  AND (instances > 0 OR silent > 0 OR opted_out > 0)
  AND month >= coalesce(getvariable('filter_from'), month)
  AND month <= coalesce(getvariable('filter_to'), month)
ORDER BY month
