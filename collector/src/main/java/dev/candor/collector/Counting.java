package dev.candor.collector;

import dev.candor.store.Faults;
import dev.candor.store.Tallies;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds what {@link Meters} counted to the store's tallies, every ten seconds and at the end. What
 * comes around midnight may be counted on the next day; what was not yet added is lost by a crash.
 */
final class Counting implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.collector");
  private static final long EVERY_MILLIS = 10_000;

  /** A longer step means that the machine slept. */
  private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

  private final Meters meters;
  private final Tallies tallies;
  private final Faults faults;
  private final Clock clock;
  private final Map<Object, Long> added = new HashMap<>();
  private final Thread thread;
  private Instant since;
  private boolean told;

  Counting(Meters meters, Tallies tallies, Faults faults, Clock clock) {
    this.meters = meters;
    this.tallies = tallies;
    this.faults = faults;
    this.clock = clock;
    this.since = clock.instant();
    this.thread = Thread.ofPlatform().daemon().name("candor-counting").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        add();
      }
    } catch (InterruptedException e) {
      add();
    }
  }

  private void add() {
    Map<Object, Long> now = new HashMap<>(added);
    List<Tallies.Requests> requests = new ArrayList<>();
    for (Tallies.Requests all : meters.requests()) {
      long count = since(now, all.withCount(0), all.count());
      if (count > 0) {
        requests.add(all.withCount(count));
      }
    }
    List<Tallies.Findings> findings = new ArrayList<>();
    for (Tallies.Findings all : meters.findings()) {
      long count = since(now, all.withCount(0), all.count());
      if (count > 0) {
        findings.add(all.withCount(count));
      }
    }
    Instant end = clock.instant();
    Duration step = Duration.between(since, end);
    Duration forward = step.isNegative() ? Duration.ZERO : step;
    Duration up = forward.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : forward;
    LocalDate day = LocalDate.ofInstant(end, ZoneOffset.UTC);
    try {
      tallies.add(new Tallies.Counted(day, up, requests, findings));
      added.putAll(now);
      since = end;
      told = false;
    } catch (IOException | RuntimeException | Error e) {
      faults.count(Faults.At.COUNTS);
      if (!told) {
        told = true;
        LOG.log(
            Level.WARNING,
            "counts cannot be kept and will be tried again: {0}",
            Faults.describe(e));
      }
    }
  }

  private static long since(Map<Object, Long> now, Object what, long count) {
    Long before = now.put(what, count);
    return count - (before == null ? 0 : before);
  }

  /** Adds what was counted until now. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
