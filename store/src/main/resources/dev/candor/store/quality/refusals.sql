-- title: Refused and left out by reason
-- question: Why were messages refused, or values left out, on each day?
-- chart: bars x=day y=places series=reason
-- counts: places
-- filters: days
-- note: Places within messages: one message may have several. Malformed, bound and missing refuse the message; undeclared and grammar leave the value out; coarsened keeps less of it.
SELECT day, reason, CAST(sum(findings) AS BIGINT) AS places
FROM finding_day
GROUP BY ALL
ORDER BY day, reason
