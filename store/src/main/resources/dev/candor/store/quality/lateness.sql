-- title: Late pings
-- question: How long after the instance’s ping before did the pings of the last 28 days come?
-- chart: bars x=gap y=pings
-- counts: instances
-- filters: days
-- note: Late is more than 25 hours: the instance was off, could not reach this address, or sends less often than daily. Less than 23 hours is a restart or a repeat.
WITH instance AS (
  SELECT list_sort(list(_received)) AS times
  FROM heartbeat
  WHERE _received >= (SELECT CAST(received AS DATE) - 27 - 9 FROM last_message)
  GROUP BY id
),
gap AS (
  SELECT
    number, unnest(times) AS received,
    date_diff('second', unnest(list_prepend(NULL, times[:-2])), unnest(times)) / 3600.0 AS hours
  FROM (SELECT row_number() OVER () AS number, times FROM instance)
),
bin AS (
  SELECT
    number,
    CASE
      WHEN hours < 23 THEN 1
      WHEN hours <= 25 THEN 2
      WHEN hours <= 48 THEN 3
      WHEN hours <= 192 THEN 4
      ELSE 5
    END AS bin
  FROM gap
  WHERE received >= (SELECT CAST(received AS DATE) - 27 FROM last_message)
)
SELECT
  CASE bin
    WHEN 1 THEN 'less than 23 hours'
    WHEN 2 THEN 'on time: 23 to 25 hours'
    WHEN 3 THEN 'late: up to 2 days'
    WHEN 4 THEN 'late: 2 to 8 days'
    ELSE 'the first, or the first for 8 days'
  END AS gap,
  count(DISTINCT number) AS instances, count(*) AS pings,
  round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM bin
GROUP BY bin
ORDER BY bin
