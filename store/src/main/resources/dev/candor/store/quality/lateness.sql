-- title: Late pings
-- question: How long after the instance’s ping before did the pings of the last 28 days come?
-- chart: bars x=gap y=pings
-- counts: instances
-- filters: days
-- note: Of the latest ping of each day, repeats left out. Late is more than 25 hours: the instance was off, could not reach this address, or sends less often than daily. Less than 23 hours is a restart.
WITH gap AS (
  SELECT _instance, date_diff('second', previous_received, _received) / 3600.0 AS hours
  FROM instance_day
  WHERE day >= (SELECT CAST(received AS DATE) - 27 FROM last_message)
),
bin AS (
  SELECT
    CASE
      WHEN hours < 23 THEN 1
      WHEN hours <= 25 THEN 2
      WHEN hours <= 48 THEN 3
      WHEN hours <= 192 THEN 4
      ELSE 5
    END AS bin,
    _instance, count(*) AS pings
  FROM gap
  GROUP BY ALL
)
SELECT
  CASE bin
    WHEN 1 THEN 'less than 23 hours'
    WHEN 2 THEN 'on time: 23 to 25 hours'
    WHEN 3 THEN 'late: up to 2 days'
    WHEN 4 THEN 'late: 2 to 8 days'
    ELSE 'the first, or the first for 8 days'
  END AS gap,
  count(*) AS instances, CAST(sum(pings) AS BIGINT) AS pings,
  round(100.0 * sum(pings) / sum(sum(pings)) OVER (), 1) AS percent
FROM bin
GROUP BY bin
ORDER BY bin
