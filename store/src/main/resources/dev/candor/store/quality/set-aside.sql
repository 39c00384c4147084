-- title: Messages that could not be loaded
-- question: Which messages were received but are in no report, because the database would not take them?
-- chart: bars x=day y=messages series=reason
-- counts: messages
-- filters: days
-- note: Each was set aside alone, whole, in a file beside its journal that ends in .bad; all others were loaded. Mend it, take the ending away and start again.
SELECT day, message, reason, CAST(sum(messages) AS BIGINT) AS messages
FROM set_aside_day
GROUP BY ALL
ORDER BY day, message, reason
