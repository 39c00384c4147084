-- Every measured value of every metrics message once; repeats are told by message_uuid.
SELECT
  id, day, dimension, m.key AS key, m.value AS value, m.type AS type, m.granularity AS granularity,
  m.project_uuid AS project, m.user_uuid AS "user", m.language AS language,
  m.analysis_type AS analysis_type, _received
FROM (
  SELECT
    installation_id AS id, CAST(_received AS DATE) AS day, dimension, _received,
    unnest(metric_values) AS m
  FROM raw_metrics
  WHERE _row IN (
    SELECT arg_max(_row, (_received, _row))
    FROM raw_metrics
    GROUP BY installation_id, coalesce('key ' || _key, 'uuid ' || message_uuid, 'row ' || _row)
  )
)
