package dev.candor.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The database's file. All writing goes through one connection, by one thread at a time, to which
 * the caller sees; reading goes through connections of their own.
 */
final class Database implements AutoCloseable {
  private static final long LONGEST_READING_SECONDS = 90;

  /** Of changes that are not in the file itself yet; a start after a crash goes through them. */
  private static final String LARGEST_LOG = "64MiB";

  /**
   * So often {@link #tidy} joins row groups of a table. A second each, mostly; to join 370,000
   * pings of 8 KB took twelve.
   */
  private static final int JOINED_AT_ONCE = 4;

  /** What the database calls the file, and the file's name without the ending. */
  private static final String NAME = "store";

  /** Writing that is done as a whole or not at all. */
  @FunctionalInterface
  interface Work<T> {
    T on(Statement sql) throws SQLException, IOException;
  }

  /** A connection to read with. While it is open the file stays in its place. */
  final class Reader implements AutoCloseable {
    private final Connection connection;

    private Reader(String schema) throws SQLException {
      connection = writer.unwrap(DuckDBConnection.class).duplicate();
      try (Statement sql = connection.createStatement()) {
        sql.execute("SET TimeZone = 'UTC'");
        sql.execute("USE " + NAME);
        sql.execute("SET search_path = " + Columns.text(schema));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    Connection connection() {
      return connection;
    }

    @Override
    public void close() throws SQLException {
      try {
        connection.close();
      } finally {
        places.readLock().unlock();
      }
    }
  }

  private final Path file;
  private final ReadWriteLock places = new ReentrantReadWriteLock(true);
  private volatile Connection writer;
  private volatile @Nullable Statement copying;
  private volatile boolean stopping;

  private Database(Path file, Connection writer) {
    this.file = file;
    this.writer = writer;
  }

  /** Loads what all databases share. */
  static void warmUp() {
    try (Connection _ = DriverManager.getConnection("jdbc:duckdb:")) {
      // An empty one in memory: whatever comes next is quick.
    } catch (SQLException e) {
      // Whoever opens a store will be told.
    }
  }

  /** Opens the one in this folder, making it if need be. */
  static Database open(Path folder) throws SQLException, IOException {
    Path file = folder.resolve(NAME + ".duckdb");
    deleteCopy(file);
    deleteSpilled(file);
    return new Database(file, connect(file));
  }

  private static Connection connect(Path file) throws SQLException, IOException {
    Connection writer = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = writer.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      // Each checkpoint begins row groups of its own, too many by the default of 16 MiB.
      sql.execute("SET checkpoint_threshold = '" + LARGEST_LOG + "'");
      // Checkpoints would join them, two, then four, then eight, while nothing can be loaded.
      sql.execute("SET max_vacuum_tasks = 0");
      sql.execute("SET temp_directory = " + Columns.text(beside(file, ".tmp").toString()));
      Repair.mustBeALog(beside(file, ".wal"));
      sql.execute(attach(file, NAME));
      PrivateFiles.restrict(file);
      sql.execute("USE " + NAME);
    } catch (SQLException | IOException e) {
      writer.close();
      throw e;
    }
    return writer;
  }

  private static String attach(Path file, String name) {
    return "ATTACH %s AS %s (STORAGE_VERSION 'latest')"
        .formatted(Columns.text(file.toString()), name);
  }

  /** What did not fit into memory when a process died lies there still. */
  private static void deleteSpilled(Path file) throws IOException {
    Path folder = beside(file, ".tmp");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> spilled = Files.list(folder)) {
        for (Path one : spilled.toList()) {
          Files.deleteIfExists(one);
        }
      }
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** A statement to write with, outside of a transaction. */
  Statement statement() throws SQLException {
    return writer.createStatement();
  }

  /** A statement to write with that has question marks for values, outside of a transaction. */
  PreparedStatement prepare(String sql) throws SQLException {
    return writer.prepareStatement(sql);
  }

  /**
   * Says whether to leave half of the cores to others, also for reports. On busy cores the
   * database's threads cost more than they bring: with both of two, a load took a quarter more.
   * When that changes, it waits until a thread that goes has done its part of a report.
   */
  void spareCores(boolean spare) throws SQLException {
    try (Statement sql = writer.createStatement()) {
      int all = Runtime.getRuntime().availableProcessors();
      sql.execute(spare ? "SET threads = " + Math.max(1, all / 2) : "RESET threads");
    }
  }

