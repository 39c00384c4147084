package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts by UTC day, beside the messages: what became of requests, what was wrong with messages,
 * how long they took to be loaded, and how long the receiver ran. They lie in tables of each
 * product's schema and hold no value and no id of a message. They may lack the last seconds before
 * a crash.
 */
public final class Tallies {
  /**
   * Requests that ended alike.
   *
   * @param outcome what became of them, a word
   */
  public record Requests(String product, String message, String outcome, long count) {
    /** The same of another number. */
    public Requests withCount(long other) {
      return new Requests(product, message, outcome, other);
    }
  }

  /**
   * Places of messages that did not pass as they came.
   *
   * @param reason why, a word
   * @param path the place in the dictionary's words, bounded in number by whoever counts
   */
  public record Findings(String product, String message, String reason, String path, long count) {
    /** The same of another number. */
    public Findings withCount(long other) {
      return new Findings(product, message, reason, path, other);
    }
  }

  /**
   * What a receiver counted since the last time.
   *
   * @param day to which it is added
   * @param up how long the receiver ran
   */
  public record Counted(
      LocalDate day, Duration up, List<Requests> requests, List<Findings> findings) {
    public Counted {
      requests = List.copyOf(requests);
      findings = List.copyOf(findings);
    }
  }

  /** Upper bounds of the lag in seconds; what is longer has {@link #LONGER}. */
  private static final List<Integer> LAGS = List.of(1, 2, 5, 10, 60, 600, 3600, 86_400);

  private static final int LONGER = -1;

  /** The tables and views with a column {@code day}. */
  static final List<String> BY_DAY =
      List.of("message", "request_day", "finding_day", "load_day", "set_aside_day", "up_day");

  private final Database database;
  private final Object lock;
  private final AtomicLong generation;
  private final List<String> products;

  /**
   * Tallies of a database.
   *
   * @param lock held while writing, so that nothing else writes
   * @param generation grows when requests were counted
   */
  Tallies(Database database, Object lock, AtomicLong generation, List<String> products) {
    this.database = database;
    this.lock = lock;
    this.generation = generation;
    this.products = List.copyOf(products);
  }

  /**
   * Makes the tables, and the views of all messages and of the last message, in the schema that is
   * the search path.
   */
  static void prepare(Statement sql, Dictionary dictionary) throws SQLException {
    sql.execute(
        "CREATE TABLE IF NOT EXISTS request_day (day DATE, message VARCHAR, outcome VARCHAR,"
            + " requests BIGINT, PRIMARY KEY (day, message, outcome))");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS finding_day (day DATE, message VARCHAR, reason VARCHAR,"
            + " path VARCHAR, findings BIGINT, PRIMARY KEY (day, message, reason, path))");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS load_day (day DATE, message VARCHAR, within_seconds INTEGER,"
            + " messages BIGINT, PRIMARY KEY (day, message, within_seconds))");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS set_aside_day (day DATE, message VARCHAR, reason VARCHAR,"
            + " messages BIGINT, PRIMARY KEY (day, message, reason))");
    sql.execute("CREATE TABLE IF NOT EXISTS up_day (day DATE PRIMARY KEY, seconds DOUBLE)");
    sql.execute(
        "CREATE OR REPLACE VIEW message AS "
            + dictionary.messages().stream()
                .map(Tallies::messages)
                .collect(Collectors.joining(" UNION ALL ")));
    // The database knows each table's own greatest without reading it, but not that of the union.
    sql.execute(
        "CREATE OR REPLACE VIEW last_message AS SELECT max(received) AS received FROM ("
            + dictionary.messages().stream()
                .map(
                    type ->
                        "SELECT max(_received) AS received FROM "
                            + Columns.name(Columns.table(type)))
                .collect(Collectors.joining(" UNION ALL "))
            + ")");
  }

  private static String messages(MessageType type) {
    return "SELECT "
        + Columns.text(type.name())
        + " AS message, "
        + Columns.name(type.id())
        + " AS id, CAST(_received AS DATE) AS day, _received, _agent, _key, _row FROM "
        + Columns.name(Columns.table(type));
  }

  /**
   * Counts how long messages took that were just loaded, in the transaction that loads them.
   *
   * @param firstRow the lowest number of their rows
   */
  static void loaded(Statement sql, MessageStream stream, long firstRow, Instant now)
      throws SQLException {
    String lag =
        "date_diff('millisecond', _received, " + Columns.text(now.toString()) + "::TIMESTAMP)";
    String within =
        LAGS.stream()
            .map(seconds -> " WHEN " + lag + " <= " + seconds * 1000L + " THEN " + seconds)
            .collect(Collectors.joining("", "CASE", " ELSE " + LONGER + " END"));
    sql.execute(
        "INSERT INTO "
            + Columns.name(stream.product().name())
            + ".load_day SELECT CAST(_received AS DATE), "
            + Columns.text(stream.type().name())
            + ", "
            + within
            + ", count(*) FROM "
            + stream.table()
            + " WHERE _row >= "
            + firstRow
            + " AND _received IS NOT NULL GROUP BY ALL"
            + adding("messages"));
  }

  /**
   * Counts a message that could not be loaded, in the transaction that notes that it is dealt with.
   */
  static void setAside(Statement sql, MessageStream stream, String reason, Instant now)
      throws SQLException {
    add(
        sql,
        stream.product().name(),
        "set_aside_day",
        "messages",
        Stream.of(
            row(
                Columns.text(LocalDate.ofInstant(now, ZoneOffset.UTC).toString()),
                Columns.text(stream.type().name()),
                Columns.text(reason),
                "1")));
  }

  /**
   * Adds to the counts.
   *
   * @throws IOException if the database fails; nothing is added then
   */
  public void add(Counted counted) throws IOException {
    synchronized (lock) {
      try {
        database.atOnce(
            sql -> {
              for (String product : products) {
                add(sql, product, counted);
              }
              return true;
            });
      } catch (SQLException e) {
        throw new IOException("the counts of requests could not be kept: " + e.getMessage(), e);
      }
      if (!counted.requests().isEmpty() || !counted.findings().isEmpty()) {
        generation.incrementAndGet();
      }
    }
  }

  private static void add(Statement sql, String product, Counted counted) throws SQLException {
    String day = Columns.text(counted.day().toString());
    add(
        sql,
        product,
        "up_day",
        "seconds",
        Stream.of(row(day, Double.toString(counted.up().toMillis() / 1000.0))));
    add(
        sql,
        product,
        "request_day",
        "requests",
        counted.requests().stream()
            .filter(one -> one.product().equals(product))
            .map(
                one ->
                    row(
                        day,
                        Columns.text(one.message()),
                        Columns.text(one.outcome()),
                        Long.toString(one.count()))));
    add(
        sql,
        product,
        "finding_day",
        "findings",
        counted.findings().stream()
            .filter(one -> one.product().equals(product))
            .map(
                one ->
                    row(
                        day,
                        Columns.text(one.message()),
                        Columns.text(one.reason()),
                        Columns.text(one.path()),
                        Long.toString(one.count()))));
  }

  private static String row(String... values) {
    return "(" + String.join(", ", values) + ")";
  }

  private static void add(
      Statement sql, String product, String table, String sum, Stream<String> rows)
      throws SQLException {
    String values = rows.collect(Collectors.joining(", "));
    if (!values.isEmpty()) {
      sql.execute(
          "INSERT INTO " + Columns.name(product) + "." + table + " VALUES " + values + adding(sum));
    }
  }

  private static String adding(String sum) {
    return " ON CONFLICT DO UPDATE SET " + sum + " = " + sum + " + excluded." + sum;
  }
}
