-- title: When the receiver ran
-- question: How much of each day did the receiver run?
-- chart: lines x=day y=percent
-- counts: minutes
-- filters: days
-- note: In ten-second steps, since it first counted. Pings of a day on which it did not run are missing, unless the sender keeps them and comes again.
SELECT
  day, round(least(100.0, seconds / 864), 1) AS percent,
  CAST(floor(seconds / 60) AS BIGINT) AS minutes
FROM up_day
ORDER BY day
