-- title: What became of messages
-- question: How many messages were kept, kept without some of their values, refused, or not taken in, on each day?
-- chart: bars x=day y=requests series=outcome
-- counts: requests
-- filters: days
-- note: Of messages, not of instances. Counted as they came over HTTP, not for those imported or replayed. A crash may lose the counts of its last seconds, never a message.
SELECT day, outcome, CAST(sum(requests) AS BIGINT) AS requests
FROM request_day
GROUP BY ALL
ORDER BY day, outcome
