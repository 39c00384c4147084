-- title: TITLE
-- question: Which TITLE_IN_SENTENCE, in which versions, do active instances have?
-- chart: bars x=MEMBER y=instances series=version
-- counts: instances
-- sums: instances items percent
-- within: MEMBER
-- note: DESCRIPTIONOf active instances, by their latest message.
SELECT
  coalesce(name, 'unknown') AS MEMBER, coalesce(version, 'unknown') AS version,
  count(DISTINCT _instance) AS instances, sum(items) AS items,AMOUNT
  round(100.0 * count(DISTINCT _instance) / (SELECT count(*) FROM instance WHERE state = 'active'), 1)
    AS percent
FROM part
WHERE list = LIST AND member = PATH
  AND _instance IN (SELECT _instance FROM instance WHERE state = 'active')
GROUP BY name, part.version
ORDER BY instances DESC, MEMBER, version
