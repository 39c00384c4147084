-- A made-up fleet to measure reports on, in the SQL variables instances, days, end_day (the last
-- day) and seed. Most servers are small, a few are very large; some rest at weekends; each upgrades
-- after a lag of its own; one in ten comes late, one in ten leaves.
CREATE OR REPLACE TEMP MACRO luck(n, salt) AS
  (hash(n * 1000003 + salt * 7919 + getvariable('seed')) % 1000003) / 1000003.0;

CREATE OR REPLACE TEMP TABLE history AS
SELECT row_number() OVER (ORDER BY age DESC) AS number, *
FROM (
  VALUES (1680, '8.9.0.43852', false), (1150, '9.7.0.61563', false), (1140, '8.9.10.61524', false),
    (1035, '9.9.0.65466', false), (985, '10.0.0.68432', false), (945, '9.9.1.69595', false),
    (760, '9.9.3.79811', false), (585, '9.9.5.90363', false), (530, '10.6.0.92116', false),
    (430, '10.7.0.96327', false), (370, '9.9.8.100196', false), (335, '25.1.0.102122', false),
    (320, '2025.1.0.102418', true), (305, '25.2.0.102705', false), (275, '25.3.0.104237', false),
    (258, '2025.2.0.105476', true), (245, '25.4.0.105899', false), (216, '25.5.0.107428', false),
    (187, '25.6.0.109173', false), (185, '2025.3.0.108892', true), (155, '25.7.0.110598', false),
    (124, '25.8.0.112029', false), (122, '2025.4.0.111749', true), (94, '25.9.0.112764', false),
    (62, '25.10.0.114319', false), (60, '2025.5.0.113872', true), (30, '25.11.0.114957', false),
    (12, '25.12.0.117093', false)
) AS release (age, version, commercial);

CREATE OR REPLACE TEMP TABLE server AS
SELECT
  *,
  greatest(1, CAST(8 * exp(1.2 * normal) AS BIGINT)) AS projects,
  greatest(1, CAST(12 * exp(1.2 * normal) AS BIGINT)) AS users,
  CAST(if(starts < 0.9, 0, (starts - 0.9) / 0.1 * getvariable('days')) AS INTEGER) AS first_day,
  CAST(if(ends < 0.9, 100000, (ends - 0.9) / 0.1 * getvariable('days')) AS INTEGER) AS end_after
FROM (
  SELECT
    n,
    upper(substr(md5('s' || n), 1, 8)) || '-AV' || substr(md5('t' || n), 1, 18) AS id,
    sqrt(-2 * ln(luck(n, 1) + 1e-9)) * cos(6.283185307 * luck(n, 2)) AS normal,
    luck(n, 3) AS starts, luck(n, 4) AS ends, luck(n, 5) < 0.1 AS rests,
    CASE WHEN luck(n, 6) < 0.72 THEN 'community' WHEN luck(n, 6) < 0.88 THEN 'developer'
      WHEN luck(n, 6) < 0.98 THEN 'enterprise' ELSE 'datacenter' END AS edition,
    CASE WHEN luck(n, 7) < 0.78 THEN 'PostgreSQL' WHEN luck(n, 7) < 0.88 THEN 'Microsoft SQL Server'
      WHEN luck(n, 7) < 0.93 THEN 'Oracle' ELSE 'H2' END AS database,
    CAST(11 + floor(6 * luck(n, 8)) AS INTEGER) || '.' || CAST(floor(9 * luck(n, 9)) AS INTEGER)
      AS database_version,
    luck(n, 10) < 0.55 AS docker,
    -ln(luck(n, 11) + 1e-9) * 120 AS lag, luck(n, 12) AS second
  FROM range(getvariable('instances')) AS t (n)
);

-- Which version each server runs from which day on.
CREATE OR REPLACE TEMP TABLE stay AS
SELECT
  n, version, since,
  coalesce(lead(since) OVER (PARTITION BY n ORDER BY since, number), 1000000) AS until
FROM (
  SELECT
    s.n, h.version, h.number,
    CAST(getvariable('days') - h.age + s.lag * (0.3 + luck(s.n, 100 + h.number)) AS INTEGER) AS since
  FROM server AS s
  JOIN history AS h ON h.commercial <= (s.edition <> 'community')
  WHERE h.number = 1 OR luck(s.n, 200 + h.number) < 0.5
)
QUALIFY number = max(number) OVER (PARTITION BY n ORDER BY since, number);
