-- title: TITLE
-- question: TITLE: how many active instances have which, in which major version?
-- chart: bars x=NAME y=instances series=version
-- counts: instances
-- sums: instances percent
-- note: DESCRIPTION
SELECT
  coalesce(NAME, 'unknown') AS NAME,
  coalesce(regexp_extract(VERSION, '^v?([0-9]+)', 1), 'unknown') AS version,
  count(*) AS instances,
  round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
WHERE state = 'active'
GROUP BY ALL
ORDER BY instances DESC, NAME, version
