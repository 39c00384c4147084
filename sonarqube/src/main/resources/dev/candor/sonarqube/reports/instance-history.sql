-- title: Size over time
-- question: How many lines of code did each instance report, by day?
-- chart: lines x=day y=loc
SELECT id, day, version, users, projects, loc, plugins
FROM instance_day
ORDER BY day, id
