-- title: Size over time
-- question: How many lines of code did each instance report, by day?
-- chart: lines x=day y=loc series=id
-- note: Of the forty largest instances.
WITH shown AS (
  SELECT _instance, id
  FROM instance
  WHERE _instance IS NOT NULL
  ORDER BY loc DESC NULLS LAST, id
  LIMIT 40
)
SELECT s.id, d.day, d.version, d.users, d.projects, d.loc, d.plugins
FROM instance_day AS d
JOIN shown AS s ON s._instance = d._instance
ORDER BY d.day, s.id
