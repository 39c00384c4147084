-- title: TITLE
-- question: TITLE: how long ago is it on active instances?
-- chart: bars x=age y=instances
-- counts: instances
-- sums: instances percent
-- note: DESCRIPTION
SELECT
  CASE bin
    WHEN 1 THEN 'today' WHEN 2 THEN 'within 7 days' WHEN 3 THEN 'within 30 days'
    WHEN 4 THEN 'within 90 days' WHEN 5 THEN 'within a year' WHEN 6 THEN 'within 3 years'
    WHEN 7 THEN 'longer ago' ELSE 'unknown'
  END AS age,
  count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM (
  SELECT
    CASE
      WHEN NAME IS NULL THEN 8
      WHEN last_day - NAME < 1 THEN 1
      WHEN last_day - NAME < 7 THEN 2
      WHEN last_day - NAME < 30 THEN 3
      WHEN last_day - NAME < 90 THEN 4
      WHEN last_day - NAME < 365 THEN 5
      WHEN last_day - NAME < 1096 THEN 6
      ELSE 7
    END AS bin
  FROM instance
  WHERE state = 'active'
)
GROUP BY bin
ORDER BY bin
