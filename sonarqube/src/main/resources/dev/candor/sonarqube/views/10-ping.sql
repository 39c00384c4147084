-- Every ping once: repeats are told by the idempotency key, else by (id, messageSequenceNumber),
-- else by (id, day of receipt); the newest wins.
SELECT *, CAST(_received AS DATE) AS day, rowid AS _row
FROM raw_ping
WHERE rowid IN (
  SELECT arg_max(rowid, (_received, rowid))
  FROM raw_ping
  GROUP BY
    id,
    CASE
      WHEN _key IS NOT NULL THEN 'key ' || _key
      WHEN "messageSequenceNumber" IS NOT NULL THEN 'number ' || "messageSequenceNumber"
      ELSE 'day ' || CAST(_received AS DATE)
    END
)
