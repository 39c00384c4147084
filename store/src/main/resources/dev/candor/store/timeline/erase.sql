-- Takes out of the timeline what came from the heartbeats of the instances in the table erased that
-- were received until then. The raw rows go after it. A repeat counts in place of an earlier
-- heartbeat, never of a later one: what stays counts as before. Folded rollups stay as they are.

-- Days up to this one were folded: what comes late for them does not change their rollups.
SET VARIABLE folded = (SELECT max(day) FROM daily WHERE _folded AND instances > 0);

DELETE FROM folded_instance WHERE id IN (SELECT id FROM erased);

DELETE FROM repeated AS r
USING erased AS e
WHERE r.id = e.id AND r._received <= e.until;

CREATE OR REPLACE TEMP TABLE change AS
SELECT d.id, d.day, d._row AS old_row, CAST(NULL AS BIGINT) AS new_row
FROM instance_day AS d
JOIN instance_last AS l ON l._instance = d._instance
JOIN erased AS e ON e.id = l.id AND d._received <= e.until;
