-- title: Active users over time
-- question: How many users were active, and used SonarLint, by day?
-- chart: lines x=day y=active_users,sonarlint_users,active_30_days,sonarlint_30_days
-- counts: instances
-- note: Sums over the instances that pinged on the day. Servers up to 9.1 tell how many accounts they have, but not who was active.
SELECT
  day, CAST(sum(instances) AS BIGINT) AS instances, CAST(sum(users) AS BIGINT) AS accounts,
  CAST(sum(active_users_1) AS BIGINT) AS active_users,
  CAST(sum(sonarlint_users_1) AS BIGINT) AS sonarlint_users,
  CAST(sum(active_users_30) AS BIGINT) AS active_30_days,
  CAST(sum(sonarlint_users_30) AS BIGINT) AS sonarlint_30_days
FROM daily
GROUP BY day
HAVING sum(instances) > 0
ORDER BY day
