-- title: Active instances by other makers' definitions
-- question: How many instances are active if active meant what others mean by it?
-- chart: bars x=definition y=instances
-- counts: instances
WITH silence AS (
  SELECT days_silent, count(*) AS instances
  FROM instance
  WHERE state <> 'opted-out'
  GROUP BY days_silent
)
SELECT p.definition, p.days, CAST(coalesce(sum(s.instances), 0) AS BIGINT) AS instances
FROM (
  VALUES ('Syncthing: last day', 1), ('XWiki: 2 days', 2), ('Candor: 8 days', 8),
    ('Syncthing (old), Replicated: 2 weeks', 14), ('popcon: 20 days', 20),
    ('Mozilla: 28 days', 28), ('Home Assistant: 60 days', 60)
) AS p (definition, days)
LEFT JOIN silence AS s ON s.days_silent < p.days
GROUP BY ALL
ORDER BY p.days, p.definition
