-- title: Clients by version
-- question: By which software did the instances send that sent within the last 28 days?
-- chart: bars x=client y=instances
-- counts: instances
-- sums: instances percent
-- filters: days
-- note: Product and version of the User-Agent of each instance’s latest message, if they looked like nothing else.
SELECT
  coalesce(client, 'not told') AS client, count(*) AS instances,
  round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM (
  SELECT id, arg_max(coalesce(_agent, 'not told'), (_received, _row)) AS client
  FROM message
  WHERE day > (SELECT max(day) FROM message) - 28
  GROUP BY id
)
GROUP BY ALL
ORDER BY instances DESC, client
