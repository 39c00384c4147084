package dev.candor.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Brings a data directory back whose database cannot be opened or read: by what stands before the
 * damage in its log of changes, or by copying what can be read of its file. Nothing is deleted:
 * what is damaged is set aside in files beside it.
 */
public final class Repair {
  private static final Pattern POSITION = Pattern.compile("at byte position ([0-9]{1,18})");

  /** Bytes before an entry of the log: its size and its checksum. */
  private static final long ENTRY_HEAD = 16;

  /** With this each log of changes begins: an entry that names the log's version. */
  private static final byte[] LOG_HEAD = {0x64, 0x00, 0x62, 0x65, 0x00};

  /** A row group. */
  private static final int ROWS_AT_ONCE = 122_880;

  /**
   * What a repair would do, or did.
   *
   * @param findings what is damaged, what of it can be had and what is lost, a sentence each
   * @param loses whether anything is lost
   * @param mended whether it was done
   */
  public record Result(List<String> findings, boolean loses, boolean mended) {
    public Result {
      findings = List.copyOf(findings);
    }

    /** Whether there is anything to repair. */
    public boolean isNeeded() {
      return !findings.isEmpty();
    }
  }

  private final Path file;
  private final Path log;
  private final String suffix;
  private final List<String> findings = new ArrayList<>();
  private boolean loses;
  private boolean mended;

  private Repair(Path data, Clock clock) {
    this.file = data.resolve("store.duckdb");
    this.log = data.resolve("store.duckdb.wal");
    this.suffix =
        ".damaged-"
            + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(clock.instant());
  }

  /** Why a store cannot be opened, and what may be done. */
  static String advice(Path data, SQLException e) {
    String cause = Trouble.cause(e);
    if (Trouble.isOfTheFile(e)) {
      return cause
          + ": \"candor repair --data "
          + data
          + "\" says what can be saved, and saves it. It says: "
          + firstLine(e);
    }
    String words = firstLine(e);
    return words.contains(cause) ? words : cause + " (" + words + ")";
  }

