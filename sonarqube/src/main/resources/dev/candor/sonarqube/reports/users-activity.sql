-- title: Active users
-- question: How many users were active, and used SonarLint, in the last 1, 7 and 30 days?
-- chart: bars x=days y=accounts,active_users,sonarlint_users
-- counts: instances
-- note: Of active instances whose version tells it (9.2 and later), by their latest ping. One day is the last whole day before the ping, and what there is since.
SELECT
  w.days, count(i._instance) AS instances,
  CAST(least(coalesce(sum(i.users), 0), 9223372036854775807) AS BIGINT) AS accounts,
  CAST(least(coalesce(sum(
    CASE w.days WHEN 1 THEN i.active_users_1 WHEN 7 THEN i.active_users_7 ELSE i.active_users_30 END
  ), 0), 9223372036854775807) AS BIGINT) AS active_users,
  CAST(least(coalesce(sum(
    CASE w.days
      WHEN 1 THEN i.sonarlint_users_1 WHEN 7 THEN i.sonarlint_users_7 ELSE i.sonarlint_users_30
    END
  ), 0), 9223372036854775807) AS BIGINT) AS sonarlint_users
FROM (VALUES (1), (7), (30)) AS w (days)
LEFT JOIN instance AS i ON i.state = 'active' AND i.active_users_1 IS NOT NULL
GROUP BY w.days
ORDER BY w.days
