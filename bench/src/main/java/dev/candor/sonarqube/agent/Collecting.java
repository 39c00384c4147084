package dev.candor.sonarqube.agent;

import dev.candor.client.Preview;
import dev.candor.client.Telemetry;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that collects from a SonarQube's database, in turns with a plain {@code SELECT} of the
 * same rows. In this package because the statements are the agent's own. Prints the megabytes of
 * heap in use before, then a line a round: seconds of the SELECT, seconds of collecting.
 */
public final class Collecting {
  private Collecting() {}

  /** {@code HOME URL ROUNDS}: the SonarQube's folder, its database, how often. */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    SonarQubeAgent agent =
        SonarQubeAgent.open(
            new SonarQubeAgent.Options(
                home,
                home.resolve("state"),
                Optional.empty(),
                Optional.of(Form.SONARQUBE),
                Map.of(),
                home,
                home));
    try (Telemetry telemetry = agent.telemetry(Clock.systemUTC()).build()) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.println((runtime.totalMemory() - runtime.freeMemory()) / 1e6);
      for (int round = 0; round < Integer.parseInt(args[2]); round++) {
        long start = System.nanoTime();
        select(args[1]);
        long between = System.nanoTime();
        Preview preview = telemetry.preview(OutputStream.nullOutputStream());
        long end = System.nanoTime();
        if (preview.sources().stream()
            .anyMatch(
                source ->
                    source.omitted().isPresent()
                        && List.of("users", "projects").contains(source.name()))) {
          throw new IllegalStateException("collecting left something out: " + preview.sources());
        }
        System.out.println((between - start) / 1e9 + " " + (end - between) / 1e9);
      }
    }
    System.exit(0);
  }

  /** The same statements, row by row, nothing done with them. */
  private static void select(String url) throws SQLException {
    Queries queries = new Queries(SchemaVersion.TO_10_0, "TRUE");
    for (String statement : List.of(Queries.USERS, queries.projects(), queries.stats())) {
      try (Connection connection = DriverManager.getConnection(url)) {
        connection.setAutoCommit(false);
        try (Statement sql = connection.createStatement()) {
          sql.setFetchSize(500);
          try (ResultSet rows = sql.executeQuery(statement)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
              for (int i = 1; i <= columns; i++) {
                rows.getObject(i);
              }
            }
          }
        }
      }
    }
  }
}
