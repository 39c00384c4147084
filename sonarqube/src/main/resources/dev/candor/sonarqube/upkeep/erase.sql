-- Takes out of the kept tables what came from the pings of the instances in the table erased that
-- were received until then. The raw rows go after it. A repeat counts in place of an earlier ping,
-- never of a later one: what stays counts as before.

DELETE FROM instance_day AS d
USING erased AS e
WHERE d.id = e.id AND d._received <= e.until;

DELETE FROM ping_latest AS p
USING erased AS e
WHERE p.id = e.id AND p._received <= e.until;

-- An instance that came again keeps what it sent since; its first day is one of these.
DELETE FROM instance_last
WHERE id IN (SELECT id FROM erased);

INSERT INTO instance_last
SELECT d.*, s.first_day, s.days_seen
FROM instance_day AS d
JOIN (
  SELECT id, min(day) AS first_day, max(day) AS last_day, count(*) AS days_seen
  FROM instance_day
  WHERE id IN (SELECT id FROM erased)
  GROUP BY id
) AS s ON s.id = d.id AND s.last_day = d.day;
