package dev.candor.store;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Messages that a clock which ran ahead has dated later than now. They count as received when that
 * was noticed. What the clock said is remembered for a while: it may be today's that is wrong.
 */
final class Ahead {
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final Database database;

  Ahead(Database database) {
    this.database = database;
  }

  /** When the latest message was received. */
  Optional<Instant> newest(Collection<MessageStream> streams) throws SQLException {
    if (streams.isEmpty()) {
      return Optional.empty();
    }
    String all =
        streams.stream()
            .map(stream -> "SELECT max(_received) AS r FROM " + stream.table())
            .collect(Collectors.joining(" UNION ALL "));
    try (Statement sql = database.statement();
        ResultSet rows = sql.executeQuery("SELECT max(r) FROM (" + all + ")")) {
      rows.next();
      return Optional.ofNullable(rows.getObject(1, LocalDateTime.class))
          .map(time -> time.toInstant(ZoneOffset.UTC));
    }
  }

  /**
   * Dates messages back.
   *
   * @param own the streams of a product
   * @param limit those that were received later
   * @param to when they count as received from now on
   * @param then what is to follow in the same transaction
   * @return how many
   */
  long setBack(List<MessageStream> own, Instant limit, Instant to, Database.Work<Long> then)
      throws SQLException, IOException {
    return database.atOnce(
        sql -> {
          long moved = 0;
          for (MessageStream stream : own) {
            update(
                sql,
                "INSERT INTO candor.ahead SELECT ?, _row, _received, ? FROM %s WHERE _received > ?"
                    .formatted(stream.table()),
                stream.name(),
                time(to),
                time(limit));
            moved +=
                update(
                    sql,
                    "UPDATE %s SET _received = ? WHERE _received > ?".formatted(stream.table()),
                    time(to),
                    time(limit));
          }
          return settled(sql, own, moved, then);
        });
  }

  /**
   * Gives messages their time again once it is no longer ahead, and forgets what is too old.
   *
   * @param own the streams of a product
   * @param then what is to follow in the same transaction if there are any
   * @return how many
   */
  long giveBack(List<MessageStream> own, Instant now, Database.Work<Long> then)
      throws SQLException, IOException {
    if (!isDue(now)) {
      return 0;
    }
    return database.atOnce(
        sql -> {
          long moved = 0;
          for (MessageStream stream : own) {
            moved +=
                update(
                    sql,
                    "UPDATE %s AS m SET _received = a.received FROM candor.ahead AS a WHERE a.stream = ? AND a.row = m._row AND a.received <= ?"
                        .formatted(stream.table()),
                    stream.name(),
                    time(now));
            update(
                sql,
                "DELETE FROM candor.ahead WHERE stream = ? AND (received <= ? OR noticed < ?)",
                stream.name(),
                time(now),
                time(now.minus(REMEMBERED)));
          }
          return settled(sql, own, moved, then);
        });
  }

  private boolean isDue(Instant now) throws SQLException {
    try (Statement sql = database.statement();
        PreparedStatement due =
            sql.getConnection()
                .prepareStatement(
                    "SELECT 1 FROM candor.ahead WHERE received <= ? OR noticed < ? LIMIT 1")) {
      due.setObject(1, time(now));
      due.setObject(2, time(now.minus(REMEMBERED)));
      try (ResultSet rows = due.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static long settled(
      Statement sql, List<MessageStream> own, long moved, Database.Work<Long> then)
      throws SQLException, IOException {
    if (moved > 0) {
      Schema.fill(sql, own.getFirst().product(), own);
      then.on(sql);
    }
    return moved;
  }

  private static long update(Statement sql, String text, Object... values) throws SQLException {
    try (PreparedStatement statement = sql.getConnection().prepareStatement(text)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeLargeUpdate();
    }
  }

  private static LocalDateTime time(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
