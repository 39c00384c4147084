-- title: Behind the newest version
-- question: How many releases is each instance behind the newest that is in use here, and how many long-term lines behind the newest?
-- chart: table
-- note: Releases are those that any instance here has ever run. Long-term lines (LTS, LTA) are those that were out by the as-of day; Community Build has none. At most 10,000 rows.
WITH known AS (
  SELECT release, [try_cast(n AS BIGINT) FOR n IN string_split(release, '.')] AS numbers FROM release
),
place AS (
  SELECT
    release, numbers, row_number() OVER (ORDER BY numbers DESC) - 1 AS behind,
    numbers[1] BETWEEN 25 AND 2000 AS build
  FROM known
),
line AS (
  SELECT release, [try_cast(n AS BIGINT) FOR n IN string_split(release, '.')] AS numbers
  FROM long_term_release
  WHERE month <= (SELECT day FROM as_of)
),
newest AS (
  SELECT
    p.release, p.behind, if(p.build, NULL, max_by(l.release, l.numbers)) AS newest_lts,
    if(p.build, NULL, count(*) FILTER (l.numbers > p.numbers)) AS lts_behind
  FROM place AS p
  CROSS JOIN line AS l
  GROUP BY p.release, p.behind, p.build
)
SELECT
  i.id, i.version, i.edition, n.behind AS releases_behind, n.newest_lts, n.lts_behind
FROM instance AS i
JOIN newest AS n ON n.release = i.release
WHERE i.state = 'active' AND n.behind > 0
ORDER BY releases_behind DESC, i.id
LIMIT 10000
