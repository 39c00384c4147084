-- title: Pings today
-- question: How many instances pinged on the as-of day so far, against what is usual by that time of day and on a whole day?
-- chart: table
-- counts: instances
-- filters: facts
-- note: So far means until the latest receipt. Usual is the median of the same weekday of the four weeks before.
WITH latest AS (
  SELECT max(received) AS received, CAST(max(received) AS DATE) AS day FROM latest_receipt
),
day AS (
  SELECT
    day, count(*) AS whole,
    count(*) FILTER (CAST(_received AS TIME) <= (SELECT CAST(received AS TIME) FROM latest)) AS so_far
  FROM instance_day
  WHERE day IN (SELECT day - 7 * CAST(n AS INTEGER) FROM latest CROSS JOIN range(5) AS week (n))
  GROUP BY day
)
SELECT
  l.day, strftime(l.received, '%H:%M') AS until,
  coalesce(any_value(d.whole) FILTER (d.day = l.day), 0) AS instances,
  quantile_disc(d.so_far, 0.5) FILTER (d.day < l.day) AS usual_so_far,
  quantile_disc(d.whole, 0.5) FILTER (d.day < l.day) AS usual_whole_day
FROM latest AS l
LEFT JOIN day AS d ON true
WHERE l.day IS NOT NULL
GROUP BY ALL
