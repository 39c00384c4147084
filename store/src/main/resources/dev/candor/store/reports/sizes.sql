-- title: Sizes of instances
-- question: How large are active instances?
-- chart: table
-- counts: instances
-- single: smallest p99 largest total
-- note: By the latest message of each active instance that tells the measure.
SELECT
  measure, instances, smallest, part[1] AS p25, part[2] AS median, part[3] AS p75, part[4] AS p90,
  part[5] AS p99, largest, total
FROM (
  SELECT
    place, measure, count(n) AS instances, min(n) AS smallest,
    quantile_disc(n, [0.25, 0.5, 0.75, 0.9, 0.99]) AS part, max(n) AS largest, sum(n) AS total
  FROM (
{{measures}}  )
  GROUP BY place, measure
)
ORDER BY place
