-- title: Lines of code against the licence
-- question: How many lines of code count for the licence on each instance, and when does the trend meet the limit?
-- chart: table
-- parameter: licence 1000000 Lines of code that the licence allows
-- note: As the licence counts: the lines of each project's largest branch, added up. The trend is against the latest ping that is 30 to 37 days older than the last one.
WITH before AS (
  SELECT d._instance, arg_max(d.loc, d.day) AS loc, max(d.day) AS day
  FROM instance_day AS d
  JOIN instance AS i
    ON i._instance = d._instance AND d.day BETWEEN i.last_day - 37 AND i.last_day - 30
  WHERE i.state = 'active' AND d.loc IS NOT NULL
    AND d.day >= (SELECT day - 45 FROM as_of) AND d.day <= (SELECT day - 30 FROM as_of)
  GROUP BY d._instance
),
trend AS (
  SELECT
    i.id, i.version, i.edition, i.loc, i.last_day,
    round((i.loc - b.loc) / (i.last_day - b.day), 1) AS loc_a_day
  FROM instance AS i
  LEFT JOIN before AS b ON b._instance = i._instance
  WHERE i.state = 'active'
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
