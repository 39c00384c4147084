-- title: Users' activity over time
-- question: How many users of each instance were active, and used SonarLint, by day?
-- chart: lines x=day y=active_users,sonarlint_users,active_30_days,sonarlint_30_days series=id
-- note: Of the forty largest instances. The chart has each one's active users; of a single instance all four. Needs 9.2 or later.
WITH shown AS (
  SELECT _instance, id
  FROM instance
  WHERE _instance IS NOT NULL
  ORDER BY loc DESC NULLS LAST, id
  LIMIT 40
)
SELECT
  s.id, d.day, d.users AS accounts, d.active_users_1 AS active_users,
  d.sonarlint_users_1 AS sonarlint_users, d.active_users_30 AS active_30_days,
  d.sonarlint_users_30 AS sonarlint_30_days
FROM instance_day AS d
JOIN shown AS s ON s._instance = d._instance
ORDER BY d.day, s.id
