-- title: Repeated messages
-- question: How many of the messages received on each of the last 28 days came again within seven days?
-- chart: lines x=day y=messages,repeats
-- counts: instances
-- filters: days
-- note: Told by instance and idempotency key; without a key, by instance, kind and day of receipt. Of repeats the newest counts.
SELECT
  day, count(DISTINCT id) AS instances, count(*) AS messages,
  count(*) FILTER (again <= _received + INTERVAL 7 DAY) AS repeats
FROM (
  SELECT
    id, day, _received,
    lead(_received) OVER (
      PARTITION BY id, message, _key, CASE WHEN _key IS NULL THEN day END ORDER BY _received, _row
    ) AS again
  FROM message
  WHERE _received >= (SELECT CAST(received AS DATE) - 27 FROM last_message)
)
GROUP BY day
ORDER BY day
