-- Every ping once: repeats within seven days are told by the idempotency key, else by
-- (id, messageSequenceNumber), else by (id, day of receipt); the newest counts.
SELECT *, CAST(_received AS DATE) AS day
FROM raw_ping
WHERE _row IN (
  SELECT _row
  FROM raw_ping
  QUALIFY coalesce(
    lead(_received) OVER (
      PARTITION BY
        id,
        CASE
          WHEN _key IS NOT NULL THEN 'key ' || _key
          WHEN "messageSequenceNumber" IS NOT NULL THEN 'number ' || "messageSequenceNumber"
          ELSE 'day ' || CAST(_received AS DATE)
        END
      ORDER BY _received, _row
    ) > _received + INTERVAL 7 DAY,
    true)
)
