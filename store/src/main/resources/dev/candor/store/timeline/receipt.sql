-- Notes when the latest message of this kind was received: those that came have a _row from
-- first_row on.
UPDATE latest_receipt
SET received = greatest(
  received, (SELECT max(_received) FROM {{raw}} WHERE _row >= getvariable('first_row'))
)
WHERE message = {{message}};
