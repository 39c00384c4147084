-- The day that all states refer to: the day of the last receipt, so that reports can be repeated.
SELECT CAST(max(r) AS DATE) AS day
FROM (
  SELECT max(_received) AS r FROM instance_last
  UNION ALL SELECT max(_received) FROM raw_metrics
  UNION ALL SELECT max(_received) FROM raw_opt_out
)
