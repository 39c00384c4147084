-- title: Versions and upgrades
-- question: When was each instance new, upgraded, back after a silence, or opted out?
-- chart: table
-- note: Of the forty largest instances.
WITH shown AS (
  SELECT _instance, id
  FROM instance
  WHERE _instance IS NOT NULL
  ORDER BY {{largest}}, id
  LIMIT 40
)
SELECT e.day, s.id, e.event, e.version_before, e.version
FROM instance_event AS e
JOIN shown AS s ON s._instance = e._instance
WHERE e.day >= coalesce(getvariable('filter_from'), e.day)
  AND e.day <= coalesce(getvariable('filter_to'), e.day)
ORDER BY e.day, s.id, e.event
