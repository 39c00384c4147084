-- Each instance that was ever there, with its state on the as-of day (docs/definitions.md), and
-- those of which nothing is left but that they opted out.
SELECT
  l.id, l.first_day, l.days_seen, l.day AS last_day,
  CASE
    WHEN o.received > l._received THEN 'opted-out'
    WHEN a.day - l.day < 8 THEN 'active'
    WHEN a.day - l.day <= 60 THEN 'silent'
    ELSE 'gone'
  END AS state,
  a.day - l.day AS days_silent,
  l.version, l.release, {{daily:l.NAME, }}{{latest:l.NAME, }}l._instance
FROM instance_last AS l
CROSS JOIN as_of AS a
LEFT JOIN (SELECT id, max(_received) AS received FROM opt_out GROUP BY id) AS o ON o.id = l.id
UNION ALL BY NAME
SELECT DISTINCT id, 'opted-out' AS state
FROM opt_out
WHERE id NOT IN (SELECT id FROM instance_last)
