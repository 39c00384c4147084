package dev.candor.client;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A row in a table: for processes that share a database and have state directories of their own.
 * The table is the program's to make:
 *
 * <pre>{@code
 * CREATE TABLE candor_lease (
 *   name VARCHAR(100) PRIMARY KEY, holder VARCHAR(64) NOT NULL,
 *   until_ms BIGINT NOT NULL, last_ping_ms BIGINT NOT NULL)
 * }</pre>
 */
public final class JdbcLease implements Lease {
  private static final int TIMEOUT_SECONDS = 10;

  private final Callable<Connection> connections;
  private final String name;
  private final String holder;
  private final Duration term;
  private final Clock clock;

  /**
   * A lease in a table.
   *
   * @param connections gives a connection in auto-commit mode, closed after use
   * @param name of the row: one for each instance
   * @param holder this process, unlike any other
   * @param term how long the lease lasts unless renewed: several times the cadence's look
   */
  public JdbcLease(
      Callable<Connection> connections, String name, String holder, Duration term, Clock clock) {
    this.connections = connections;
    this.name = name;
    this.holder = holder;
    this.term = term;
    this.clock = clock;
  }

  @Override
  public boolean hold() throws IOException {
    long now = clock.millis();
    String take =
        "UPDATE candor_lease SET holder = ?, until_ms = ?"
            + " WHERE name = ? AND (holder = ? OR until_ms < ? OR until_ms > ?)";
    // A lease that ends later than any could was made under a wrong clock.
    long far = now + 2 * term.toMillis();
    long until = now + term.toMillis();
    if (update(take, holder, until, name, holder, now, far) == 1) {
      return true;
    }
    if (row().isPresent()) {
      return false;
    }
    try {
      return update("INSERT INTO candor_lease VALUES (?, ?, ?, ?)", name, holder, until, 0L) == 1;
    } catch (IOException e) {
      return update(take, holder, until, name, holder, now, far) == 1; // another was first
    }
  }

  @Override
  public Optional<Instant> lastPing() throws IOException {
    return row().filter(ms -> ms > 0).map(Instant::ofEpochMilli);
  }

  @Override
  public void pinged(Instant at) throws IOException {
    update("UPDATE candor_lease SET last_ping_ms = ? WHERE name = ?", at.toEpochMilli(), name);
  }

  @Override
  public void close() throws IOException {
    update("UPDATE candor_lease SET until_ms = 0 WHERE name = ? AND holder = ?", name, holder);
  }

  private Optional<Long> row() throws IOException {
    try (Connection connection = connections.call();
        PreparedStatement sql =
            connection.prepareStatement("SELECT last_ping_ms FROM candor_lease WHERE name = ?")) {
      sql.setQueryTimeout(TIMEOUT_SECONDS);
      sql.setString(1, name);
      try (ResultSet rows = sql.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    } catch (Exception e) {
      throw failed(e);
    }
  }

  private int update(String statement, Object... values) throws IOException {
    try (Connection connection = connections.call();
        PreparedStatement sql = connection.prepareStatement(statement)) {
      sql.setQueryTimeout(TIMEOUT_SECONDS);
      for (int i = 0; i < values.length; i++) {
        sql.setObject(i + 1, values[i]);
      }
      return sql.executeUpdate();
    } catch (Exception e) {
      throw failed(e);
    }
  }

  /** Without the database's own words, which might hold its address or user. */
  private static IOException failed(Exception e) {
    String state = e instanceof SQLException sql ? " " + sql.getSQLState() : "";
    return new IOException(
        "the lease in table candor_lease cannot be used: " + e.getClass().getName() + state);
  }
}
