-- The latest ping of each instance.
SELECT *
FROM ping
WHERE _row IN (SELECT arg_max(_row, (_received, _row)) FROM ping GROUP BY id)
