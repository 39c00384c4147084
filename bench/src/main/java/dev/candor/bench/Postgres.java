package dev.candor.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL 15 of its own, as it would be run in earnest: every commit waits for the disk. */
final class Postgres implements AutoCloseable {
  private final EmbeddedPostgres server;

  private Postgres(EmbeddedPostgres server) {
    this.server = server;
  }

  static Postgres start(Setting setting) throws IOException {
    return new Postgres(
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(setting.folder("postgres").toFile())
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("max_connections", "100")
            .start());
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** Seconds of a core that all its processes have used so far. */
  double cpu() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
        .mapToDouble(Service::cpu)
        .sum();
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** An empty table for pings. */
  void pings() throws SQLException {
    execute(
        "DROP TABLE IF EXISTS ping;"
            + " CREATE TABLE ping(number BIGSERIAL PRIMARY KEY, received TIMESTAMPTZ, body JSONB)");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
