-- title: Instances
-- question: Which instances are there, and when did each last ping?
-- chart: table
-- note: At most 10,000 rows.
SELECT id, state, {{version}}{{filters:NAME, }}{{measures_few:NAME, }}first_day, last_day, days_silent
FROM instance
ORDER BY last_day DESC, {{largest}}, id
LIMIT 10000