  /**
   * Joins small row groups, which checkpoints leave behind, and takes deleted rows out of them:
   * seconds' work after a usual day, while nothing else can be written.
   */
  void tidy() throws SQLException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("SET max_vacuum_tasks = " + JOINED_AT_ONCE);
      try {
        sql.execute("CHECKPOINT");
      } finally {
        sql.execute("SET max_vacuum_tasks = 0");
      }
    }
  }

  /**
   * Opens the file anew if the database has given itself up, as it does when a commit finds no
   * space.
   *
   * @throws SQLException if that is not possible yet
   */
  void recover() throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("SELECT 1");
      return;
    } catch (SQLException e) {
      // It has.
    }
    try {
      if (!places.writeLock().tryLock(LONGEST_READING_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the database cannot be opened anew while reports still run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the database was opened anew", e);
    }
    try {
      writer.close();
      writer = connect(file);
    } finally {
      places.writeLock().unlock();
    }
  }

  /** Does the work in a transaction. */
  <T> T atOnce(Work<T> work) throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("BEGIN");
      T done = work.on(sql);
      sql.execute("COMMIT");
      return done;
    } catch (SQLException | IOException | RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
  }

  /** With a statement of its own: a failed one is closed. */
  private void rollBack(Throwable why) {
    try (Statement sql = writer.createStatement()) {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  /** A new connection to read with, which looks for tables in this schema. */
  Reader reader(String schema) throws SQLException {
    places.readLock().lock();
    try {
      return new Reader(schema);
    } catch (SQLException | RuntimeException e) {
      places.readLock().unlock();
      throw e;
    }
  }

  /** Bytes on the disk. */
  long size() throws IOException {
    return Files.size(file);
  }

  /**
   * Writes all tables to a new file and puts it in this one's place, so that nothing is left of
   * what was deleted. Whoever reads goes on meanwhile, and waits only while the files change
   * places. A crash at any point leaves a whole file in place: the old one or the new.
   *
   * @param last what to do to the new file before, in a schema {@code candor}
   * @param views makes the views
   * @throws SQLException if it fails or {@link #stop} broke it off; the old file stays
   */
  void rewrite(List<String> last, Work<?> views) throws SQLException, IOException {
    Path copy = beside(file, ".new");
    deleteCopy(file);
    try {
      copyTo(copy, last);
      if (!places.writeLock().tryLock(LONGEST_READING_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the database's file cannot be changed while reports still run");
      }
      try {
        detach(); // Nobody reads: it closes the new file, and empties its log of changes.
        change(copy);
        try (Statement sql = writer.createStatement()) {
          views.on(sql);
        }
      } finally {
        places.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the database's file was written anew", e);
    } finally {
      detach();
      deleteCopy(file);
    }
  }

  private void copyTo(Path copy, List<String> last) throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute(attach(copy, "rewritten"));
      PrivateFiles.restrict(copy);
      sql.execute("USE rewritten");
      copying = sql;
      copyTables(sql);
      for (String step : last) {
        sql.execute(step);
      }
    } finally {
      copying = null;
      try (Statement sql = writer.createStatement()) {
        sql.execute("USE " + NAME);
      }
    }
  }

  private void detach() throws SQLException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("DETACH DATABASE IF EXISTS rewritten");
    }
  }

  private void copyTables(Statement sql) throws SQLException, IOException {
    String of = " WHERE database_name = " + Columns.text(NAME);
    for (List<String> schema : rows(sql, "SELECT DISTINCT schema_name FROM duckdb_tables()" + of)) {
      sql.execute("CREATE SCHEMA IF NOT EXISTS " + Columns.name(schema.getFirst()));
    }
    for (List<String> sequence :
        rows(
            sql,
            "SELECT schema_name, sequence_name, coalesce(last_value + 1, start_value)"
                + " FROM duckdb_sequences()"
                + of)) {
      sql.execute(
          "CREATE SEQUENCE %s.%s START %s"
              .formatted(
                  Columns.name(sequence.get(0)), Columns.name(sequence.get(1)), sequence.get(2)));
    }
    for (List<String> table :
        rows(sql, "SELECT schema_name, table_name, sql FROM duckdb_tables()" + of)) {
      if (stopping) {
        throw new IOException("the store is closed");
      }
      String name = Columns.name(table.get(0)) + "." + Columns.name(table.get(1));
      String from = Columns.name(NAME) + "." + name;
      sql.execute(table.get(2));
      sql.execute("INSERT INTO " + name + " SELECT * FROM " + from);
      String copied = one(sql, "SELECT count(*) FROM " + name);
      String there = one(sql, "SELECT count(*) FROM " + from);
      if (!copied.equals(there)) {
        throw new IOException(
            "table %s was copied with %s rows instead of %s".formatted(name, copied, there));
      }
    }
  }

  /** Puts the copy in place; whoever calls holds off all readers. */
  private void change(Path copy) throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("CHECKPOINT");
    }
    writer.close();
    try {
      // A log of changes that is left would be taken for the new file's.
      if (Files.exists(beside(file, ".wal")) || Files.exists(beside(copy, ".wal"))) {
        throw new IOException("the database's log of changes is not empty");
      }
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      PrivateFiles.sync(file.toAbsolutePath().getParent());
    } finally {
      writer = connect(file);
    }
  }

  private static void deleteCopy(Path file) throws IOException {
    Path copy = beside(file, ".new");
    Files.deleteIfExists(copy);
    Files.deleteIfExists(beside(copy, ".wal"));
  }

  private static String one(Statement sql, String query) throws SQLException {
    return rows(sql, query).getFirst().getFirst();
  }

  private static List<List<String>> rows(Statement sql, String query) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (ResultSet found = sql.executeQuery(query)) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Breaks off the writing of a new file, for the store is closing. */
  void stop() throws SQLException {
    stopping = true;
    Statement sql = copying;
    if (sql != null) {
      sql.cancel();
    }
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
