-- The latest ping of each instance, as it came.
SELECT * FROM heartbeat_latest
