package dev.candor.sonarqube.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.client.Preview;
import dev.candor.client.Telemetry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large server: collecting takes as much memory as for a small one. The process has 32 MB of
 * heap, of which an idle one uses about 6; times are printed beside those of a plain SELECT of the
 * same rows in the same process, not judged. The size of a large company: {@code
 * -Dcandor.projects=20000}; there are half as many users, and three languages a project.
 */
class ScaleTest {
  private static final String TABLES =
      """
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
      """;
  @TempDir Path folder;

  @Test
  void memoryIsFlat() throws Exception {
    int projects = Integer.getInteger("candor.projects", 2000);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      System.out.println("| projects | users | plain SELECT | collecting | ratio | JSON |");
      System.out.println("| --- | --- | --- | --- | --- | --- |");
      for (int size : List.of(projects / 10, projects)) {
        try (Connection connection = DriverManager.getConnection(url);
            Statement sql = connection.createStatement()) {
          sql.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
          sql.execute(TABLES);
          sql.execute(
              String.format(
                  Locale.ROOT,
                  """
              INSERT INTO users SELECT 'AYuser' || LPAD(x::text, 14, '0'), TRUE, 'github', 1663000000000,
                NULL FROM generate_series(1, %2$d) x;
              INSERT INTO projects SELECT 'AYproj' || LPAD(x::text, 14, '0'), 'TRK'
                FROM generate_series(1, %1$d) x;
              INSERT INTO project_branches SELECT uuid, uuid, 'BRANCH' FROM projects;
              INSERT INTO snapshots SELECT 's' || uuid, uuid, TRUE, 1663000000000 FROM projects;
              INSERT INTO live_measures SELECT uuid, uuid, 'm1', abs(hashtext(uuid)) %% 100000 FROM projects;
              INSERT INTO project_measures SELECT 's' || uuid, uuid, 'm2', 'java=4711;js=815;xml=3'
                FROM projects;
              INSERT INTO analysis_properties SELECT 's' || uuid, 'sonar.analysis.detectedscm', 'git'
                FROM projects;
              INSERT INTO analysis_properties SELECT 's' || uuid, 'sonar.analysis.detectedci', 'Jenkins'
                FROM projects;
              INSERT INTO project_alm_settings SELECT uuid, 'x' FROM projects;
              ANALYZE;
              """,
                  size,
                  size / 2));
        }
        Home home = new Home(folder.resolve("home" + size), "9.7.0.61563");
        home.settings("sonar.jdbc.url=" + url + "\n");
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx32m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Collecting.class.getName(),
                    home.folder().toString(),
                    url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
          List<String> said = out.lines().toList();
          assertThat(process.waitFor()).isZero();
          assertThat(said.get(0)).isEqualTo("rows " + (size / 2 + size + size));
          System.out.println("| " + size + " | " + size / 2 + " | " + said.get(1) + " |");
        }
      }
    }
  }

  /** The process: reads the rows plainly, then collects; thrice each, the best counts. */
  static final class Collecting {
    private Collecting() {}

    public static void main(String[] args) throws Exception {
      Path home = Path.of(args[0]);
      SonarQubeAgent agent =
          SonarQubeAgent.open(
              new SonarQubeAgent.Options(
                  home,
                  home.resolve("state"),
                  Optional.empty(),
                  Optional.of(Form.SONARQUBE),
                  java.util.Map.of(),
                  home,
                  home));
      long plain = Long.MAX_VALUE;
      long collecting = Long.MAX_VALUE;
      long rows = 0;
      long bytes = 0;
      try (Telemetry telemetry = agent.telemetry(Clock.systemUTC()).build()) {
        for (int i = 0; i < 3; i++) {
          long start = System.nanoTime();
          rows = select(args[1]);
          plain = Math.min(plain, System.nanoTime() - start);
          start = System.nanoTime();
          Preview preview = telemetry.preview(OutputStream.nullOutputStream());
          collecting = Math.min(collecting, System.nanoTime() - start);
          bytes = preview.sources().stream().mapToLong(s -> s.bytes()).sum();
          boolean whole =
              preview.sources().stream()
                  .filter(s -> List.of("users", "projects").contains(s.name()))
                  .allMatch(s -> s.omitted().isEmpty());
          if (!whole) {
            System.err.println(preview.sources());
            System.exit(1);
          }
        }
      }
      System.out.println("rows " + rows);
      System.out.printf(
          "%d ms | %d ms | %.2f | %.1f MB%n",
          plain / 1_000_000, collecting / 1_000_000, (double) collecting / plain, bytes / 1e6);
      System.exit(0);
    }

    /** The same statements, row by row, nothing done with them. */
    private static long select(String url) throws Exception {
      Queries queries = new Queries(SchemaVersion.TO_10_0, "TRUE");
      long rows = 0;
      List<String> statements = new ArrayList<>();
      statements.add(Queries.USERS);
      statements.add(queries.projects());
      statements.add(queries.stats());
      for (String statement : statements) {
        try (Connection connection = DriverManager.getConnection(url)) {
          connection.setAutoCommit(false);
          try (Statement sql = connection.createStatement()) {
            sql.setFetchSize(500);
            try (ResultSet result = sql.executeQuery(statement)) {
              int columns = result.getMetaData().getColumnCount();
              while (result.next()) {
                for (int i = 1; i <= columns; i++) {
                  result.getObject(i);
                }
                rows++;
              }
            }
          }
        }
      }
      return rows;
    }
  }
}
