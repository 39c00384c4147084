package dev.candor.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lets go of messages that are too old, a day at a time. */
final class Retaining {
  private final Database database;

  Retaining(Database database) {
    this.database = database;
  }

  /**
   * What is too old.
   *
   * @param messages how many are
   * @param of how many there are in all
   * @param days for how many days the oldest has been; what goes daily, for one or two
   */
  record Due(long messages, long of, long days) {
    private static final long LONG = 7;

    boolean isTooMuch() {
      return messages > of / 2 && days > LONG;
    }
  }

  Due due(List<MessageStream> all, LocalDate keepFrom) throws SQLException {
    if (all.isEmpty()) {
      return new Due(0, 0, 0);
    }
    String received =
        all.stream()
            .map(stream -> "SELECT _received AS r FROM " + stream.table())
            .collect(Collectors.joining(" UNION ALL "));
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT count(*) FILTER (r < %1$s), count(*), coalesce(%1$s - CAST(min(r) AS DATE), 0) FROM (%2$s)"
                    .formatted(date(keepFrom), received))) {
      rows.next();
      return new Due(rows.getLong(1), rows.getLong(2), rows.getLong(3));
    }
  }

  /** The first day of which a product has a message, if that is before this day. */
  Optional<LocalDate> oldest(List<MessageStream> own, LocalDate keepFrom) throws SQLException {
    String all =
        own.stream()
            .map(stream -> "SELECT min(_received) AS r FROM " + stream.table())
            .collect(Collectors.joining(" UNION ALL "));
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT CAST(CAST(min(r) AS DATE) AS VARCHAR) FROM (%s) WHERE r < %s"
                    .formatted(all, date(keepFrom)))) {
      rows.next();
      return Optional.ofNullable(rows.getString(1)).map(LocalDate::parse);
    }
  }

  /**
   * Lets go of all from before this day in one transaction.
   *
   * @return how many messages
   */
  long letGo(List<MessageStream> own, LocalDate keepFrom) throws SQLException, IOException {
    Product product = own.getFirst().product();
    return database.atOnce(
        sql -> {
          Schema.search(sql, product);
          sql.execute("SET VARIABLE keep_from = " + date(keepFrom));
          if (product.timeline().isPresent()) {
            sql.execute(product.timeline().get().retain());
          }
          long messages = 0;
          for (MessageStream stream : own) {
            messages +=
                sql.executeLargeUpdate(
                    "DELETE FROM %s WHERE _received < %s"
                        .formatted(stream.table(), date(keepFrom)));
          }
          return messages;
        });
  }

  /** Notes what was done. */
  void note(Retention done) throws SQLException {
    try (Statement sql = database.statement()) {
      sql.execute(
          String.format(
              Locale.ROOT,
              "INSERT INTO candor.retention VALUES (%s, %s, %d)",
              Columns.text(done.at().toString()),
              date(done.keptFrom()),
              done.messages()));
    }
  }

  /** What was noted, newest first. */
  static List<Retention> noted(Statement sql, int most) throws SQLException {
    List<Retention> noted = new ArrayList<>();
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT epoch_ms(ran_at), CAST(kept_from AS VARCHAR), messages FROM candor.retention"
                + " ORDER BY ran_at DESC, rowid DESC LIMIT "
                + most)) {
      while (rows.next()) {
        noted.add(
            new Retention(
                Instant.ofEpochMilli(rows.getLong(1)),
                LocalDate.parse(rows.getString(2)),
                rows.getLong(3)));
      }
    }
    return noted;
  }

  private static String date(LocalDate day) {
    return "DATE " + Columns.text(day.toString());
  }
}
