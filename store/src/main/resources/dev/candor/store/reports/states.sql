-- title: Instances by state
-- question: How many instances are active, silent, gone or opted out?
-- chart: bars x=state y=instances
-- counts: instances
-- sums: instances percent
-- note: Silent is not off: a server that was stopped, or that cannot reach this address, sends nothing either.
SELECT state, count(*) AS instances, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM instance
GROUP BY state
ORDER BY instances DESC, state
