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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Takes segments of the journal into the tables, each once. */
final class Loader {
  private static final Logger LOG = System.getLogger("dev.candor.store");
  private static final int MAX_LINE_BYTES = 80 << 20;
  private static final long KNOWN_SEGMENTS = 1000;

  /**
   * Segments are loaded together up to about so many bytes: what follows a load is not for free.
   */
  private static final long PORTION_BYTES = 1 << 30;

  /** What some segments brought and what they took away. */
  private record Loaded(long rows, long erased) {}

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
    List<Path> portion = new ArrayList<>();
    long bytes = 0;
    for (Path segment : stream.journal().sealed()) {
      portion.add(segment);
      bytes += Files.size(segment);
      if (bytes >= PORTION_BYTES) {
        rows += load(stream, portion, own);
        portion.clear();
        bytes = 0;
      }
    }
    return rows + load(stream, portion, own);
  }

  /** One transaction takes the segments' rows and notes that it has them; then the files go. */
  private long load(MessageStream stream, List<Path> portion, List<MessageStream> own)
      throws IOException {
    if (portion.isEmpty()) {
      return 0;
    }
    try {
      Loaded loaded = database.atOnce(sql -> insert(sql, stream, portion, own));
      for (Path segment : portion) {
        Files.delete(segment);
      }
      erasing.note(stream.product(), loaded.erased());
      return loaded.rows();
    } catch (SQLException e) {
      if (portion.size() > 1) {
        long rows = 0;
        for (Path segment : portion) {
          rows += load(stream, List.of(segment), own);
        }
        return rows;
      }
      Path segment = portion.getFirst();
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
            sql.executeQuery(
                "SELECT count(COLUMNS(*)) FROM " + reading(stream, List.of(segment)))) {
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

  private Loaded insert(
      Statement sql, MessageStream stream, List<Path> portion, List<MessageStream> own)
      throws SQLException, IOException {
    List<Path> fresh = new ArrayList<>();
    long bytes = 0;
    for (Path segment : portion) {
      if (!isLoaded(sql, stream, Journal.number(segment))) {
        fresh.add(segment);
        bytes += Files.size(segment);
      }
    }
    long rows = 0;
    long erased = 0;
    if (bytes > 0) {
      long firstRow = nextRow(sql);
      String messages = erasing.stillWanted(sql, stream, own, reading(stream, fresh));
      rows =
          sql.executeLargeUpdate(
              "INSERT INTO " + stream.table() + " BY NAME SELECT * FROM " + messages);
      Schema.bringUpToDate(sql, stream, firstRow);
      Tallies.loaded(sql, stream, firstRow, clock.instant());
      if (stream.type().isOptOut()) {
        erased = erasing.optedOut(sql, own, firstRow);
      }
    }
    for (Path segment : fresh) {
      sql.execute(
          "INSERT INTO candor.loaded_segment (stream, segment, loaded_at) VALUES ("
              + Columns.text(stream.name())
              + ", "
              + Journal.number(segment)
              + ", "
              + Columns.text(clock.instant().toString())
              + "::TIMESTAMP)");
    }
    forget(sql, stream, Journal.number(portion.getFirst()));
    return new Loaded(rows, erased);
  }

  /** Segments so long before the oldest there is are gone, and need not be known any more. */
  private static void forget(Statement sql, MessageStream stream, long oldest) throws SQLException {
    sql.execute(
        "DELETE FROM candor.loaded_segment WHERE stream = "
            + Columns.text(stream.name())
            + " AND segment < "
            + (oldest - KNOWN_SEGMENTS));
  }

  private static long nextRow(Statement sql) throws SQLException {
    try (ResultSet next = sql.executeQuery("SELECT nextval('candor.row_number')")) {
      next.next();
      return next.getLong(1);
    }
  }

  private static String reading(MessageStream stream, List<Path> segments) {
    String types =
        stream.columns().entrySet().stream()
            .map(type -> Columns.name(type.getKey()) + ": " + Columns.text(type.getValue().sql()))
            .collect(Collectors.joining(", ", "{", "}"));
    return "read_json("
        + segments.stream()
            .map(segment -> Columns.text(segment.toAbsolutePath().toString()))
            .collect(Collectors.joining(", ", "[", "]"))
        + ", format = 'newline_delimited', columns = "
        + types
        + ", maximum_object_size = "
        + MAX_LINE_BYTES
        + ")";
  }
}
