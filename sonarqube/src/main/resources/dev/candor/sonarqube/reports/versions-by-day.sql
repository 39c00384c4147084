-- title: Versions over time
-- question: Which releases did the instances run that pinged on each day?
-- chart: area x=day y=instances series=release
-- counts: instances
-- note: Days with fewer pings, such as weekends, show fewer instances.
SELECT day, coalesce(nullif(release, ''), 'unknown') AS release, count(*) AS instances
FROM instance_day
GROUP BY ALL
ORDER BY day, release
