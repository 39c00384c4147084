-- title: Sizes of instances
-- question: How large are active instances, in users, projects and lines of code?
-- chart: table
-- counts: instances
-- single: smallest p99 largest total
SELECT
  measure, count(n) AS instances, min(n) AS smallest, quantile_disc(n, 0.25) AS p25,
  quantile_disc(n, 0.5) AS median, quantile_disc(n, 0.75) AS p75, quantile_disc(n, 0.9) AS p90,
  quantile_disc(n, 0.99) AS p99, max(n) AS largest, CAST(sum(n) AS BIGINT) AS total
FROM (
  SELECT 'users' AS measure, users AS n FROM instance WHERE state = 'active'
  UNION ALL SELECT 'projects', projects FROM instance WHERE state = 'active'
  UNION ALL SELECT 'lines of code', loc FROM instance WHERE state = 'active'
)
GROUP BY measure
ORDER BY CASE measure WHEN 'users' THEN 1 WHEN 'projects' THEN 2 ELSE 3 END
