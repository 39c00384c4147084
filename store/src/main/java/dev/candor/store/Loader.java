package dev.candor.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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

  /** So long a load looks for messages that cannot be loaded; others shall not wait for longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What some segments brought and what they took away. */
  private record Loaded(long rows, long erased) {}

  private final Database database;
  private final Erasing erasing;
  private final Clock clock;
  private final AtomicLong setAside = new AtomicLong();

  /** The streams with a segment that is loaded only in part. */
  private final Set<String> unfinished = new HashSet<>();

  Loader(Database database, Erasing erasing, Clock clock) {
    this.database = database;
    this.erasing = erasing;
    this.clock = clock;
  }

  /**
   * Loads what a stream's journal holds. A message that the database will not take is set aside
   * alone; if there are many of them it stops after a while, and goes on from there the next time.
   *
   * @param own the streams of its product, out of whose tables an opt-out erases; empty if it does
   *     not
   * @return how many messages
   * @throws IOException if the database or the disk is in trouble; nothing is lost then
   */
  long load(MessageStream stream, List<MessageStream> own) throws IOException {
    unfinished.remove(stream.name());
    long rows = 0;
    List<Path> portion = new ArrayList<>();
    long bytes = 0;
    for (Path segment : stream.journal().sealed()) {
      if (partLoaded(stream, Journal.number(segment)) > 0) {
        rows += load(stream, portion, own) + inPieces(stream, segment, own);
        portion.clear();
        bytes = 0;
        continue;
      }
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

  /** Whether the last time left something that is to be loaded message by message. */
  boolean isUnfinished() {
    return !unfinished.isEmpty();
  }

  /** How many messages were set aside since this was made. */
  long setAside() {
    return setAside.get();
  }

  /** One transaction takes the segments' rows and notes that it has them; then the files go. */
  private long load(MessageStream stream, List<Path> portion, List<MessageStream> own)
      throws IOException {
    if (portion.isEmpty()) {
      return 0;
    }
    try {
      Loaded loaded = database.atOnce(sql -> insertNew(sql, stream, portion, own));
      for (Path segment : portion) {
        Files.delete(segment);
      }
      erasing.note(stream.product(), loaded.erased());
      return loaded.rows();
    } catch (SQLException e) {
      if (!Trouble.isOfTheData(e)) {
        throw Trouble.loading(stream, e);
      }
      if (portion.size() == 1) {
        return inPieces(stream, portion.getFirst(), own);
      }
      long rows = 0;
      for (Path segment : portion) {
        rows += load(stream, List.of(segment), own);
      }
      return rows;
    }
  }

  /**
   * Loads a segment in pieces, ever smaller ones where one cannot be loaded, until what is left is
   * one message: that is set aside. Each piece's transaction notes how far it came.
   */
  private long inPieces(MessageStream stream, Path segment, List<MessageStream> own)
      throws IOException {
    long number = Journal.number(segment);
    long end = System.nanoTime() + PATIENCE.toNanos();
    long rows = 0;
    try (Pieces pieces = Pieces.of(segment)) {
      long done = partLoaded(stream, number);
      pieces.skip(done);
      boolean checked = false;
      for (List<byte[]> piece = pieces.next(); !piece.isEmpty(); piece = pieces.next()) {
        if (System.nanoTime() > end) {
          unfinished.add(stream.name());
          return rows;
        }
        try {
          rows += load(stream, segment, piece, done + piece.size(), own);
          done += piece.size();
        } catch (SQLException e) {
          if (!Trouble.isOfTheData(e)) {
            throw Trouble.loading(stream, e);
          }
          if (piece.size() > 1) {
            pieces.halve(piece);
            continue;
          }
          if (!checked) {
            check(stream, segment, own);
            checked = true;
          }
          setAside(stream, segment, piece.getFirst(), ++done, e);
        }
      }
      database.atOnce(
          sql -> {
            noteLoaded(sql, stream, number);
            forget(sql, stream, number);
            return true;
          });
    } catch (SQLException e) {
      throw Trouble.loading(stream, e);
    }
    Files.delete(segment);
    return rows;
  }

  /** Loads some lines of a segment and notes that so many of its lines are done. */
  private long load(
      MessageStream stream, Path segment, List<byte[]> lines, long done, List<MessageStream> own)
      throws SQLException, IOException {
    Path piece = Pieces.write(segment, lines);
    try {
      Loaded loaded =
          database.atOnce(
              sql -> {
                Loaded more = insert(sql, stream, own, List.of(piece));
                notePart(sql, stream, Journal.number(segment), done);
                return more;
              });
      erasing.note(stream.product(), loaded.erased());
      return loaded.rows();
    } finally {
      Files.deleteIfExists(piece);
    }
  }

  /** A message is at fault only if the database can load without it. */
  private void check(MessageStream stream, Path segment, List<MessageStream> own)
      throws IOException {
    try {
      load(stream, segment, List.of(), partLoaded(stream, Journal.number(segment)), own);
    } catch (SQLException e) {
      throw Trouble.loading(stream, e);
    }
  }

  private void setAside(
      MessageStream stream, Path segment, byte[] line, long done, SQLException why)
      throws IOException, SQLException {
    String reason = reason(stream, segment, line, why);
    Path file = stream.journal().setAside(line);
    database.atOnce(
        sql -> {
          Tallies.setAside(sql, stream, reason, clock.instant());
          notePart(sql, stream, Journal.number(segment), done);
          return true;
        });
    setAside.incrementAndGet();
    LOG.log(
        Level.ERROR,
        "a message of {0} cannot be loaded and is set aside in {1}: {2}",
        stream.name(),
        file.getFileName(),
        reason);
  }

  /** Why a message cannot be loaded, in words that hold nothing of it. */
  private String reason(MessageStream stream, Path segment, byte[] line, SQLException why)
      throws IOException {
    Path piece = Pieces.write(segment, List.of(line));
    try {
      for (String column : stream.columns().keySet()) {
        try (Statement sql = database.statement();
            ResultSet rows =
                sql.executeQuery(
                    "SELECT count(%s) FROM %s"
                        .formatted(Columns.name(column), reading(stream, List.of(piece))))) {
          rows.next();
        } catch (SQLException e) {
          return Trouble.kind(e) + " at " + column;
        }
      }
      return Trouble.kind(why) + " in the tables for reports";
    } finally {
      Files.deleteIfExists(piece);
    }
  }

  private long partLoaded(MessageStream stream, long segment) throws IOException {
    try (PreparedStatement sql =
        database.prepare("SELECT lines FROM candor.part_loaded WHERE stream = ? AND segment = ?")) {
      sql.setString(1, stream.name());
      sql.setLong(2, segment);
      try (ResultSet rows = sql.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    } catch (SQLException e) {
      throw Trouble.loading(stream, e);
    }
  }

  private static void notePart(Statement sql, MessageStream stream, long segment, long lines)
      throws SQLException {
    sql.execute(
        "INSERT OR REPLACE INTO candor.part_loaded VALUES ("
            + Columns.text(stream.name())
            + ", "
            + segment
            + ", "
            + lines
            + ")");
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

  /** Inserts the segments that were not loaded, or a part of them, and notes that they are. */
  private Loaded insertNew(
      Statement sql, MessageStream stream, List<Path> portion, List<MessageStream> own)
      throws SQLException, IOException {
    List<Path> fresh = new ArrayList<>();
    for (Path segment : portion) {
      if (!isLoaded(sql, stream, Journal.number(segment))) {
        fresh.add(segment);
      }
    }
    Loaded loaded = insert(sql, stream, own, fresh);
    for (Path segment : fresh) {
      noteLoaded(sql, stream, Journal.number(segment));
    }
    forget(sql, stream, Journal.number(portion.getFirst()));
    return loaded;
  }

  /** An import that was broken off, or a second file, may hold what is there already. */
  private static long dropImportedBefore(Statement sql, String table, long firstRow)
      throws SQLException {
    String imported =
        String.format(
            Locale.ROOT,
            "SELECT %1$s FROM %2$s WHERE _row >= %3$d AND %1$s IS NOT NULL",
            Columns.IMPORT,
            table,
            firstRow);
    try (ResultSet rows = sql.executeQuery(imported + " LIMIT 1")) {
      if (!rows.next()) {
        return 0;
      }
    }
    return sql.executeLargeUpdate(
        String.format(
            Locale.ROOT,
            "DELETE FROM %2$s WHERE _row >= %3$d AND %1$s IS NOT NULL AND _row NOT IN (SELECT min(_row) FROM %2$s WHERE %1$s IN (%4$s) GROUP BY %1$s)",
            Columns.IMPORT,
            table,
            firstRow,
            imported));
  }

  private Loaded insert(
      Statement sql, MessageStream stream, List<MessageStream> own, List<Path> files)
      throws SQLException, IOException {
    if (files.isEmpty()) {
      return new Loaded(0, 0);
    }
    long firstRow = nextRow(sql);
    String messages = erasing.stillWanted(sql, stream, own, reading(stream, files));
    long rows =
        sql.executeLargeUpdate(
            "INSERT INTO " + stream.table() + " BY NAME SELECT * FROM " + messages);
    rows -= dropImportedBefore(sql, stream.table(), firstRow);
    Schema.bringUpToDate(sql, stream, firstRow);
    Tallies.loaded(sql, stream, firstRow, clock.instant());
    long erased = stream.type().isOptOut() ? erasing.optedOut(sql, own, firstRow) : 0;
    return new Loaded(rows, erased);
  }

  private void noteLoaded(Statement sql, MessageStream stream, long segment) throws SQLException {
    sql.execute(
        "INSERT INTO candor.loaded_segment (stream, segment, loaded_at) VALUES ("
            + Columns.text(stream.name())
            + ", "
            + segment
            + ", "
            + Columns.text(clock.instant().toString())
            + "::TIMESTAMP)");
  }

  /** Segments so long before the oldest there is are gone, and need not be known any more. */
  private static void forget(Statement sql, MessageStream stream, long oldest) throws SQLException {
    sql.execute(
        "DELETE FROM candor.loaded_segment WHERE stream = "
            + Columns.text(stream.name())
            + " AND segment < "
            + (oldest - KNOWN_SEGMENTS));
    sql.execute(
        "DELETE FROM candor.part_loaded WHERE stream = "
            + Columns.text(stream.name())
            + " AND segment IN (SELECT segment FROM candor.loaded_segment WHERE stream = "
            + Columns.text(stream.name())
            + ")");
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
