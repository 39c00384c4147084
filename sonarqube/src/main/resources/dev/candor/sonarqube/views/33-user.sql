-- Each user account, from the latest ping of its instance (9.2 and later).
SELECT
  id, day, u."userUuid" AS "user", u.status AS status, u."identityProvider" AS identity_provider,
  u."lastActivity" AS last_activity,
  day - try_cast(u."lastActivity"[1:10] AS DATE) AS days_since_activity,
  u."lastSonarlintActivity" AS last_sonarlint_activity,
  day - try_cast(u."lastSonarlintActivity"[1:10] AS DATE) AS days_since_sonarlint,
  u.managed AS managed
FROM (SELECT id, day, unnest(users) AS u FROM ping_latest)
