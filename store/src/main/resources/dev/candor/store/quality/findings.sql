-- title: Refused and left out by place
-- question: Which places of messages were refused or left out, and why?
-- chart: bars x=place y=times series=reason
-- counts: times
-- filters: days
-- note: A star stands for any index of a list, and for any name that is not a plain word. No value is kept. Of names that the dictionary lacks the first 100 of a kind of message are counted by themselves; the rest is “other”.
SELECT
  CASE path WHEN '' THEN 'the message' ELSE path END AS place, message, reason,
  min(day) AS first_day, max(day) AS last_day, CAST(sum(findings) AS BIGINT) AS times
FROM finding_day
GROUP BY ALL
ORDER BY times DESC, place, message, reason
