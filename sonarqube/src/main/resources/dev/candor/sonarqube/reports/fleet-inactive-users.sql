-- title: Inactive users
-- question: How many accounts of each instance were not used for 90 days?
-- chart: table
-- note: Needs a version that tells when users were last active (9.2 and later).
SELECT
  u.id, count(*) AS accounts,
  count(*) FILTER (u.days_since_activity >= 90) AS inactive_90_days,
  count(*) FILTER (u.last_activity IS NULL) AS never_active
FROM "user" AS u
JOIN instance AS i ON i.id = u.id AND i.state = 'active'
WHERE u.status = 'active'
GROUP BY u.id
ORDER BY inactive_90_days DESC, never_active DESC, u.id
