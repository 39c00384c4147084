-- The latest heartbeat of each instance, as it came.
SELECT *, CAST(_received AS DATE) AS day
FROM {{raw}}
WHERE _row IN (SELECT _row FROM instance_last)
