-- title: Versions over time
-- question: Which releases were in use on each day?
-- chart: area x=day y=active_instances series=release
-- counts: active_instances instances
-- sums: active_instances instances
-- within: day
-- note: On each day an instance counts with its latest ping of the 8 days that end with it; the column instances counts those that pinged on the very day.
SELECT
  day, coalesce(nullif(release, ''), 'unknown') AS release,
  CAST(sum(active_instances) AS BIGINT) AS active_instances,
  CAST(sum(instances) AS BIGINT) AS instances
FROM daily
WHERE day <= (SELECT day FROM as_of)
GROUP BY ALL
HAVING sum(active_instances) > 0
ORDER BY day, release
