package dev.candor.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * The database's file. All writing goes through one connection, by one thread at a time, to which
 * the caller sees; reading goes through connections of their own.
 */
final class Database implements AutoCloseable {
  /** Writing that is done as a whole or not at all. */
  @FunctionalInterface
  interface Work<T> {
    T on(Statement sql) throws SQLException, IOException;
  }

  private final Connection writer;

  private Database(Connection writer) {
    this.writer = writer;
  }

  static Database open(Path file) throws SQLException, IOException {
    Connection writer = DriverManager.getConnection("jdbc:duckdb:" + file);
    PrivateFiles.restrict(file);
    try (Statement sql = writer.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
    }
    return new Database(writer);
  }

  /** A statement to write with, outside of a transaction. */
  Statement statement() throws SQLException {
    return writer.createStatement();
  }

  /** Does the work in a transaction. */
  <T> T atOnce(Work<T> work) throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("BEGIN");
      T done = work.on(sql);
      sql.execute("COMMIT");
      return done;
    } catch (SQLException | IOException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  /** With a statement of its own: a failed one is closed. */
  private void rollBack(Exception why) {
    try (Statement sql = writer.createStatement()) {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  /** A new connection to read with, which looks for tables in this schema. */
  Connection reader(String schema) throws SQLException {
    Connection connection = writer.unwrap(DuckDBConnection.class).duplicate();
    try (Statement sql = connection.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("SET search_path = " + Columns.text(schema));
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
