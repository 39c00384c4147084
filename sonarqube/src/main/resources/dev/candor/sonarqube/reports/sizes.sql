-- title: Sizes of instances
-- question: How large are active instances, in users, projects and lines of code?
-- chart: table
-- counts: instances
-- single: smallest p99 largest total
SELECT
  measure, instances, smallest, part[1] AS p25, part[2] AS median, part[3] AS p75, part[4] AS p90,
  part[5] AS p99, largest, total
FROM (
  SELECT
    measure, count(n) AS instances, min(n) AS smallest,
    quantile_disc(n, [0.25, 0.5, 0.75, 0.9, 0.99]) AS part, max(n) AS largest,
    coalesce(try_cast(sum(n) AS BIGINT), 9223372036854775807 * sign(sum(n))) AS total
  FROM (
    SELECT 'users' AS measure, users AS n FROM instance WHERE state = 'active'
    UNION ALL SELECT 'projects', projects FROM instance WHERE state = 'active'
    UNION ALL SELECT 'lines of code', loc FROM instance WHERE state = 'active'
  )
  GROUP BY measure
)
ORDER BY CASE measure WHEN 'users' THEN 1 WHEN 'projects' THEN 2 ELSE 3 END
