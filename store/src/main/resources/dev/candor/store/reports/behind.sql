-- title: Behind the newest version
-- question: How many releases is each instance behind the newest that is in use here?
-- chart: table
-- note: Releases are those that any instance here has ever run. At most 10,000 rows.
WITH place AS (
  SELECT
    release,
    row_number() OVER (
      ORDER BY [try_cast(n AS BIGINT) FOR n IN string_split(release, '.')] DESC
    ) - 1 AS behind
  FROM release
)
SELECT i.id, i.version, {{filters:i.NAME, }}p.behind AS releases_behind
FROM instance AS i
JOIN place AS p ON p.release = i.release
WHERE i.state = 'active' AND p.behind > 0
ORDER BY releases_behind DESC, i.id
LIMIT 10000
