-- title: Versions and upgrades
-- question: When was each instance new, upgraded, back after a silence, or opted out?
-- chart: table
-- note: Of the forty largest instances.
SELECT e.day, e.id, e.event, e.version_before, e.version
FROM instance_event AS e
WHERE e._instance IN (
  SELECT _instance FROM instance WHERE _instance IS NOT NULL ORDER BY loc DESC NULLS LAST, id LIMIT 40
)
ORDER BY e.day, e.id, e.event
