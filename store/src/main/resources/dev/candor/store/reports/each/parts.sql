-- title: TITLE
-- question: Which TITLE_IN_SENTENCE do active instances have?
-- chart: bars x=MEMBER y=instances
-- counts: instances
-- sums: items
-- note: DESCRIPTIONOf active instances, by their latest message.
SELECT
  coalesce(name, 'unknown') AS MEMBER, count(DISTINCT _instance) AS instances,
  sum(items) AS items,AMOUNT
  round(100.0 * count(DISTINCT _instance) / (SELECT count(*) FROM instance WHERE state = 'active'), 1)
    AS percent
FROM part
WHERE list = LIST AND member = PATH
  AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY name
ORDER BY instances DESC, MEMBER
