package dev.candor.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;

/** A made-up SonarQube 9.7: a folder and its embedded database, with one project and one user. */
final class SmallServer implements AutoCloseable {
  static final String ID = "ABB010CE-AVcdRncGX_RgEGt_NVoS";

  private static final String TABLES =
      """
      CREATE TABLE schema_migrations(version VARCHAR(255));
      CREATE TABLE properties(prop_key VARCHAR(512), text_value VARCHAR(4000));
      CREATE TABLE internal_properties(kee VARCHAR(20), text_value VARCHAR(4000));
      CREATE TABLE users(uuid VARCHAR(255), active BOOLEAN, external_identity_provider VARCHAR(100),
        last_connection_date BIGINT, last_sonarlint_connection BIGINT);
      CREATE TABLE projects(uuid VARCHAR(40), qualifier VARCHAR(10));
      CREATE TABLE project_branches(uuid VARCHAR(50), project_uuid VARCHAR(50),
        branch_type VARCHAR(12));
      CREATE TABLE snapshots(uuid VARCHAR(50), component_uuid VARCHAR(50), islast BOOLEAN,
        build_date BIGINT);
      CREATE TABLE metrics(uuid VARCHAR(40), name VARCHAR(64));
      CREATE TABLE live_measures(component_uuid VARCHAR(50), project_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), value DOUBLE);
      CREATE TABLE project_measures(analysis_uuid VARCHAR(50), component_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), text_value VARCHAR(4000));
      CREATE TABLE analysis_properties(analysis_uuid VARCHAR(40), kee VARCHAR(512),
        text_value VARCHAR(4000));
      CREATE TABLE project_alm_settings(project_uuid VARCHAR(50), alm_setting_uuid VARCHAR(40));
      CREATE TABLE alm_settings(uuid VARCHAR(40), alm_id VARCHAR(40), url VARCHAR(2000));
      CREATE TABLE plugins(kee VARCHAR(200), removed BOOLEAN);
      INSERT INTO schema_migrations VALUES ('6609');
      INSERT INTO properties VALUES ('sonar.core.id', 'ABB010CE-AVcdRncGX_RgEGt_NVoS');
      INSERT INTO users VALUES ('u1', TRUE, 'sonarqube', NULL, NULL);
      INSERT INTO metrics VALUES ('m1', 'ncloc'), ('m2', 'ncloc_language_distribution');
      INSERT INTO projects VALUES ('AYproj00000000000001', 'TRK');
      INSERT INTO project_branches VALUES
        ('AYproj00000000000001', 'AYproj00000000000001', 'BRANCH');
      INSERT INTO snapshots VALUES ('s1', 'AYproj00000000000001', TRUE, 1663000000000);
      INSERT INTO live_measures VALUES
        ('AYproj00000000000001', 'AYproj00000000000001', 'm1', 4711);
      INSERT INTO project_measures VALUES ('s1', 'AYproj00000000000001', 'm2', 'java=4711');
      """;

  private final Path home;
  private final Server database;

  SmallServer(Path folder) throws IOException, SQLException, URISyntaxException {
    database =
        Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
            .start();
    String url = "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./sonar;NON_KEYWORDS=VALUE";
    try (Connection connection = DriverManager.getConnection(url, "", "");
        Statement sql = connection.createStatement()) {
      sql.execute(TABLES);
    }
    home = folder.resolve("home");
    Path drivers = Files.createDirectories(home.resolve("lib/jdbc/h2"));
    Files.copy(
        Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
        drivers.resolve("h2.jar"));
    Files.createFile(home.resolve("lib/sonar-application-9.7.0.61563.jar"));
    Files.createDirectories(home.resolve("conf"));
    set("sonar.embeddedDatabase.port", Integer.toString(database.getPort()));
    Files.setPosixFilePermissions(conf(), PosixFilePermissions.fromString("rw-------"));
  }

  Path home() {
    return home;
  }

  private Path conf() {
    return home.resolve("conf").resolve("sonar.properties");
  }

  /** Adds a line to its settings. */
  void set(String key, String value) throws IOException {
    Files.writeString(
        conf(), key + "=" + value + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void close() {
    database.stop();
  }
}
