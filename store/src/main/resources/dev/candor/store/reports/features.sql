-- title: Features
-- question: How many active instances use each feature?
-- chart: bars x=feature y=instances
-- counts: told instances
-- note: Percent of the active instances that tell of it, by their latest message.
SELECT
  feature, count(told) AS told, count(*) FILTER (told) AS instances,
  round(100.0 * count(*) FILTER (told) / nullif(count(told), 0), 1) AS percent
FROM (
{{flags}})
GROUP BY place, feature
ORDER BY instances DESC, place
