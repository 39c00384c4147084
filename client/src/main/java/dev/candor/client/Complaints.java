package dev.candor.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** One log line a cause: the same words about the same thing come again after a day at most. */
final class Complaints {
  private record Said(String words, long at) {}

  private static final long AGAIN = Duration.ofDays(1).toNanos();

  private final Logger log;
  private final LongSupplier nanos;
  private final Map<String, Said> said = new HashMap<>();

  Complaints(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  synchronized void about(String thing, Level level, String words) {
    Said last = said.get(thing);
    long now = nanos.getAsLong();
    if (last == null || !Objects.equals(last.words(), words) || now - last.at() >= AGAIN) {
      said.put(thing, new Said(words, now));
      log.log(level, words);
    }
  }

  /** The thing is well again: its next trouble is worth a line at once. */
  synchronized void over(String thing) {
    said.remove(thing);
  }
}
