-- title: Clients by version
-- question: By which software did the instances send that sent within the last 28 days?
-- chart: bars x=client y=instances
-- counts: instances
-- sums: instances percent
-- filters: days
-- note: Product and version of the User-Agent of each instance’s latest message, if they looked like nothing else.
WITH used AS (
  SELECT
    id, coalesce(_agent, 'not told') AS client, max(_received) AS received, max(_row) AS row
  FROM message
  WHERE _received >= (SELECT CAST(received AS DATE) - 27 FROM last_message)
  GROUP BY ALL
)
SELECT
  client, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM (SELECT id, arg_max(client, (received, row)) AS client FROM used GROUP BY id)
GROUP BY ALL
ORDER BY instances DESC, client
