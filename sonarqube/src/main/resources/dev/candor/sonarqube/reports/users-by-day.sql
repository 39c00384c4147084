-- title: Active users over time
-- question: How many users were active, and used SonarLint, by day?
-- chart: lines x=day y=active_users,sonarlint_users,active_30_days,sonarlint_30_days
-- counts: instances
-- note: Sums over the instances that pinged on the day. Active is who was so on the whole day before, or since; 30 days are the ping's own and the 29 before. Servers up to 9.1 tell how many accounts they have, but not who was active.
SELECT
  day, CAST(sum(instances) AS BIGINT) AS instances,
  CAST(least(coalesce(sum(users), 0), 9223372036854775807) AS BIGINT) AS accounts,
  CAST(least(coalesce(sum(active_users_1), 0), 9223372036854775807) AS BIGINT) AS active_users,
  CAST(least(coalesce(sum(sonarlint_users_1), 0), 9223372036854775807) AS BIGINT) AS sonarlint_users,
  CAST(least(coalesce(sum(active_users_30), 0), 9223372036854775807) AS BIGINT) AS active_30_days,
  CAST(least(coalesce(sum(sonarlint_users_30), 0), 9223372036854775807) AS BIGINT) AS sonarlint_30_days
FROM daily
GROUP BY day
HAVING sum(instances) > 0
ORDER BY day
