-- title: Lag from receipt to report
-- question: How long after their receipt were messages seen by reports?
-- chart: bars x=lag y=messages
-- counts: messages
-- filters: days
-- note: From the receipt until the loader had the message in the tables. Answers that are kept may be older: each figure says of when it is. Imported and replayed messages keep their first receipt, so they are in the last bar.
SELECT
  CASE within_seconds
    WHEN 1 THEN 'up to 1 s'
    WHEN 2 THEN 'up to 2 s'
    WHEN 5 THEN 'up to 5 s'
    WHEN 10 THEN 'up to 10 s'
    WHEN 60 THEN 'up to a minute'
    WHEN 600 THEN 'up to 10 minutes'
    WHEN 3600 THEN 'up to an hour'
    WHEN 86400 THEN 'up to a day'
    ELSE 'more than a day'
  END AS lag,
  CAST(sum(messages) AS BIGINT) AS messages,
  round(100.0 * sum(messages) / sum(sum(messages)) OVER (), 1) AS percent
FROM load_day
GROUP BY within_seconds
ORDER BY within_seconds < 0, within_seconds
