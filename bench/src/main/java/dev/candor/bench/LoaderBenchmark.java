package dev.candor.bench;

import dev.candor.cli.Products;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Loading a journal segment into the store, and what else reads the same file. Each time it is the
 * next day of the same instances.
 */
@State(Scope.Benchmark)
public class LoaderBenchmark {
  private static final int PING = 8192;
  private static final List<Product> PRODUCTS = new Products().all();

  /** Bytes of a segment. */
  @Param("33554432")
  public int size;

  private Path folder = Path.of("");
  private Path segment = Path.of("");
  private String columns = "";

  @SuppressWarnings("NullAway.Init") // by the set-up
  private Connection database;

  private int number;

  /** Makes an empty store, and a database beside it. */
  @Setup
  public void prepare() throws IOException, SQLException {
    folder = Files.createTempDirectory("candor-loader-");
    columns = Limits.columns(folder.resolve("columns"));
    Store.open(folder.resolve("data"), PRODUCTS, Clock.systemUTC()).close();
    database = DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("plain.duckdb"));
    Path empty = Files.createFile(folder.resolve("empty.ndjson"));
    try (Statement sql = database.createStatement()) {
      sql.execute("CREATE TABLE plain AS SELECT * FROM " + reading(empty.toString()));
    }
  }

  /** Writes the next day's segment. */
  @Setup(Level.Invocation)
  public void arrive() throws IOException {
    Path journal = folder.resolve("data/journal/sonarqube/ping");
    segment = journal.resolve(String.format(Locale.ROOT, "%012d.ndjson", ++number));
    String day = LocalDate.of(2026, 1, 1).plusDays(number).toString();
    byte[] receipt =
        (",\"timestamp\":\"%1$sT07:00:00.000Z\",\"type\":\"ping\","
                + "\"_received\":\"%1$sT07:00:00.000Z\"}\n")
            .formatted(day)
            .getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(segment), 1 << 16)) {
      for (int i = 0; i < size / PING; i++) {
        byte[] ping = Pings.ping(i, PING);
        out.write(ping, 0, ping.length - 1);
        out.write(receipt);
      }
    }
  }

  /** Ours, as after a crash: opening the store loads what the journal holds. */
  @Benchmark
  public void load() throws IOException {
    Store.open(folder.resolve("data"), PRODUCTS, Clock.systemUTC()).close();
    if (Files.exists(segment)) {
      throw new IllegalStateException("the segment was not loaded");
    }
  }

  /** The part of it that is not loading. */
  @Benchmark
  public void open() throws IOException {
    Files.delete(segment);
    Store.open(folder.resolve("data"), PRODUCTS, Clock.systemUTC()).close();
  }

  /** DuckDB reads all columns and keeps nothing. */
  @Benchmark
  public void readJson() throws SQLException, IOException {
    try (Statement sql = database.createStatement()) {
      sql.executeQuery("SELECT count(COLUMNS(*)) FROM " + reading(segment.toString())).close();
    }
    Files.delete(segment);
  }

  /** DuckDB reads all columns into a table of a file. */
  @Benchmark
  public void readJsonIntoTable() throws SQLException, IOException {
    try (Statement sql = database.createStatement()) {
      sql.execute("INSERT INTO plain SELECT * FROM " + reading(segment.toString()));
      sql.execute("CHECKPOINT");
    }
    Files.delete(segment);
  }

  private String reading(String file) {
    return "read_json('"
        + file
        + "', format = 'newline_delimited', maximum_object_size = 83886080, columns = "
        + columns
        + ")";
  }

  /** Deletes all of it. */
  @TearDown
  public void delete() throws IOException, SQLException {
    database.close();
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
