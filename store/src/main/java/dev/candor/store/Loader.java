package dev.candor.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/** Takes segments of the journal into the tables, each once. */
final class Loader {
  private static final Logger LOG = System.getLogger("dev.candor.store");
  private static final int MAX_LINE_BYTES = 80 << 20;

  /** What one segment brought and what it took away. */
  private record Loaded(long rows, long erased) {
    static final Loaded NOTHING = new Loaded(0, 0);
  }

  private final Database database;
  private final Erasing erasing;
  private final Clock clock;

  Loader(Database database, Erasing erasing, Clock clock) {
    this.database = database;
    this.erasing = erasing;
    this.clock = clock;
  }

  /**
   * Loads what a stream's journal holds.
   *
   * @param own the streams of its product, out of whose tables an opt-out erases; empty if it does
   *     not
   * @return how many messages
   */
  long load(MessageStream stream, List<MessageStream> own) throws IOException {
    long rows = 0;
    for (Path segment : stream.journal().sealed()) {
      rows += load(stream, segment, own);
    }
    return rows;
  }

  /** One transaction takes the segment's rows and notes that it has them; then the file goes. */
  private long load(MessageStream stream, Path segment, List<MessageStream> own)
      throws IOException {
    try {
      long number = Journal.number(segment);
      Loaded loaded =
          database.atOnce(
              sql ->
                  isLoaded(sql, stream, number)
                      ? Loaded.NOTHING
                      : insert(sql, stream, segment, own));
      Files.delete(segment);
      erasing.note(stream.product(), loaded.erased());
      return loaded.rows();
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

  /** Tells a segment with a bad line from a database in trouble. */
  private boolean readable(MessageStream stream, Path segment) {
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery("SELECT count(COLUMNS(*)) FROM " + reading(stream, segment))) {
      return rows.next();
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      return !message.startsWith("Invalid Input Error") && !message.startsWith("Conversion Error");
    }
  }

  private static boolean isLoaded(Statement sql, MessageStream stream, long number)
      throws SQLException {
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT 1 FROM candor.loaded_segment WHERE stream = "
                + Columns.text(stream.name())
                + " AND segment = "
                + number)) {
      return rows.next();
    }
  }

  private Loaded insert(Statement sql, MessageStream stream, Path segment, List<MessageStream> own)
      throws SQLException, IOException {
    long rows = 0;
    long erased = 0;
    if (Files.size(segment) > 0) {
      long firstRow = nextRow(sql);
      String messages = erasing.stillWanted(sql, stream, own, reading(stream, segment));
      rows =
          sql.executeLargeUpdate(
              "INSERT INTO " + stream.table() + " BY NAME SELECT * FROM " + messages);
      Schema.bringUpToDate(sql, stream, firstRow);
      Tallies.loaded(sql, stream, firstRow, clock.instant());
      if (stream.type().isOptOut()) {
        erased = erasing.optedOut(sql, own, firstRow);
      }
    }
    sql.execute(
        "INSERT INTO candor.loaded_segment VALUES ("
            + Columns.text(stream.name())
            + ", "
            + Journal.number(segment)
            + ", "
            + rows
            + ", "
            + Columns.text(clock.instant().toString())
            + "::TIMESTAMP)");
    return new Loaded(rows, erased);
  }

  private static long nextRow(Statement sql) throws SQLException {
    try (ResultSet next = sql.executeQuery("SELECT nextval('candor.row_number')")) {
      next.next();
      return next.getLong(1);
    }
  }

  private static String reading(MessageStream stream, Path segment) {
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
}
