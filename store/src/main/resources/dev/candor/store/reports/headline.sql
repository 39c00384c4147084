-- title: At a glance
-- question: How many instances are there, and is today as usual?
-- chart: figures x=figure y=value,usual
-- counts: instances
-- filters: facts
-- note: As of the day of the latest receipt. Sums are by the latest message of active instances.
WITH latest AS (
  SELECT max(received) AS received, CAST(max(received) AS DATE) AS day FROM latest_receipt
),
one AS (
  SELECT
    count(*) FILTER (state = 'active') AS active,
    count(*) FILTER (first_day > l.day - 7) AS new,
    count(*) FILTER (state = 'silent') AS silent,
    count(*) FILTER (state = 'opted-out') AS opted_out{{headline:,
    count(i.NAME) FILTER (state = 'active') AS with_NAME,
    sum(i.NAME) FILTER (state = 'active') AS NAME}}
  FROM instance AS i
  CROSS JOIN latest AS l
),
pinged AS (
  SELECT
    d.day, count(*) AS instances,
    count(*) FILTER (CAST(d._received AS TIME) <= CAST(l.received AS TIME)) AS so_far
  FROM instance_day AS d
  CROSS JOIN latest AS l
  WHERE d.day IN (SELECT day - 7 * CAST(n AS INTEGER) FROM latest CROSS JOIN range(5) AS week (n))
  GROUP BY d.day
),
today AS (
  SELECT
    coalesce(any_value(p.instances) FILTER (p.day = l.day), 0) AS instances,
    quantile_disc(p.so_far, 0.5) FILTER (p.day < l.day) AS usual
  FROM latest AS l
  LEFT JOIN pinged AS p ON true
)
SELECT f.figure, f.meaning, f.report, f.instances, f.value, f.usual
FROM (
  SELECT 1 AS place, 'Instances active' AS figure, 'pinged within the last 8 days' AS meaning, 'states' AS report, active AS instances, CAST(active AS HUGEINT) AS value, NULL AS usual FROM one
  UNION ALL SELECT 2, 'Pings today', 'instances that pinged so far; usual by this time is the median of that weekday', 'today', instances, instances, usual FROM today
  UNION ALL SELECT 3, 'New this week', 'first ping within the last 7 days', 'alive-by-week', new, new, NULL FROM one
  UNION ALL SELECT 4, 'Silent', 'no ping for 8 to 60 days, and no opt-out', 'states', silent, silent, NULL FROM one
  UNION ALL SELECT 5, 'Opted out', 'their last message was an opt-out', 'opt-outs', opted_out, opted_out, NULL FROM one{{headline:
  UNION ALL SELECT PLACE, LABEL, 'of active instances', 'TREND', with_NAME, coalesce(NAME, 0), NULL FROM one}}
) AS f
ORDER BY f.place
