package dev.candor.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Log lines on stderr: one a record, as journald and a reader in a terminal want them. Foreign code
 * speaks from warnings on; {@code CANDOR_LOG} (a level of java.util.logging) sets our own.
 */
final class Logging {
  // Strong references: the log manager holds loggers weakly and would forget their levels.
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("dev.candor");

  private Logging() {}

  static void configure() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new Line());
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(level());
  }

  private static Level level() {
    String wanted = System.getenv("CANDOR_LOG");
    try {
      return wanted == null ? Level.INFO : Level.parse(wanted.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Level.INFO;
    }
  }

  /** Quiet enough for a command whose output is for people. */
  static void warningsOnly() {
    if (System.getenv("CANDOR_LOG") == null) {
      OURS.setLevel(Level.WARNING);
    }
  }

  /**
   * Time, level, the logger's last word, message; a stack trace only where there is a throwable.
   */
  static final class Line extends Formatter {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public String format(LogRecord record) {
      String name = record.getLoggerName() == null ? "candor" : record.getLoggerName();
      StringBuilder line = new StringBuilder(TIME.format(record.getInstant()));
      line.append(' ').append(word(record.getLevel())).append(' ');
      line.append(name.substring(name.lastIndexOf('.') + 1)).append(": ");
      line.append(formatMessage(record).strip().replaceAll("\\s*\\R\\s*", " | ")).append('\n');
      if (record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }

    private static String word(Level level) {
      int value = level.intValue();
      return value >= Level.SEVERE.intValue()
          ? "error"
          : value >= Level.WARNING.intValue()
              ? "warn"
              : value >= Level.INFO.intValue() ? "info" : "debug";
    }
  }
}
