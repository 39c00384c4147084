-- title: Repeated pings
-- question: How many of the pings received on each of the last 28 days came again within seven days?
-- chart: lines x=day y=pings,repeats
-- counts: instances
-- filters: days
-- note: Told by idempotency key, else by messageSequenceNumber, else by the day of receipt (“One ping” in the definitions). Of repeats the newest counts.
WITH received AS (
  SELECT
    id, CAST(_received AS DATE) AS day, _received, _row,
    CASE
      WHEN _key IS NOT NULL THEN hash(id, _key)
      WHEN "messageSequenceNumber" IS NOT NULL THEN hash(id, "messageSequenceNumber")
      ELSE hash(id, CAST(_received AS DATE))
    END AS mark
  FROM raw_ping
  WHERE _received >= (SELECT CAST(max(_received) AS DATE) - 27 FROM raw_ping)
),
-- A ping whose mark no other has is no repeat; the few others are looked at closely.
alike AS (
  SELECT
    id, CAST(_received AS DATE) AS day, _received,
    lead(_received) OVER (
      PARTITION BY
        id,
        CASE
          WHEN _key IS NOT NULL THEN 'key ' || _key
          WHEN "messageSequenceNumber" IS NOT NULL THEN 'number ' || "messageSequenceNumber"
          ELSE 'day ' || CAST(_received AS DATE)
        END
      ORDER BY _received, _row
    ) AS again
  FROM raw_ping
  WHERE _row IN (
    SELECT _row FROM received
    WHERE mark IN (SELECT mark FROM received GROUP BY mark HAVING count(*) > 1)
  )
),
-- Of an instance with pings on a day but no row for it, each of them came again on another day.
without_row AS (
  SELECT a.day, count(DISTINCT a.id) AS instances
  FROM alike AS a
  LEFT JOIN instance_last AS l ON l.id = a.id
  ANTI JOIN sonarqube.instance_day AS d ON d._instance = l._instance AND d.day = a.day
  GROUP BY a.day
),
with_row AS (
  SELECT day, count(*) AS instances
  FROM sonarqube.instance_day
  WHERE day >= (SELECT CAST(max(_received) AS DATE) - 27 FROM raw_ping)
  GROUP BY day
)
SELECT
  p.day, coalesce(w.instances, 0) + coalesce(o.instances, 0) AS instances, p.pings,
  coalesce(r.repeats, 0) AS repeats
FROM (SELECT day, count(*) AS pings FROM received GROUP BY day) AS p
LEFT JOIN with_row AS w ON w.day = p.day
LEFT JOIN without_row AS o ON o.day = p.day
LEFT JOIN (
  SELECT day, count(*) AS repeats FROM alike WHERE again <= _received + INTERVAL 7 DAY GROUP BY day
) AS r ON r.day = p.day
ORDER BY p.day
