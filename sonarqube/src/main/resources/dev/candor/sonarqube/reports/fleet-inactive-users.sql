-- title: Inactive users
-- question: How many accounts of each instance were not used for 90 days?
-- chart: table
-- note: Needs a version that tells when users were last active (9.2 and later). At most 10,000 rows.
SELECT
  id, users AS accounts, inactive_users_90 AS inactive_90_days, never_active_users AS never_active
FROM instance
WHERE state = 'active' AND users > 0 AND never_active_users IS NOT NULL
ORDER BY inactive_90_days DESC, never_active DESC, id
LIMIT 10000
