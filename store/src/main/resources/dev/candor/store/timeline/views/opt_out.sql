-- Opt-outs, one row for each instance and day.
SELECT id, CAST(_received AS DATE) AS day, max(_received) AS _received
FROM ({{opt_outs}})
GROUP BY ALL
