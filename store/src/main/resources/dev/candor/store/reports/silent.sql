-- title: Silent instances
-- question: Which instances that have not opted out sent nothing for three days or more?
-- chart: table
-- note: At most 10,000 rows.
SELECT id, {{version}}{{filters:NAME, }}last_day, days_silent
FROM instance
WHERE state <> 'opted-out' AND days_silent >= 3
ORDER BY days_silent, id
LIMIT 10000
