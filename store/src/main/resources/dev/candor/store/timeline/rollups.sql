-- Brings daily, weekly and monthly up to date by the rows of instance_day in the table moved: with
-- sign 1 those that count from now on, with sign -1 those that no longer do.

CREATE OR REPLACE TEMP TABLE step AS
SELECT
  *,
  coalesce(day - previous_day < 8, false) AS follows,
  coalesce(week = previous_week, false) AS same_week,
  coalesce(month = last_month, false) AS same_month,
  release IS NOT DISTINCT FROM previous_release{{filters: AND NAME IS NOT DISTINCT FROM previous_NAME}} AS same
FROM (
  SELECT
    * EXCLUDE (version),
    if(version IS NOT DISTINCT FROM previous_version, release, {{previous_release}})
      AS previous_release,
    CAST(date_trunc('week', day) AS DATE) AS week,
    CAST(date_trunc('week', previous_day) AS DATE) AS previous_week,
    CAST(date_trunc('month', day) AS DATE) AS month,
    CAST(date_trunc('month', previous_day) AS DATE) AS last_month
  FROM moved
  WHERE getvariable('folded') IS NULL OR day > getvariable('folded')
);

CREATE OR REPLACE TEMP TABLE delta AS
SELECT
  day, release, {{filters:NAME, }}_folded,
  CAST(sum(n) AS BIGINT) AS instances,
  CAST(sum(fresh) AS BIGINT) AS new_instances,
  CAST(sum(back) AS BIGINT) AS returning_instances,
  CAST(sum(up) AS BIGINT) AS moved_instances,
  CAST(sum(active) AS BIGINT) AS active_instances{{sums:,
  coalesce(sum(NAME), 0) AS NAME}}
FROM (
  SELECT
    day, release, {{filters:NAME, }}_folded, sign AS n,
    if(day = first_day, sign, 0) AS fresh,
    if(day - previous_day >= 8, sign, 0) AS back,
    CASE
      WHEN release = previous_release OR previous_release = '' OR release = '' THEN 0
      WHEN [try_cast(n AS BIGINT) FOR n IN string_split(release, '.')]
        > [try_cast(n AS BIGINT) FOR n IN string_split(previous_release, '.')] THEN sign
      ELSE 0
    END AS up,
    0 AS active{{sums:,
    sign * CAST(NAME AS TYPE) AS NAME}}
  FROM step
  UNION ALL BY NAME
  -- It is active for eight days more, of which its day before covers the first.
  SELECT
    unnest(CAST(range(if(follows AND same, previous_day + 8, day), day + 8, INTERVAL 1 DAY) AS DATE[]))
      AS day,
    release, {{filters:NAME, }}_folded, 0 AS n, 0 AS fresh, 0 AS back, 0 AS up, sign AS active
  FROM step
  UNION ALL BY NAME
  SELECT
    unnest(CAST(range(day, previous_day + 8, INTERVAL 1 DAY) AS DATE[])) AS day,
    previous_release AS release, {{filters:previous_NAME AS NAME, }}
    _folded, 0 AS n, 0 AS fresh, 0 AS back, 0 AS up, -sign AS active
  FROM step
  WHERE follows AND NOT same
)
GROUP BY ALL;

MERGE INTO daily AS t
USING delta AS d
ON t.day = d.day AND t._folded = d._folded
  AND t.release IS NOT DISTINCT FROM d.release{{filters: AND t.NAME IS NOT DISTINCT FROM d.NAME}}
WHEN MATCHED AND t.instances + d.instances = 0 AND t.active_instances + d.active_instances = 0
  THEN DELETE
WHEN MATCHED THEN UPDATE SET
  instances = t.instances + d.instances, new_instances = t.new_instances + d.new_instances,
  returning_instances = t.returning_instances + d.returning_instances,
  moved_instances = t.moved_instances + d.moved_instances,
  active_instances = t.active_instances + d.active_instances{{sums:,
  NAME = coalesce(t.NAME, 0) + d.NAME}}
WHEN NOT MATCHED AND (d.instances <> 0 OR d.active_instances <> 0) THEN INSERT BY NAME;

CREATE OR REPLACE TEMP TABLE delta AS
SELECT
  day, release, {{filters:NAME, }}_folded, CAST(sum(n) AS BIGINT) AS instances,
  CAST(coalesce(sum(n) FILTER (fresh), 0) AS BIGINT) AS new_instances
FROM (
  SELECT
    week AS day, release, {{filters:NAME, }}_folded, sign AS n,
    date_trunc('week', first_day) = week AS fresh
  FROM step
  WHERE NOT (same_week AND same)
  UNION ALL
  SELECT
    week, previous_release, {{filters:previous_NAME, }}_folded, -sign,
    date_trunc('week', first_day) = week
  FROM step
  WHERE same_week AND NOT same
)
GROUP BY ALL;

MERGE INTO weekly AS t
USING delta AS d
ON t.day = d.day AND t._folded = d._folded
  AND t.release IS NOT DISTINCT FROM d.release{{filters: AND t.NAME IS NOT DISTINCT FROM d.NAME}}
WHEN MATCHED AND t.instances + d.instances = 0 AND t.new_instances + d.new_instances = 0
  THEN DELETE
WHEN MATCHED THEN UPDATE SET
  instances = t.instances + d.instances, new_instances = t.new_instances + d.new_instances
WHEN NOT MATCHED AND (d.instances <> 0 OR d.new_instances <> 0) THEN INSERT BY NAME;

CREATE OR REPLACE TEMP TABLE delta AS
SELECT
  day, joined, release, {{filters:NAME, }}_folded,
  CAST(sum(n) AS BIGINT) AS instances,
  CAST(coalesce(sum(n) FILTER (kept), 0) AS BIGINT) AS retained,
  CAST(sum(later) AS BIGINT) AS stayed
FROM (
  SELECT
    month AS day, date_trunc('month', first_day) AS joined, release, {{filters:NAME, }}_folded,
    sign AS n, previous_month = month - INTERVAL 1 MONTH AS kept, 0 AS later
  FROM step
  WHERE NOT (same_month AND same)
  UNION ALL
  SELECT
    month, date_trunc('month', first_day), previous_release, {{filters:previous_NAME, }}
    _folded, -sign, previous_month = month - INTERVAL 1 MONTH, 0
  FROM step
  WHERE same_month AND NOT same
  UNION ALL
  SELECT
    last_month, date_trunc('month', first_day), previous_release, {{filters:previous_NAME, }}
    _folded, 0, false, sign
  FROM step
  WHERE last_month = month - INTERVAL 1 MONTH
)
GROUP BY ALL;

MERGE INTO monthly AS t
USING delta AS d
ON t.day = d.day AND t.joined = d.joined AND t._folded = d._folded
  AND t.release IS NOT DISTINCT FROM d.release{{filters: AND t.NAME IS NOT DISTINCT FROM d.NAME}}
WHEN MATCHED AND t.instances + d.instances = 0 AND t.retained + d.retained = 0
    AND t.stayed + d.stayed = 0
  THEN DELETE
WHEN MATCHED THEN UPDATE SET
  instances = t.instances + d.instances, retained = t.retained + d.retained,
  stayed = t.stayed + d.stayed
WHEN NOT MATCHED AND (d.instances <> 0 OR d.retained <> 0 OR d.stayed <> 0) THEN INSERT BY NAME;
