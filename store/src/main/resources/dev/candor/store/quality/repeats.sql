-- title: Repeated pings
-- question: How many of the pings received on each of the last 28 days came again within seven days?
-- chart: lines x=day y=pings,repeats
-- counts: instances
-- filters: days
-- note: Told by idempotency key, else by the number that the instance gives, else by the day of receipt (“One ping” in the definitions). Of repeats the newest counts.
WITH since AS (SELECT CAST(received AS DATE) - 27 AS day FROM last_message),
again AS (
  SELECT id, CAST(_received AS DATE) AS day
  FROM repeated
  WHERE _received >= (SELECT day FROM since)
),
counted AS (
  SELECT _instance, day FROM instance_day WHERE day >= (SELECT day FROM since)
),
with_row AS (
  SELECT day, count(*) AS instances FROM counted GROUP BY day
),
-- Of an instance with pings on a day but no row for it, each of them came again on another day.
without_row AS (
  SELECT a.day, count(DISTINCT a.id) AS instances
  FROM again AS a
  LEFT JOIN instance_last AS l ON l.id = a.id
  ANTI JOIN counted AS c ON c._instance = l._instance AND c.day = a.day
  GROUP BY a.day
)
SELECT
  p.day, coalesce(w.instances, 0) + coalesce(o.instances, 0) AS instances, p.pings,
  coalesce(r.repeats, 0) AS repeats
FROM (
  SELECT day, count(*) AS pings
  FROM message
  WHERE message = {{heartbeat}} AND _received >= (SELECT day FROM since)
  GROUP BY day
) AS p
LEFT JOIN with_row AS w ON w.day = p.day
LEFT JOIN without_row AS o ON o.day = p.day
LEFT JOIN (SELECT day, count(*) AS repeats FROM again GROUP BY day) AS r ON r.day = p.day
ORDER BY p.day
