-- title: Size over time
-- question: How large was each instance, by day?
-- chart: lines x=day y={{size}} series=id
-- note: Of the forty largest instances.
WITH shown AS (
  SELECT _instance, id
  FROM instance
  WHERE _instance IS NOT NULL
  ORDER BY {{largest}}, id
  LIMIT 40
)
SELECT s.id, d.day, d.version{{daily:, d.NAME}}
FROM instance_day AS d
JOIN shown AS s ON s._instance = d._instance
ORDER BY d.day, s.id
