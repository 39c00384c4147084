-- title: Behind the newest version
-- question: How many releases is each instance behind the newest that is in use here?
-- chart: table
-- note: Counts the releases that any instance here has ever run.
WITH release AS (
  SELECT
    release,
    row_number() OVER (
      ORDER BY [CAST(n AS BIGINT) FOR n IN string_split(release, '.')] DESC
    ) - 1 AS behind
  FROM (SELECT DISTINCT release FROM instance_day WHERE release <> '')
)
SELECT i.id, i.version, i.edition, r.behind AS releases_behind
FROM instance AS i
JOIN release AS r ON r.release = i.release
WHERE i.state = 'active' AND r.behind > 0
ORDER BY releases_behind DESC, i.id
