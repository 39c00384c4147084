package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A data directory: the journal, the tables that it is loaded into, and the answers from them. */
public final class Store implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.store");
  private static final long LOAD_EVERY_MILLIS = 1000;
  private static final Duration LONGEST_REPORT = Duration.ofMinutes(1);
  private static final int MAX_LINE_BYTES = 80 << 20;

  /** One message of one product: its journal, its table and that table's columns. */
  private record Stream(
      String name,
      String table,
      Map<String, ColumnType> columns,
      Journal journal,
      String schema,
      Optional<String> upkeep) {

    static String name(Dictionary dictionary, MessageType type) {
      return dictionary.product() + "/" + type.name();
    }
  }

  private final DirectoryLock lock;
  private final Connection database;
  private final Clock clock;
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final Object loading = new Object();
  private final Thread loader;
  private final AtomicLong generation = new AtomicLong();
  private final Patience patience = new Patience();
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
    Path directory = PrivateFiles.folder(data);
    if (PrivateFiles.isOpenToOthers(directory)) {
      LOG.log(
          Level.WARNING,
          "data directory {0} may be read by other users: chmod 700 keeps it to its owner",
          directory);
    }
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Path file = directory.resolve("store.duckdb");
      Connection database = DriverManager.getConnection("jdbc:duckdb:" + file);
      PrivateFiles.restrict(file);
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

  private void prepare(Path journal, List<Product> products) throws SQLException, IOException {
    try (Statement sql = database.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("CREATE SCHEMA IF NOT EXISTS candor");
      sql.execute("CREATE SEQUENCE IF NOT EXISTS candor.row_number");
      sql.execute(
          "CREATE TABLE IF NOT EXISTS candor.kept (schema VARCHAR PRIMARY KEY, made_by VARCHAR)");
      sql.execute(
          "CREATE TABLE IF NOT EXISTS candor.loaded_segment"
              + " (stream VARCHAR, segment BIGINT, rows BIGINT, loaded_at TIMESTAMP,"
              + " PRIMARY KEY (stream, segment))");
      for (Product product : products) {
        String schema = product.dictionary().product();
        sql.execute("CREATE SCHEMA IF NOT EXISTS " + Columns.name(schema));
        for (MessageType type : product.dictionary().messages()) {
          String name = Stream.name(product.dictionary(), type);
          String table = Columns.name(schema) + "." + Columns.name(Columns.table(type));
          Map<String, ColumnType> columns = fit(sql, table, Columns.of(type));
          Path folder = journal.resolve(schema).resolve(type.name());
          Journal lines = new Journal(folder, after(sql, name), clock);
          Optional<String> upkeep =
              Optional.ofNullable(product.upkeep().scripts().get(type.name()));
          streams.put(name, new Stream(name, table, columns, lines, schema, upkeep));
        }
        sql.execute("SET search_path = " + Columns.text(schema));
        keep(sql, schema, product.upkeep());
        for (Map.Entry<String, String> view : product.views().entrySet()) {
          sql.execute(
              "CREATE OR REPLACE VIEW " + Columns.name(view.getKey()) + " AS " + view.getValue());
        }
      }
    }
  }

  /** Makes the kept tables anew if what makes them, or what they are made from, has changed. */
  private void keep(Statement sql, String schema, Upkeep upkeep) throws SQLException {
    List<Stream> own =
        streams.values().stream().filter(stream -> stream.schema().equals(schema)).toList();
    String madeBy =
        upkeep.tables()
            + own.stream()
                .map(stream -> stream.upkeep().orElse("") + definitions(stream.columns()))
                .collect(Collectors.joining("\n"));
    String same = " WHERE schema = " + Columns.text(schema) + " AND made_by = md5(";
    try (ResultSet rows =
        sql.executeQuery("SELECT 1 FROM candor.kept" + same + Columns.text(madeBy) + ")")) {
      if (rows.next()) {
        return;
      }
    }
    sql.execute("BEGIN");
    try {
      if (!upkeep.tables().isBlank()) {
        sql.execute(upkeep.tables());
      }
      for (Stream stream : own) {
        bringUpToDate(sql, stream, 0);
      }
      sql.execute(
          "INSERT OR REPLACE INTO candor.kept VALUES ("
              + Columns.text(schema)
              + ", md5("
              + Columns.text(madeBy)
              + "))");
      sql.execute("COMMIT");
    } catch (SQLException e) {
      rollBack(e);
      throw e;
    }
  }

  private static void bringUpToDate(Statement sql, Stream stream, long firstRow)
      throws SQLException {
    if (stream.upkeep().isPresent()) {
      sql.execute("SET search_path = " + Columns.text(stream.schema()));
      sql.execute("SET VARIABLE first_row = " + firstRow);
      sql.execute(stream.upkeep().get());
    }
  }

  /** The number after that of every segment that was ever loaded. */
  private static long after(Statement sql, String stream) throws SQLException {
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT coalesce(max(segment) + 1, 0) FROM candor.loaded_segment WHERE stream = "
                + Columns.text(stream))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Makes the table, or brings it up to what the dictionary has gained. What the dictionary no
   * longer names stays.
   *
   * @return the table's columns
   */
  private static Map<String, ColumnType> fit(
      Statement sql, String table, Map<String, ColumnType> wanted)
      throws SQLException, IOException {
    sql.execute(
        "CREATE TABLE IF NOT EXISTS "
            + table
            + " ("
            + definitions(wanted)
            + ", "
            + Columns.ROW
            + " BIGINT DEFAULT nextval('candor.row_number'))");
    Map<String, ColumnType> columns = described(sql, table);
    columns.remove(Columns.ROW);
    for (Map.Entry<String, ColumnType> column : wanted.entrySet()) {
      String name = column.getKey();
      ColumnType have = columns.get(name);
      if (have == null) {
        columns.put(name, column.getValue());
        sql.execute(alter(table, "ADD COLUMN ", name, " ", column.getValue()));
        continue;
      }
      ColumnType both;
      try {
        both = have.with(column.getValue(), name);
      } catch (ColumnType.TypeChange e) {
        throw new IOException("table " + table + ": " + e.getMessage(), e);
      }
      if (!both.equals(have)) {
        // Structs are cast member by member, by name: what they gained is null in old rows.
        columns.put(name, both);
        sql.execute(alter(table, "ALTER COLUMN ", name, " TYPE ", both));
      }
    }
    return columns;
  }

  private static String alter(
      String table, String what, String column, String then, ColumnType type) {
    return "ALTER TABLE " + table + " " + what + Columns.name(column) + then + type.sql();
  }

  private static String definitions(Map<String, ColumnType> columns) {
    return columns.entrySet().stream()
        .map(column -> Columns.name(column.getKey()) + " " + column.getValue().sql())
        .collect(Collectors.joining(", "));
  }

  private static Map<String, ColumnType> described(Statement sql, String table)
      throws SQLException {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    try (ResultSet rows = sql.executeQuery("DESCRIBE " + table)) {
      while (rows.next()) {
        types.put(rows.getString(1), ColumnType.parse(rows.getString(2)));
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
    Stream stream = streams.get(Stream.name(dictionary, type));
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
      if (rows > 0) {
        generation.incrementAndGet();
      }
      return rows;
    }
  }

  /** One transaction takes the segment's rows and notes that it has them; then the file goes. */
  private long load(Stream stream, Path segment) throws IOException {
    try {
      long rows = insertOnce(stream, segment);
      Files.delete(segment);
      return rows;
    } catch (SQLException e) {
      if (readable(stream, segment)) {
        throw new IOException("journal segment " + segment + " could not be loaded", e);
      }
      Journal.setAside(segment);
      LOG.log(
          Level.ERROR,
          "journal segment {0} of {1} cannot be read and is set aside as it is",
          segment.getFileName(),
          stream.name());
      return 0;
    }
  }

  private long insertOnce(Stream stream, Path segment) throws SQLException, IOException {
    long number = Journal.number(segment);
    try (Statement sql = database.createStatement()) {
      sql.execute("BEGIN");
      long rows = loaded(sql, stream, number) ? 0 : insert(sql, stream, segment, number);
      sql.execute("COMMIT");
      return rows;
    } catch (SQLException | IOException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  /** With a statement of its own: a failed one is closed. */
  private void rollBack(Exception why) {
    try (Statement sql = database.createStatement()) {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  /** Tells a segment with a bad line from a database in trouble. */
  private boolean readable(Stream stream, Path segment) {
    try (Statement sql = database.createStatement();
        ResultSet rows =
            sql.executeQuery("SELECT count(COLUMNS(*)) FROM " + reading(stream, segment))) {
      return rows.next();
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      return !message.startsWith("Invalid Input Error") && !message.startsWith("Conversion Error");
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
    long rows = 0;
    if (Files.size(segment) > 0) {
      long firstRow;
      try (ResultSet next = sql.executeQuery("SELECT nextval('candor.row_number')")) {
        next.next();
        firstRow = next.getLong(1);
      }
      rows =
          sql.executeLargeUpdate(
              "INSERT INTO "
                  + stream.table()
                  + " BY NAME SELECT * FROM "
                  + reading(stream, segment));
      bringUpToDate(sql, stream, firstRow);
    }
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

  private static String reading(Stream stream, Path segment) {
    String types =
        stream.columns().entrySet().stream()
            .map(type -> Columns.name(type.getKey()) + ": " + Columns.text(type.getValue().sql()))
            .collect(Collectors.joining(", ", "{", "}"));
    return "read_json("
        + Columns.text(segment.toAbsolutePath().toString())
        + ", format = 'newline_delimited', columns = "
        + types
        + ", maximum_object_size = "
        + MAX_LINE_BYTES
        + ")";
  }

  /**
   * What the journal holds that no report sees yet.
   *
   * @throws IOException if its folders cannot be read
   */
  public Backlog backlog() throws IOException {
    Backlog all = Backlog.NONE;
    for (Stream stream : streams.values()) {
      all = all.plus(stream.journal().backlog());
    }
    return all;
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
          // Without the database's own words, which may quote what a client sent.
          LOG.log(
              Level.ERROR,
              "loading failed and will be tried again: {0} ({1})",
              e.getMessage(),
              e.getCause() == null ? e.getClass().getName() : e.getCause().getClass().getName());
        }
      }
    }
  }

  /** Grows with everything that changes an answer. */
  public long generation() {
    return generation.get();
  }

  /**
   * Answers a report on all data.
   *
   * @param product whose
   * @throws IOException if its SQL fails
   */
  public ReportResult run(String product, Report report) throws IOException {
    return run(product, report, Scope.ALL);
  }

  /**
   * Answers a report on a part of the data.
   *
   * @param product whose
   * @throws IOException if its SQL fails, or takes longer than a minute
   */
  public ReportResult run(String product, Report report, Scope scope) throws IOException {
    try (Connection connection = connection(product, scope);
        Statement sql = connection.createStatement()) {
      parameters(sql, report, scope);
      return patience.within(LONGEST_REPORT, sql, () -> rows(sql.executeQuery(report.sql())));
    } catch (SQLException e) {
      throw failed(report, e);
    }
  }

  /**
   * Answers a question of the program's own.
   *
   * @param product whose
   * @param sql a query with a question mark for each value
   * @throws IOException if it fails, or takes longer than a minute
   */
  public ReportResult ask(String product, String sql, Object... values) throws IOException {
    try (Connection connection = connection(product, Scope.ALL);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return patience.within(LONGEST_REPORT, statement, () -> rows(statement.executeQuery()));
    } catch (SQLException e) {
      throw new IOException("the store could not answer: " + e.getMessage(), e);
    }
  }

  /**
   * Answers somebody's own query, which may read the product's views and tables and nothing else.
   *
   * @param mostRows rows after these are left out
   * @throws Sandbox.Refused if it is no such query; the message is for whoever wrote it
   * @throws IOException if it fails, or takes longer than its time
   */
  public ReportResult query(String product, String query, int mostRows, Duration time)
      throws IOException, Sandbox.Refused {
    try (Connection connection = connection(product, Scope.ALL);
        Statement sql = connection.createStatement()) {
      String safe = Sandbox.check(connection, product, query);
      return patience.within(
          time, sql, () -> rows(sql.executeQuery("FROM (\n" + safe + "\n) LIMIT " + mostRows)));
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Erases all that was received from an instance: its messages in the tables, in the journal and
   * in segments that were set aside, and its rows in the kept tables. What it sends from now on is
   * kept again.
   *
   * @return how many messages were erased
   * @throws IOException if the database or the journal fails; nothing is half done then, and it can
   *     be tried again
   */
  public long erase(Product product, String id) throws IOException {
    synchronized (loading) {
      load();
      long erased = 0;
      try (Statement sql = database.createStatement()) {
        sql.execute("BEGIN");
        sql.execute("CREATE OR REPLACE TEMP TABLE erased (id VARCHAR, until TIMESTAMP)");
        sql.execute("INSERT INTO erased VALUES (" + Columns.text(id) + ", '9999-12-31')");
        erased += takeErased(sql, product);
        sql.execute("COMMIT");
        sql.execute("CHECKPOINT"); // The log of changes still had it.
      } catch (SQLException e) {
        rollBack(e);
        throw new IOException("the instance could not be erased: " + e.getMessage(), e);
      }
      for (Stream stream : streams.values()) {
        if (stream.schema().equals(product.name())) {
          erased += stream.journal().eraseSetAside(id);
        }
      }
      generation.incrementAndGet();
      return erased;
    }
  }

  /** Takes out of all tables of a product what its table of erased instances names. */
  private static long takeErased(Statement sql, Product product) throws SQLException {
    sql.execute("SET search_path = " + Columns.text(product.name()));
    if (!product.upkeep().erase().isBlank()) {
      sql.execute(product.upkeep().erase());
    }
    long messages = 0;
    for (MessageType type : product.dictionary().messages()) {
      messages +=
          sql.executeLargeUpdate(
              "DELETE FROM "
                  + Columns.name(Columns.table(type))
                  + " AS m USING erased AS e WHERE m."
                  + Columns.name(type.id())
                  + " = e.id AND (m._received <= e.until OR m._received IS NULL)");
    }
    sql.execute("DROP TABLE erased");
    return messages;
  }

  /**
   * The names of a table's or view's columns, those of the store's own left out.
   *
   * @throws IOException if there is no such table
   */
  public List<String> columns(String product, String table) throws IOException {
    return ask(product, "SELECT column_name FROM (DESCRIBE " + Columns.name(table) + ")")
        .rows()
        .stream()
        .map(row -> String.valueOf(row.getFirst()))
        .filter(name -> !name.startsWith("_"))
        .toList();
  }

  /** What a query may read: tables and views by name, with their columns. */
  public Map<String, String> tables(String product) throws IOException {
    Map<String, String> tables = new LinkedHashMap<>();
    for (List<@Nullable Object> row :
        ask(
                product,
                "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position)"
                    + " FROM information_schema.columns WHERE table_schema = ?"
                    + " GROUP BY table_name ORDER BY table_name",
                product)
            .rows()) {
      tables.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    return tables;
  }

  /**
   * The messages of one kind that an instance sent, newest first: their numbers and times of
   * receipt, and by what software they came.
   */
  public ReportResult messages(String product, MessageType type, String id, int most)
      throws IOException {
    return ask(
        product,
        "SELECT _row AS message, _received AS received, _agent AS client FROM "
            + Columns.name(Columns.table(type))
            + " WHERE "
            + Columns.name(type.id())
            + " = ? ORDER BY _received DESC LIMIT "
            + most,
        id);
  }

  /** One message as JSON, with null for each member that it does not have. */
  public Optional<String> message(String product, MessageType type, String id, long row)
      throws IOException {
    String table = Columns.name(Columns.table(type));
    return ask(
            product,
            "SELECT CAST(to_json(m) AS VARCHAR) FROM (SELECT * EXCLUDE (_row) FROM "
                + table
                + " WHERE _row = ? AND "
                + Columns.name(type.id())
                + " = ?) AS m",
            row,
            id)
        .rows()
        .stream()
        .map(one -> String.valueOf(one.getFirst()))
        .findFirst();
  }

  private static ReportResult rows(ResultSet result) throws SQLException {
    try (result) {
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
    }
  }

  /**
   * Writes a report's answer to a file.
   *
   * @param format {@code csv}, {@code json} or {@code parquet}
   * @throws IOException if its SQL or the writing fails
   */
  public void export(String product, Report report, String format, Path file) throws IOException {
    export(product, report, Scope.ALL, format, file);
  }

  /**
   * Writes a report's answer on a part of the data to a file.
   *
   * @param format {@code csv}, {@code json} or {@code parquet}
   * @throws IOException if its SQL or the writing fails
   */
  public void export(String product, Report report, Scope scope, String format, Path file)
      throws IOException {
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
    try (Connection connection = connection(product, scope);
        Statement sql = connection.createStatement()) {
      parameters(sql, report, scope);
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

  private Connection connection(String product, Scope scope) throws SQLException {
    Connection connection = database.unwrap(org.duckdb.DuckDBConnection.class).duplicate();
    try (Statement sql = connection.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("SET search_path = " + Columns.text(product));
      if (scope.isNarrow()) {
        // Views of this connection alone, which stand before those of the product.
        narrow(sql, product, "instance", scope.facts());
        narrow(sql, product, "instance_day", scope.facts() + scope.days());
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void parameters(Statement sql, Report report, Scope scope) throws SQLException {
    for (Report.Parameter parameter : report.parameters()) {
      long value = scope.numbers().getOrDefault(parameter.name(), parameter.otherwise());
      sql.execute("SET VARIABLE " + Columns.name(parameter.name()) + " = " + value);
    }
  }

  private static void narrow(Statement sql, String product, String view, String condition)
      throws SQLException {
    sql.execute(
        "CREATE TEMP VIEW "
            + view
            + " AS SELECT * FROM "
            + Columns.name(product)
            + "."
            + view
            + " WHERE true"
            + condition);
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
      patience.close();
      database.close();
      lock.close();
    } catch (IOException | SQLException e) {
      LOG.log(Level.WARNING, "the store did not close cleanly; the next start repairs it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
