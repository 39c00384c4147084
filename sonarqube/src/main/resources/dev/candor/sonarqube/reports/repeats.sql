-- title: Repeated pings
-- question: How many of the pings received on each of the last 28 days came again within seven days?
-- chart: lines x=day y=pings,repeats
-- counts: instances
-- filters: days
-- note: Told by idempotency key, else by messageSequenceNumber, else by the day of receipt (“One ping” in the definitions). Of repeats the newest counts.
SELECT
  day, count(DISTINCT id) AS instances, count(*) AS pings,
  count(*) FILTER (again <= _received + INTERVAL 7 DAY) AS repeats
FROM (
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
  WHERE _received >= (SELECT CAST(max(_received) AS DATE) - 27 FROM raw_ping)
)
GROUP BY day
ORDER BY day
