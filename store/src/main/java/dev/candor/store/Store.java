package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A data directory: the journal, the tables that it is loaded into, and the answers from them. */
public final class Store implements AutoCloseable {
  private static final long LOAD_EVERY_MILLIS = 1000;
  private static final int MAX_LINE_BYTES = 80 << 20;

  private record Stream(Dictionary dictionary, MessageType type, Journal journal) {
    String table() {
      return Columns.name(dictionary.product()) + "." + Columns.name(Columns.table(type));
    }

    String name() {
      return dictionary.product() + "/" + type.name();
    }
  }

  private final DirectoryLock lock;
  private final Connection database;
  private final Clock clock;
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final Object loading = new Object();
  private final Thread loader;
  private volatile boolean closed;

  private Store(DirectoryLock lock, Connection database, Clock clock) {
    this.lock = lock;
    this.database = database;
    this.clock = clock;
    this.loader = Thread.ofPlatform().daemon().name("candor-loader").unstarted(this::keepLoading);
  }

  /**
   * Opens a data directory, making it if need be: takes its lock, repairs what a crash left, fits
   * the tables to the dictionaries and loads what the journal holds.
   *
   * @throws IOException if it is in use by another process, cannot be written, or holds a column of
   *     another type than the dictionary's
   */
  public static Store open(Path data, List<Product> products, Clock clock) throws IOException {
    Path directory = privateDirectory(data);
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Connection database =
          DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("store.duckdb"));
      Store store = new Store(lock, database, clock);
      store.prepare(directory.resolve("journal"), products);
      store.load();
      store.loader.start();
      return store;
    } catch (SQLException e) {
      lock.close();
      throw new IOException("the store in \"" + data + "\" cannot be opened: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Path privateDirectory(Path data) throws IOException {
    if (Files.isDirectory(data)) {
      return data;
    }
    if (!data.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Files.createDirectories(data);
    }
    return Files.createDirectories(
        data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private void prepare(Path journal, List<Product> products) throws SQLException, IOException {
    try (Statement sql = database.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("CREATE SCHEMA IF NOT EXISTS candor");
      sql.execute(
          "CREATE TABLE IF NOT EXISTS candor.loaded_segment"
              + " (stream VARCHAR, segment BIGINT, rows BIGINT, loaded_at TIMESTAMP,"
              + " PRIMARY KEY (stream, segment))");
      for (Product product : products) {
        String schema = product.dictionary().product();
        sql.execute("CREATE SCHEMA IF NOT EXISTS " + Columns.name(schema));
        for (MessageType type : product.dictionary().messages()) {
          Path folder = journal.resolve(schema).resolve(type.name());
          Stream stream =
              new Stream(product.dictionary(), type, new Journal(folder, after(sql, schema, type)));
          streams.put(stream.name(), stream);
          fit(sql, stream);
        }
        sql.execute("SET search_path = " + Columns.text(schema));
        for (Map.Entry<String, String> view : product.views().entrySet()) {
          sql.execute(
              "CREATE OR REPLACE VIEW " + Columns.name(view.getKey()) + " AS " + view.getValue());
        }
      }
    }
  }

  /** The number after that of every segment that was ever loaded. */
  private static long after(Statement sql, String schema, MessageType type) throws SQLException {
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT coalesce(max(segment) + 1, 0) FROM candor.loaded_segment WHERE stream = "
                + Columns.text(schema + "/" + type.name()))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Makes the table, or brings it up to what the dictionary has gained. */
  private static void fit(Statement sql, Stream stream) throws SQLException {
    Map<String, String> wanted = Columns.of(stream.type());
    sql.execute("CREATE TABLE IF NOT EXISTS " + stream.table() + " (" + definitions(wanted) + ")");
    sql.execute("CREATE OR REPLACE TEMP TABLE wanted (" + definitions(wanted) + ")");
    Map<String, String> have = types(sql, stream.table());
    Map<String, String> want = types(sql, "temp.wanted");
    for (Map.Entry<String, String> column : want.entrySet()) {
      String name = Columns.name(column.getKey());
      String type = have.get(column.getKey());
      if (type == null) {
        sql.execute(
            "ALTER TABLE " + stream.table() + " ADD COLUMN " + name + " " + column.getValue());
      } else if (!type.equals(column.getValue())) {
        // Structs are cast member by member, by name: new members are null, none is lost.
        sql.execute(
            "ALTER TABLE "
                + stream.table()
                + " ALTER COLUMN "
                + name
                + " TYPE "
                + column.getValue());
      }
    }
    sql.execute("DROP TABLE temp.wanted");
  }

  private static String definitions(Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(column -> Columns.name(column.getKey()) + " " + column.getValue())
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> types(Statement sql, String table) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    try (ResultSet rows = sql.executeQuery("DESCRIBE " + table)) {
      while (rows.next()) {
        types.put(rows.getString(1), rows.getString(2));
      }
    }
    return types;
  }

  /**
   * Keeps a message. Returns once it is durable.
   *
   * @param line one JSON object on one line, as the sieve passed it, with its receipt
   * @throws IOException if it could not be kept: the disk is full, too much waits, or the store is
   *     closed
   */
  public void append(Dictionary dictionary, MessageType type, byte[] line) throws IOException {
    Stream stream = streams.get(dictionary.product() + "/" + type.name());
    if (stream == null) {
      throw new IllegalArgumentException("the store was not opened for " + dictionary.product());
    }
    stream.journal().append(line);
  }

  /**
   * Loads what the journal holds into the tables.
   *
   * @return how many messages were loaded
   * @throws IOException if the journal or the database fails; nothing is lost then
   */
  public long load() throws IOException {
    synchronized (loading) {
      long rows = 0;
      for (Stream stream : streams.values()) {
        for (Path segment : stream.journal().sealed()) {
          rows += load(stream, segment);
        }
      }
      return rows;
    }
  }

  /** One transaction takes the segment's rows and notes that it has them; then the file goes. */
  private long load(Stream stream, Path segment) throws IOException {
    long number = Journal.number(segment);
    try (Statement sql = database.createStatement()) {
      sql.execute("BEGIN");
      try {
        long rows = loaded(sql, stream, number) ? 0 : insert(sql, stream, segment, number);
        sql.execute("COMMIT");
        Files.delete(segment);
        return rows;
      } catch (SQLException e) {
        sql.execute("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("journal segment " + segment + " could not be loaded", e);
    }
  }

  private static boolean loaded(Statement sql, Stream stream, long number) throws SQLException {
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT 1 FROM candor.loaded_segment WHERE stream = "
                + Columns.text(stream.name())
                + " AND segment = "
                + number)) {
      return rows.next();
    }
  }

  private long insert(Statement sql, Stream stream, Path segment, long number)
      throws SQLException, IOException {
    Map<String, String> columns = Columns.of(stream.type());
    String types =
        columns.entrySet().stream()
            .map(column -> Columns.name(column.getKey()) + ": " + Columns.text(column.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    long rows =
        Files.size(segment) == 0
            ? 0
            : sql.executeLargeUpdate(
                "INSERT INTO "
                    + stream.table()
                    + " BY NAME SELECT * FROM read_json("
                    + Columns.text(segment.toAbsolutePath().toString())
                    + ", format = 'newline_delimited', columns = "
                    + types
                    + ", maximum_object_size = "
                    + MAX_LINE_BYTES
                    + ")");
    sql.execute(
        "INSERT INTO candor.loaded_segment VALUES ("
            + Columns.text(stream.name())
            + ", "
            + number
            + ", "
            + rows
            + ", "
            + Columns.text(clock.instant().toString())
            + "::TIMESTAMP)");
    return rows;
  }

  private void keepLoading() {
    Map<String, Boolean> told = new HashMap<>();
    while (!closed) {
      try {
        Thread.sleep(LOAD_EVERY_MILLIS);
        load();
        told.clear();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        if (told.put(String.valueOf(e.getMessage()), true) == null) {
          System.getLogger(Store.class.getName())
              .log(System.Logger.Level.ERROR, "loading failed and will be tried again", e);
        }
      }
    }
  }

  /**
   * Answers a report.
   *
   * @param product whose
   * @throws IOException if its SQL fails
   */
  public ReportResult run(String product, Report report) throws IOException {
    try (Connection connection = connection(product);
        Statement sql = connection.createStatement();
        ResultSet result = sql.executeQuery(report.sql())) {
      ResultSetMetaData described = result.getMetaData();
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= described.getColumnCount(); i++) {
        columns.add(described.getColumnName(i));
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(Collections.unmodifiableList(row));
      }
      return new ReportResult(List.copyOf(columns), Collections.unmodifiableList(rows));
    } catch (SQLException e) {
      throw failed(report, e);
    }
  }

  /**
   * Writes a report's answer to a file.
   *
   * @param format {@code csv}, {@code json} or {@code parquet}
   * @throws IOException if its SQL or the writing fails
   */
  public void export(String product, Report report, String format, Path file) throws IOException {
    String options =
        switch (format.toLowerCase(Locale.ROOT)) {
          case "csv" -> "FORMAT csv, HEADER";
          case "json" -> "FORMAT json, ARRAY true";
          case "parquet" -> "FORMAT parquet, COMPRESSION zstd";
          default ->
              throw new IllegalArgumentException(
                  "format \"" + format + "\": expected csv, json or parquet");
        };
    String query = report.sql().strip();
    String bare = query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    try (Connection connection = connection(product);
        Statement sql = connection.createStatement()) {
      sql.execute(
          "COPY (\n"
              + bare
              + "\n) TO "
              + Columns.text(file.toAbsolutePath().toString())
              + " ("
              + options
              + ")");
    } catch (SQLException e) {
      throw failed(report, e);
    }
  }

  private Connection connection(String product) throws SQLException {
    Connection connection = database.unwrap(org.duckdb.DuckDBConnection.class).duplicate();
    try (Statement sql = connection.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("SET search_path = " + Columns.text(product));
    }
    return connection;
  }

  private static IOException failed(Report report, SQLException e) {
    return new IOException("report " + report.name() + ": " + e.getMessage(), e);
  }

  /** Loads what was accepted and lets the directory go. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    loader.interrupt();
    try {
      loader.join();
      for (Stream stream : streams.values()) {
        stream.journal().close();
      }
      load();
      database.close();
      lock.close();
    } catch (IOException | SQLException e) {
      System.getLogger(Store.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the store did not close cleanly; the next start repairs it",
              e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
