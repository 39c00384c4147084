-- The tables of a SonarQube 9.7 that its telemetry reads, with 20000 projects.
CREATE TABLE schema_migrations(version VARCHAR(255));
CREATE TABLE properties(prop_key VARCHAR(512), text_value VARCHAR(4000));
CREATE TABLE internal_properties(kee VARCHAR(20), text_value VARCHAR(4000));
CREATE TABLE users(uuid VARCHAR(255) PRIMARY KEY, active BOOLEAN,
  external_identity_provider VARCHAR(100), last_connection_date BIGINT,
  last_sonarlint_connection BIGINT);
CREATE TABLE projects(uuid VARCHAR(40) PRIMARY KEY, qualifier VARCHAR(10));
CREATE TABLE project_branches(uuid VARCHAR(50) PRIMARY KEY, project_uuid VARCHAR(50),
  branch_type VARCHAR(12));
CREATE TABLE snapshots(uuid VARCHAR(50) PRIMARY KEY, component_uuid VARCHAR(50),
  islast BOOLEAN, build_date BIGINT);
CREATE INDEX s ON snapshots(component_uuid);
CREATE TABLE metrics(uuid VARCHAR(40) PRIMARY KEY, name VARCHAR(64));
CREATE TABLE live_measures(component_uuid VARCHAR(50), project_uuid VARCHAR(50),
  metric_uuid VARCHAR(40), value NUMERIC(38, 20));
CREATE UNIQUE INDEX b ON project_branches(branch_type, project_uuid, uuid);
CREATE INDEX l ON live_measures(component_uuid, metric_uuid);
CREATE TABLE project_measures(analysis_uuid VARCHAR(50), component_uuid VARCHAR(50),
  metric_uuid VARCHAR(40), text_value VARCHAR(4000));
CREATE INDEX m ON project_measures(analysis_uuid, metric_uuid);
CREATE TABLE analysis_properties(analysis_uuid VARCHAR(40), kee VARCHAR(512),
  text_value VARCHAR(4000));
CREATE INDEX a ON analysis_properties(analysis_uuid);
CREATE TABLE project_alm_settings(project_uuid VARCHAR(50) PRIMARY KEY,
  alm_setting_uuid VARCHAR(40));
CREATE TABLE alm_settings(uuid VARCHAR(40) PRIMARY KEY, alm_id VARCHAR(40), url VARCHAR(2000));
CREATE TABLE plugins(kee VARCHAR(200), removed BOOLEAN);
INSERT INTO schema_migrations VALUES ('6609');
INSERT INTO properties VALUES ('sonar.core.id', 'ABB010CE-AVcdRncGX_RgEGt_NVoS');
INSERT INTO metrics VALUES ('m1', 'ncloc'), ('m2', 'ncloc_language_distribution');
INSERT INTO alm_settings VALUES ('x', 'github', 'https://api.github.com');
INSERT INTO users SELECT 'AYuser' || LPAD(x::text, 14, '0'), TRUE, 'github', 1663000000000,
  NULL FROM generate_series(1, 20000 / 2) x;
INSERT INTO projects SELECT 'AYproj' || LPAD(x::text, 14, '0'), 'TRK'
  FROM generate_series(1, 20000) x;
INSERT INTO project_branches SELECT uuid, uuid, 'BRANCH' FROM projects;
INSERT INTO snapshots SELECT 's' || uuid, uuid, TRUE, 1663000000000 FROM projects;
INSERT INTO live_measures SELECT uuid, uuid, 'm1', abs(hashtext(uuid)) % 100000 FROM projects;
INSERT INTO project_measures SELECT 's' || uuid, uuid, 'm2', 'java=4711;js=815;xml=3'
  FROM projects;
INSERT INTO analysis_properties SELECT 's' || uuid, 'sonar.analysis.detectedscm', 'git'
  FROM projects;
INSERT INTO analysis_properties SELECT 's' || uuid, 'sonar.analysis.detectedci', 'Jenkins'
  FROM projects;
INSERT INTO project_alm_settings SELECT uuid, 'x' FROM projects;
ANALYZE;
