package dev.candor.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the disk or the database says of its cause, in words that hold nothing of a
 * message: the database's own may quote values.
 */
public final class Trouble {
  /** Kinds of failure that a row can cause; all others are the database's or the machine's. */
  private static final Set<String> OF_THE_DATA =
      Set.of(
          "invalid input",
          "conversion",
          "out of range",
          "constraint",
          "mismatch type",
          "decimal",
          "divide by zero",
          "object size",
          "invalid type",
          "unknown type",
          "not implemented");

  /** As the system words what is wrong with a file. */
  private static final List<String> OF_THE_SYSTEM =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "File too large",
          "Read-only file system",
          "Permission denied",
          "Input/output error",
          "Too many open files");

  private static final List<String> OF_THE_FILE =
      List.of(
          "checksum",
          "Corrupt",
          "WAL file",
          "not a valid DuckDB database",
          "Could not read enough bytes");

  /** So the driver begins what it says of many failures of another kind, which follows. */
  private static final String WRAPPED =
      "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result";

  private Trouble() {}

  /** Whether another row might pass where this failed. */
  static boolean isOfTheData(SQLException e) {
    return OF_THE_DATA.contains(kind(e));
  }

  /** The database's word for the kind of failure, such as {@code out of range}. */
  static String kind(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith(WRAPPED)) {
      message = message.substring(WRAPPED.length()).replaceFirst("^\\s*Error: ", "");
    }
    int end = message.indexOf(" Error");
    String word = end < 0 ? "" : message.substring(0, end).toLowerCase(Locale.ROOT);
    return word.matches("[a-z ]{1,30}") ? word : "unknown";
  }

  /** The cause in a few words, such as {@code No space left on device}. */
  public static String cause(Throwable failure) {
    SQLException ofTheDatabase = null;
    for (Throwable e = failure; e != null; e = e.getCause()) {
      boolean quotes = e instanceof SQLException sql && isOfTheData(sql);
      String known = quotes ? null : known(e.getMessage());
      if (known != null) {
        return known;
      }
      if (e instanceof OutOfMemoryError) {
        return "out of memory";
      }
      if (e instanceof SQLException failed) {
        ofTheDatabase = failed;
      }
    }
    if (ofTheDatabase == null) {
      return failure.getClass().getSimpleName();
    }
    String kind = kind(ofTheDatabase);
    return kind.equals("out of memory") ? kind : "the database says: " + kind + " error";
  }

  /**
   * The system's word for it where a failure is the disk's or the machine's; empty if it is
   * neither.
   */
  public static Optional<String> ofTheSystem(Throwable failure) {
    return Optional.of(cause(failure)).filter(OF_THE_SYSTEM::contains);
  }

  private static @Nullable String known(@Nullable String message) {
    if (message == null) {
      return null;
    }
    for (String phrase : OF_THE_SYSTEM) {
      if (message.contains(phrase)) {
        return phrase;
      }
    }
    return isOfTheFile(message) ? "the database's files are damaged, see \"candor repair\"" : null;
  }

  /** Whether the database's own files are damaged. */
  static boolean isOfTheFile(SQLException e) {
    return !isOfTheData(e) && isOfTheFile(String.valueOf(e.getMessage()));
  }

  private static boolean isOfTheFile(String message) {
    return OF_THE_FILE.stream().anyMatch(message::contains);
  }

  /** That a stream's messages wait, and why. */
  static IOException loading(MessageStream stream, Exception e) {
    return new IOException("messages of " + stream.name() + " cannot be loaded: " + cause(e), e);
  }
}