  /**
   * Refuses a log of changes that does not begin as one: the database would pass over it without a
   * word, and what is in it would be lost.
   */
  static void mustBeALog(Path log) throws SQLException {
    if (Files.notExists(log)) {
      return;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(log)) {
      head = in.readNBytes(LOG_HEAD.length);
    } catch (IOException e) {
      throw new SQLException("IO Error: the WAL file cannot be read", e);
    }
    if (!Arrays.equals(head, Arrays.copyOf(LOG_HEAD, head.length))) {
      throw new SQLException("IO Error: the WAL file does not begin as one");
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  /**
   * Looks for damage in a data directory and mends it.
   *
   * @param may asked, where something would be lost, whether to go on; what is wrong and what is
   *     lost is in the result so far
   * @throws IOException if the directory is in use, or the disk or the database fails
   */
  public static Result run(Path data, Clock clock, Predicate<Result> may) throws IOException {
    try (DirectoryLock lock = DirectoryLock.take(data)) {
      Repair repair = new Repair(data, clock);
      if (Files.exists(repair.file) || Files.exists(repair.log)) {
        repair.work(may);
      }
      return repair.result();
    }
  }

  private void work(Predicate<Result> may) throws IOException {
    Path folder = PrivateFiles.folder(file.resolveSibling("repair"));
    Path trial = folder.resolve(file.getFileName());
    Path trialLog = beside(trial, ".wal");
    Path saved = folder.resolve("saved.duckdb");
    try {
      clear(folder);
      if (Files.exists(file)) {
        Files.createLink(trial, file); // only ever read
      }
      if (Files.exists(log)) {
        Files.copy(log, trialLog);
      }
      boolean cut = cut(trial, trialLog);
      boolean damaged = !isReadable(trial);
      if (damaged) {
        findings.add("the file store.duckdb is damaged");
        loses = true;
        save(trial, saved);
      }
      if (findings.isEmpty() || (loses && !may.test(result()))) {
        return;
      }
      if (cut || damaged) {
        setAside(log);
      }
      if (damaged) {
        setAside(file);
        move(saved, file);
      } else if (cut) {
        move(trialLog, log);
      }
      mended = true;
    } finally {
      clear(folder);
      Files.deleteIfExists(folder);
    }
  }

  private Result result() {
    return new Result(findings, loses, mended);
  }

  /** Cuts a log of changes where the database says that it is damaged. */
  private boolean cut(Path trial, Path trialLog) throws IOException {
    Optional<SQLException> broken = failure(trial);
    if (broken.isEmpty() || !Files.exists(trialLog)) {
      return false;
    }
    long all = Files.size(trialLog);
    Matcher position = POSITION.matcher(String.valueOf(broken.get().getMessage()));
    long whole = position.find() ? Long.parseLong(position.group(1)) - ENTRY_HEAD : 0;
    try (FileChannel channel = FileChannel.open(trialLog, StandardOpenOption.WRITE)) {
      channel.truncate(whole);
    }
    if (failure(trial).isPresent()) {
      Files.delete(trialLog);
      whole = 0;
      if (failure(trial).isPresent()) {
        return false; // It is the file itself.
      }
    }
    if (isZero(whole)) {
      findings.add(
          "the log of changes, store.duckdb.wal, ends in zeros, as a power cut leaves them: nothing is lost");
    } else {
      loses = true;
      findings.add(
          String.format(
              Locale.ROOT,
              "of the log of changes, store.duckdb.wal, %d of %d bytes cannot be read: messages that were loaded after %s (UTC) are lost",
              all - whole,
              all,
              lastLoad(trial)));
    }
    return true;
  }

  private boolean isZero(long from) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(log))) {
      in.skipNBytes(from);
      int c = in.read();
      while (c == 0) {
        c = in.read();
      }
      return c < 0;
    }
  }

  private static String lastLoad(Path trial) throws IOException {
    try (Connection connection = open(trial);
        Statement sql = connection.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT coalesce(CAST(max(loaded_at) AS VARCHAR), 'the beginning') FROM store.candor.loaded_segment")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return "an unknown time";
    }
  }

  private static Optional<SQLException> failure(Path trial) {
    try (Connection _ = open(trial)) {
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    }
  }

  private static Connection open(Path trial) throws SQLException {
    mustBeALog(beside(trial, ".wal"));
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = connection.createStatement()) {
      sql.execute("ATTACH " + Columns.text(trial.toString()) + " AS store (READ_ONLY)");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static boolean isReadable(Path trial) {
    if (Files.notExists(trial)) {
      return true;
    }
    try (Connection connection = open(trial);
        Statement sql = connection.createStatement()) {
      for (String table : tables(connection)) {
        sql.executeQuery("SELECT count(COLUMNS(*)) FROM store." + table).close();
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'store'")) {
      while (rows.next()) {
        tables.add(Columns.name(rows.getString(1)) + "." + Columns.name(rows.getString(2)));
      }
    }
    return tables;
  }

  /**
   * Copies what can be read, a row group at a time; kept tables are made anew at the next start.
   */
  private void save(Path trial, Path saved) throws IOException {
    try (Connection connection = open(trial);
        Statement sql = connection.createStatement()) {
      sql.execute(
          "ATTACH " + Columns.text(saved.toString()) + " AS saved (STORAGE_VERSION 'latest')");
      sequence(connection);
      for (String table : tables(connection)) {
        long lost = copy(connection, table);
        if (lost > 0) {
          findings.add(
              String.format(
                  Locale.ROOT,
                  "of the table %s up to %d rows cannot be read and are lost",
                  table,
                  lost));
        }
      }
      run(connection, "DELETE FROM saved.candor.kept");
      run(connection, "DETACH saved");
    } catch (SQLException e) {
      Files.deleteIfExists(saved);
      Files.deleteIfExists(beside(saved, ".wal"));
      findings.add(
          "nothing of it can be read: all that was loaded is lost, and what waits in the journal is not");
    }
  }

  private static void sequence(Connection connection) throws SQLException {
    long next = 1;
    try (Statement sql = connection.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT coalesce(max(last_value), 0) + 1 FROM duckdb_sequences() WHERE database_name = 'store'")) {
      if (rows.next()) {
        next = rows.getLong(1);
      }
    }
    run(connection, "CREATE SCHEMA IF NOT EXISTS saved.candor");
    run(connection, "CREATE SEQUENCE saved.candor.row_number START " + next);
  }

  private static long copy(Connection connection, String table) throws SQLException {
    run(connection, "USE saved");
    run(
        connection,
        "CREATE SCHEMA IF NOT EXISTS saved." + table.substring(0, table.indexOf("\".\"") + 1));
    String definition;
    long rows;
    try (Statement sql = connection.createStatement();
        ResultSet found =
            sql.executeQuery(
                "SELECT sql, estimated_size FROM duckdb_tables() WHERE database_name = 'store' AND '\"' || schema_name || '\".\"' || table_name || '\"' = "
                    + Columns.text(table))) {
      found.next();
      definition = found.getString(1);
      rows = found.getLong(2);
    }
    run(connection, definition);
    long lost = 0;
    for (long from = 0; from < rows; from += ROWS_AT_ONCE) {
      try {
        run(
            connection,
            String.format(
                Locale.ROOT,
                "INSERT INTO saved.%1$s SELECT * FROM store.%1$s WHERE rowid BETWEEN %2$d AND %3$d",
                table,
                from,
                from + ROWS_AT_ONCE - 1));
      } catch (SQLException e) {
        lost += Math.min(ROWS_AT_ONCE, rows - from);
      }
    }
    return lost;
  }

  /** With a statement of its own: a failed one is closed. */
  private static void run(Connection connection, String text) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute(text);
    }
  }

  private void setAside(Path damaged) throws IOException {
    if (Files.exists(damaged)) {
      Path aside = beside(damaged, suffix);
      Files.move(damaged, aside);
      findings.add("what was damaged is set aside as " + aside.getFileName());
    }
  }

  private static void move(Path made, Path to) throws IOException {
    if (Files.exists(made)) {
      PrivateFiles.restrict(made);
      try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(made, to, StandardCopyOption.ATOMIC_MOVE);
    }
    PrivateFiles.sync(to.toAbsolutePath().getParent());
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
    }
  }

  private static Path beside(Path path, String ending) {
    return path.resolveSibling(path.getFileName() + ending);
  }
}
