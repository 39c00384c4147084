-- Notes when the latest opt-out was received: those that came have a _row from first_row on.
UPDATE latest_receipt
SET received = greatest(
  received, (SELECT max(_received) FROM raw_opt_out WHERE _row >= getvariable('first_row'))
)
WHERE message = 'opt-out';
