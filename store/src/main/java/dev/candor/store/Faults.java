package dev.candor.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Faults that nobody foresaw. Each is counted, and goes to the log with its class and the place
 * where it arose. Its words do not, unless they are the system's: they may quote what a client
 * sent. Safe to share between threads.
 */
public final class Faults {
  /** What failed. */
  public enum At {
    ANSWERS,
    CONTROL,
    COUNTS,
    DASHBOARD,
    ERASURE,
    INGEST,
    LOADER,
    MAINTENANCE,
    METRICS,
    TIMER,
    THREAD;

    /** As a label of a metric. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Logger LOG = System.getLogger("dev.candor.faults");
  private static final String OURS = "dev.candor.";
  private static final int MOST_CAUSES = 5;
  private static final LongAdder NONE = new LongAdder();

  private final Map<At, LongAdder> counts = new ConcurrentHashMap<>();

  /** Counts a fault, and puts it into the log. */
  public void note(At at, Throwable fault) {
    count(at);
    LOG.log(Level.ERROR, "{0} failed: {1}", at.word(), describe(fault));
  }

  /** Counts a fault that the log has already. */
  public void count(At at) {
    counts.computeIfAbsent(at, _ -> new LongAdder()).increment();
  }

  /** How many there were of these since the start. */
  public long sum(At at) {
    return counts.getOrDefault(at, NONE).sum();
  }

  /** The classes of a fault and of its causes, each with its place. */
  public static String describe(Throwable fault) {
    StringBuilder chain = new StringBuilder();
    Throwable one = fault;
    for (int depth = 0; one != null && depth < MOST_CAUSES; depth++) {
      chain
          .append(depth == 0 ? "" : ", because of ")
          .append(one.getClass().getName())
          .append(words(one))
          .append(" at ")
          .append(place(one.getStackTrace()));
      one = one.getCause();
    }
    return chain.toString();
  }

  /** The system's own: that the disk is full, which file is missing, of which sort an error is. */
  private static String words(Throwable fault) {
    String message = String.valueOf(fault.getMessage());
    StackTraceElement[] stack = fault.getStackTrace();
    if (fault instanceof IOException
        && stack.length > 0
        && stack[0].getModuleName() != null
        && stack[0].getModuleName().startsWith("java.")) {
      return " (" + message.replaceAll("\\s*\\R\\s*", " ") + ")";
    }
    return fault instanceof SQLException sql ? " (" + Trouble.kind(sql) + ")" : "";
  }

  /** Where it was thrown, and the first line of ours on the way there. */
  private static String place(StackTraceElement[] stack) {
    if (stack.length == 0) {
      return "an unknown place";
    }
    for (StackTraceElement line : stack) {
      if (line.getClassName().startsWith(OURS)) {
        return line.equals(stack[0]) ? line.toString() : stack[0] + " by " + line;
      }
    }
    return stack[0].toString();
  }
}
