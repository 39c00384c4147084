-- title: Opt-outs by month
-- question: How many instances opted out in each month, and how many of them are still silent?
-- chart: bars x=month y=opted_out,still_out
-- counts: opted_out still_out
-- filters: days facts
-- note: Counts instances that sent an opt-out, also those whose pings were erased. One that opts out again may not say so: silence is the surer sign. Filters go by the facts of the latest ping and leave out those that were erased.
SELECT
  CAST(date_trunc('month', o.day) AS DATE) AS month, count(DISTINCT o.id) AS opted_out,
  count(DISTINCT o.id) FILTER (i.state = 'opted-out') AS still_out
FROM opt_out AS o
JOIN instance AS i ON i.id = o.id
WHERE date_trunc('month', o.day) >= coalesce(getvariable('filter_from'), DATE '0001-01-01')
  AND date_trunc('month', o.day) <= coalesce(getvariable('filter_to'), o.day)
GROUP BY ALL
ORDER BY month
