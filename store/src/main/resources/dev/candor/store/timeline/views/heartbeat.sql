-- Every heartbeat once: repeats within seven days are told by the idempotency key, else by the
-- instance's own number, else by the day of receipt; the newest counts.
SELECT *, CAST(_received AS DATE) AS day
FROM {{raw}}
WHERE _row IN (
  SELECT _row
  FROM {{raw}} AS r
  QUALIFY coalesce(
    lead(_received) OVER (PARTITION BY {{id}}, {{same}} ORDER BY _received, _row)
      > _received + INTERVAL 7 DAY,
    true)
)
