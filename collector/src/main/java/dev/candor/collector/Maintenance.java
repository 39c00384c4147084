package dev.candor.collector;

import dev.candor.collector.access.Audit;
import dev.candor.store.Faults;
import dev.candor.store.Retention;
import dev.candor.store.RetentionRefused;
import dev.candor.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a running receiver does at its start and once every UTC day: it lets go of what is too old,
 * and writes the database's file anew if something was erased. And whenever instances opt out, it
 * erases what they sent. Both it notes in the audit log.
 */
public final class Maintenance implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.collector");
  private static final Duration AFTER_A_FAILURE = Duration.ofHours(1);

  private final Store store;
  private final Path data;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("candor-maintenance").unstarted(work));
  private @Nullable LocalDate done;
  private Instant notBefore = Instant.EPOCH;

  private Maintenance(Store store, Path data, Clock clock) {
    this.store = store;
    this.data = data;
    this.clock = clock;
  }

  /**
   * Starts it.
   *
   * @throws IOException if the audit log or the quarantine cannot be written
   */
  public static Maintenance start(Store store, Path data, Clock clock) throws IOException {
    store.onOptOut(Erasure.onOptOut(data, clock));
    Maintenance maintenance = new Maintenance(store, data, clock);
    maintenance.timer.scheduleWithFixedDelay(maintenance::look, 0, 1, TimeUnit.MINUTES);
    return maintenance;
  }

  private void look() {
    try {
      runIfDue();
    } catch (IOException | RuntimeException | Error e) {
      if (timer.isShutdown()) {
        return; // The store is closing.
      }
      store.faults().note(Faults.At.MAINTENANCE, e);
    }
  }

  /**
   * Does the day's work if it was not done yet.
   *
   * @throws IOException if something fails; it is tried again an hour later
   */
  synchronized void runIfDue() throws IOException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Duration wait = Duration.between(clock.instant(), notBefore);
    if (today.equals(done) || wait.isPositive() && wait.compareTo(AFTER_A_FAILURE) <= 0) {
      return;
    }
    notBefore = clock.instant().plus(AFTER_A_FAILURE);
    try {
      retain(store, data, false, clock);
    } catch (RetentionRefused e) {
      LOG.log(Level.WARNING, e.getMessage());
      note(data, clock, "retention", "refused: " + e.getMessage());
    }
    if (store.rewrite()) {
      note(data, clock, "rewrite", "what was erased has left the database's file");
    } else {
      store.tidy();
    }
    done = today;
    notBefore = Instant.EPOCH;
  }

  /**
   * Lets go of what is too old in the store and in quarantine, and notes in the log and the audit
   * log that it did.
   *
   * @param sure as of {@link Store#retain}
   * @return what was done, in a sentence
   * @throws IOException as of {@link Store#retain}
   */
  public static String retain(Store store, Path data, boolean sure, Clock clock)
      throws IOException {
    Optional<Retention> retention = store.retain(sure);
    if (retention.isEmpty()) {
      return "messages are kept for ever (serve --retention 0)";
    }
    LocalDate keptFrom = retention.get().keptFrom();
    long quarantined =
        Quarantine.letGo(data.resolve("quarantine"), keptFrom, sure, clock.instant());
    String sentence =
        String.format(
            Locale.ROOT,
            "received before %s: %d messages went, %d in quarantine",
            keptFrom,
            retention.get().messages(),
            quarantined);
    if (retention.get().messages() + quarantined > 0) {
      LOG.log(Level.INFO, "retention: {0}", sentence);
      note(data, clock, "retention", sentence);
    }
    return sentence;
  }

  /** Notes in the audit log what was done unasked. */
  static void note(Path data, Clock clock, String action, String target) throws IOException {
    try (Audit audit = new Audit(data.resolve("access"), clock)) {
      audit.changed("candor", action, target);
    }
  }

  /** Ends it; what it is at is broken off when the store closes. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
