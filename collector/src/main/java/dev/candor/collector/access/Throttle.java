package dev.candor.collector.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows guessing down: by the name that is tried and over all names, since no address is kept to
 * tell guessers apart. Whoever is signed in already, or has a token, does not notice.
 */
final class Throttle {
  private static final int FREE = 5;
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int MOST_NAMES = 10_000;
  private static final int MOST_FAILURES = 100;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Failures(int count, Instant until) {}

  private final Clock clock;
  private final Map<String, Failures> byName =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MOST_NAMES;
        }
      };
  private final ArrayDeque<Instant> recent = new ArrayDeque<>();

  Throttle(Clock clock) {
    this.clock = clock;
  }

  /** How long to wait before the next try with this name; empty if it may be tried. */
  synchronized Optional<Duration> mustWait(String name) {
    Instant now = clock.instant();
    while (!recent.isEmpty() && recent.peekFirst().isBefore(now.minus(WINDOW))) {
      recent.removeFirst();
    }
    if (recent.size() >= MOST_FAILURES) {
      return Optional.of(WINDOW);
    }
    Failures failures = byName.get(name);
    return failures == null || !failures.until().isAfter(now)
        ? Optional.empty()
        : Optional.of(Duration.between(now, failures.until()));
  }

  synchronized void failed(String name) {
    Instant now = clock.instant();
    recent.addLast(now);
    Failures before = byName.get(name);
    int count = before == null ? 1 : before.count() + 1;
    Duration wait = Duration.ZERO;
    if (count >= FREE) {
      wait = FIRST.multipliedBy(1L << Math.min(20, count - FREE));
      wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
    byName.put(name, new Failures(count, now.plus(wait)));
  }

  synchronized void succeeded(String name) {
    byName.remove(name);
  }
}
