-- Takes the rows of single instances from before the day keep_from out of the kept tables. The raw
-- rows go after it. Of an instance that still pings, the first day and the number of days stay.

DELETE FROM instance_day
WHERE day < getvariable('keep_from');

DELETE FROM instance_last
WHERE day < getvariable('keep_from');

DELETE FROM ping_latest
WHERE day < getvariable('keep_from');
