-- title: Size over time
-- question: How many lines of code did each instance report, by day?
-- chart: lines x=day y=loc
-- note: Of the forty largest instances.
SELECT d.id, d.day, d.version, d.users, d.projects, d.loc, d.plugins
FROM instance_day AS d
WHERE d._instance IN (
  SELECT _instance FROM instance WHERE _instance IS NOT NULL ORDER BY loc DESC NULLS LAST, id LIMIT 40
)
ORDER BY d.day, d.id
