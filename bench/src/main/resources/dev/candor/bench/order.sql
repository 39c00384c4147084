-- The loader takes pings as they come, so its rows lie in the order of time. Many days at once lie by
-- instance: those from the SQL variable first_row on are laid as they would have come.
CREATE OR REPLACE TEMP TABLE come AS
SELECT * FROM instance_day WHERE _row >= getvariable('first_row');

DELETE FROM instance_day WHERE _row >= getvariable('first_row');

INSERT INTO instance_day
SELECT * FROM come ORDER BY _received;

DROP TABLE come;
