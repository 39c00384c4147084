-- title: TITLE over time
-- question: TITLE: how much is it in all, by day?
-- chart: lines x=day y=total
-- counts: instances
-- note: DESCRIPTIONSums over the instances that pinged on the day.
SELECT day, CAST(sum(instances) AS BIGINT) AS instances, sum(NAME) AS total
FROM daily
WHERE day <= (SELECT day FROM as_of)
GROUP BY day
HAVING sum(instances) > 0
ORDER BY day
