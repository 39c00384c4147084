-- SonarQube's long-term lines (LTS, since 2024 called LTA), and the month in which each came out.
-- Community Build, which counts from 25.1, has none.
SELECT release, month
FROM (
  VALUES ('5.6', DATE '2016-06-01'), ('6.7', DATE '2017-11-01'), ('7.9', DATE '2019-07-01'),
    ('8.9', DATE '2021-05-01'), ('9.9', DATE '2023-02-01'), ('2025.1', DATE '2025-01-01'),
    ('2025.4', DATE '2025-07-01'), ('2026.1', DATE '2026-01-01')
) AS line (release, month)
