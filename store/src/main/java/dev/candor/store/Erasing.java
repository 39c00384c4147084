package dev.candor.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Takes what instances sent out of the tables and out of segments that were set aside: by hand, or
 * because they opted out. An opt-out itself stays, so that it can be told from silence.
 */
final class Erasing {
  private static final String EVER = "9999-12-31";

  private final Database database;
  private final Clock clock;

  /** Messages erased because of opt-outs that the listener was not told of yet, by product. */
  private final Map<String, Long> untold = new HashMap<>();

  Erasing(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Erases all messages of an instance, opt-outs included.
   *
   * @param own the streams of its product
   * @return how many
   */
  long all(List<MessageStream> own, String id) throws SQLException, IOException {
    long erased =
        database.atOnce(
            sql -> {
              sql.execute("CREATE OR REPLACE TEMP TABLE erased (id VARCHAR, until TIMESTAMP)");
              sql.execute(
                  "INSERT INTO erased VALUES (%s, %s)"
                      .formatted(Columns.text(id), Columns.text(EVER)));
              return takeErased(sql, own, own);
            });
    for (MessageStream stream : own) {
      erased += stream.journal().eraseSetAside(Map.of(id, Instant.MAX));
    }
    return erased;
  }

  /**
   * Erases what instances sent until they opted out.
   *
   * @param own the streams of the product
   * @param firstRow where the opt-outs begin that are looked at
   * @return how many messages
   */
  long optedOut(Statement sql, List<MessageStream> own, long firstRow) throws SQLException {
    Optional<String> optOuts = optOuts(own, firstRow);
    if (optOuts.isEmpty()) {
      return 0;
    }
    sql.execute("CREATE OR REPLACE TEMP TABLE erased AS " + optOuts.get());
    return takeErased(sql, own, own.stream().filter(s -> !s.type().isOptOut()).toList());
  }

  /** A query for the ids that opted out, and until when what they sent goes. */
  private static Optional<String> optOuts(List<MessageStream> own, long firstRow) {
    return own.stream()
        .filter(stream -> stream.type().isOptOut())
        .map(
            stream ->
                String.format(
                    Locale.ROOT,
                    "SELECT %s AS id, _received, _row FROM %s WHERE _row >= %d",
                    stream.id(),
                    stream.table(),
                    firstRow))
        .reduce((one, other) -> one + " UNION ALL " + other)
        .map(
            all ->
                "SELECT id, max(_received) AS until, max(_row) AS last_row FROM ("
                    + all
                    + ") GROUP BY id");
  }

  /**
   * Leaves out what came before its instance opted out: it may be loaded late.
   *
   * @param messages what is to be loaded, as SQL reads it
   * @return what is left of it
   */
  String stillWanted(Statement sql, MessageStream stream, List<MessageStream> own, String messages)
      throws SQLException {
    Optional<String> optOuts = optOuts(own, 0);
    if (stream.type().isOptOut() || optOuts.isEmpty() || !any(sql, optOuts.get())) {
      return messages;
    }
    return "(SELECT m.* FROM %s AS m LEFT JOIN (%s) AS o ON o.id = m.%s WHERE o.id IS NULL OR m._received > o.until)"
        .formatted(messages, optOuts.get(), stream.id());
  }

  private static boolean any(Statement sql, String query) throws SQLException {
    try (ResultSet rows = sql.executeQuery(query + " LIMIT 1")) {
      return rows.next();
    }
  }

  /** Takes out of a product's tables what the table of erased instances names. */
  private long takeErased(Statement sql, List<MessageStream> own, Collection<MessageStream> from)
      throws SQLException {
    Product product = own.getFirst().product();
    Schema.search(sql, product);
    if (product.timeline().isPresent()) {
      sql.execute(product.timeline().get().erase());
    }
    long messages = 0;
    for (MessageStream stream : from) {
      messages +=
          sql.executeLargeUpdate(
              "DELETE FROM %s AS m USING erased AS e WHERE m.%s = e.id AND (m._received <= e.until OR m._received IS NULL)"
                  .formatted(stream.table(), stream.id()));
    }
    sql.execute("DROP TABLE erased");
    if (messages > 0) {
      sql.execute(
          "INSERT INTO candor.to_rewrite VALUES (%s)"
              .formatted(Columns.text(clock.instant().toString())));
    }
    return messages;
  }

  /** Notes that so many messages are gone because of opt-outs. */
  void note(Product product, long messages) {
    untold.merge(product.name(), messages, Long::sum);
  }

  /**
   * Erases outside of the tables too what instances sent that have opted out since this last went
   * through.
   */
  void tell(List<MessageStream> own, OptedOut.Listener listener) throws SQLException, IOException {
    Product product = own.getFirst().product();
    long told = told(product);
    Optional<String> optOuts = optOuts(own, told + 1);
    if (optOuts.isEmpty()) {
      return;
    }
    Map<String, Instant> until = new HashMap<>();
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery("SELECT id, epoch_ms(until), last_row FROM (" + optOuts.get() + ")")) {
      while (rows.next()) {
        until.put(rows.getString(1), Instant.ofEpochMilli(rows.getLong(2)));
        told = Math.max(told, rows.getLong(3));
      }
    }
    if (until.isEmpty()) {
      return;
    }
    for (MessageStream stream : own) {
      if (!stream.type().isOptOut()) {
        stream.journal().eraseSetAside(until);
      }
    }
    listener.optedOut(new OptedOut(product, until, untold.getOrDefault(product.name(), 0L)));
    untold.remove(product.name());
    try (Statement sql = database.statement()) {
      sql.execute(
          String.format(
              Locale.ROOT,
              "INSERT OR REPLACE INTO candor.opt_out_told VALUES (%s, %d)",
              Columns.text(product.name()),
              told));
    }
  }

  private long told(Product product) throws SQLException {
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT until_row FROM candor.opt_out_told WHERE schema = "
                    + Columns.text(product.name()))) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  /** Since when the database's file may hold bytes of what was erased. */
  Optional<Instant> leftSince() throws SQLException {
    try (Statement sql = database.statement();
        ResultSet rows = sql.executeQuery("SELECT epoch_ms(min(since)) FROM candor.to_rewrite")) {
      rows.next();
      long since = rows.getLong(1);
      return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since));
    }
  }
}
