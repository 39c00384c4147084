-- title: Lines of code against the licence
-- question: How many lines of code count for the licence on each instance, and when does the trend meet the limit?
-- chart: table
-- parameter: licence 1000000 Lines of code that the licence allows
-- filters: facts
-- note: As the licence counts: the lines of each project's largest branch, added up. The trend is against the latest ping that is 30 to 37 days older than the last one. At most 10,000 rows.
WITH largest AS (
  SELECT _instance, id, version, edition, loc, last_day
  FROM instance
  WHERE state = 'active'
  ORDER BY loc DESC NULLS LAST, id
  LIMIT 10000
),
before AS (
  SELECT d._instance, max(d.day) AS day, arg_max(d.loc, d.day) AS loc
  FROM instance_day AS d
  JOIN largest AS l ON l._instance = d._instance AND l.last_day - d.day BETWEEN 30 AND 37
  WHERE d.loc IS NOT NULL
    AND d.day >= (SELECT day - 44 FROM as_of) AND d.day <= (SELECT day - 30 FROM as_of)
  GROUP BY d._instance
),
trend AS (
  SELECT
    l.id, l.version, l.edition, l.loc, l.last_day,
    round((l.loc - b.loc) / (l.last_day - b.day), 1) AS loc_a_day
  FROM largest AS l
  LEFT JOIN before AS b ON b._instance = l._instance
)
SELECT
  id, version, edition, loc, round(100.0 * loc / getvariable('licence'), 1) AS percent_of_limit,
  loc_a_day,
  CASE
    WHEN loc >= getvariable('licence') THEN last_day
    WHEN loc_a_day > 0 AND (getvariable('licence') - loc) / loc_a_day < 36500
      THEN last_day + CAST(ceil((getvariable('licence') - loc) / loc_a_day) AS INTEGER)
  END AS limit_met
FROM trend
ORDER BY loc DESC NULLS LAST, id
