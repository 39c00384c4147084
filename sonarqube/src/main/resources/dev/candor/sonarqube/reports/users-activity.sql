-- title: Active users
-- question: How many users were active, and used SonarLint, in the last 1, 7 and 30 days?
-- chart: bars x=days y=accounts,active_users,sonarlint_users
-- counts: instances
SELECT
  w.days,
  count(DISTINCT u.id) AS instances,
  count(*) FILTER (u.status = 'active') AS accounts,
  count(*) FILTER (u.status = 'active' AND u.days_since_activity < w.days) AS active_users,
  count(*) FILTER (u.status = 'active' AND u.days_since_sonarlint < w.days) AS sonarlint_users
FROM (VALUES (1), (7), (30)) AS w (days)
LEFT JOIN (SELECT * FROM "user" WHERE id IN (SELECT id FROM instance WHERE state = 'active')) AS u ON true
GROUP BY w.days
ORDER BY w.days
