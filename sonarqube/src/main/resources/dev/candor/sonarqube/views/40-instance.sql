-- Each instance that ever pinged, with its state on the as-of day (docs/definitions.md).
SELECT
  d.id, f.first_day, f.days_seen, d.day AS last_day,
  CASE
    WHEN o.received > d._received THEN 'opted-out'
    WHEN a.day - d.day < 8 THEN 'active'
    WHEN a.day - d.day <= 60 THEN 'silent'
    ELSE 'gone'
  END AS state,
  a.day - d.day AS days_silent,
  d.version, d.release, d.edition, d.licence_type, d.database, d.database_version, d.docker,
  d.first_version, d.installed, d.users, d.projects, d.loc, d.plugins
FROM instance_day AS d
JOIN (
  SELECT id, min(day) AS first_day, max(day) AS last_day, count(*) AS days_seen
  FROM instance_day
  GROUP BY id
) AS f ON f.id = d.id AND f.last_day = d.day
LEFT JOIN (SELECT id, max(_received) AS received FROM opt_out GROUP BY id) AS o ON o.id = d.id
CROSS JOIN as_of AS a
