package dev.candor.sonarqube;

import dev.candor.dictionary.MessageType;
import dev.candor.store.Product;
import dev.candor.store.ProductFolder;
import dev.candor.store.Store;
import dev.candor.store.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A data directory whose database is written to by hand. */
final class RawTables implements AutoCloseable {
  static final Product PRODUCT = product();

  private static final Timeline TIMELINE = PRODUCT.timeline().orElseThrow();

  private final Path data;
  private final Connection connection;
  private long kept;

  RawTables() throws SQLException {
    try {
      data = Files.createTempDirectory("candor-raw");
      Store.open(data, List.of(PRODUCT), Clock.systemUTC()).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connection = DriverManager.getConnection("jdbc:duckdb:" + data.resolve("store.duckdb"));
    run("SET search_path = 'sonarqube'");
  }

  private static Product product() {
    try {
      return Product.read(new ProductFolder.BesideClass(SonarQube.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a kept message in. */
  void add(MessageType type, String json, String received) throws SQLException {
    Path file = data.resolve("message.json");
    try {
      Files.writeString(file, json, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String table = "raw_" + type.name().replace('-', '_');
    run(
        "COPY "
            + table
            + " (\""
            + String.join("\", \"", type.root().members().keySet())
            + "\") FROM '"
            + file
            + "' (FORMAT json)");
    run("UPDATE " + table + " SET _received = '" + received + "' WHERE _received IS NULL");
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Lets the timeline see what came since the last time, as the store does after each load. */
  void keepUp() throws SQLException {
    run("SET VARIABLE first_row = " + kept);
    for (MessageType type : PRODUCT.dictionary().messages()) {
      run(TIMELINE.refresh(type));
    }
    run("SET VARIABLE first_row = (SELECT nextval('candor.row_number'))");
    try (Statement statement = connection.createStatement();
        ResultSet next = statement.executeQuery("SELECT getvariable('first_row')")) {
      next.next();
      kept = next.getLong(1);
    }
  }

  /** Erases from the timeline the instances in the table erased. */
  void erase() throws SQLException {
    run(TIMELINE.erase());
  }

  /** Folds the days before the variable keep_from. */
  void retain() throws SQLException {
    run(TIMELINE.retain());
  }

  /** Fills the timeline from the raw tables, as the store does when its SQL has changed. */
  void makeAnew() throws SQLException {
    run(TIMELINE.tables());
    kept = 0;
    keepUp();
  }

  /** The answer of a report, each row as its values with bars between. */
  List<String> report(String name) throws SQLException {
    return rows(PRODUCT.report(name).orElseThrow().sql());
  }

  /** Each row as its values with bars between. */
  List<String> rows(String sql) throws SQLException {
    keepUp();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(found.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
