-- The day that all states refer to: the day of the last receipt, so that reports can be repeated.
SELECT CAST(max(received) AS DATE) AS day FROM latest_receipt
