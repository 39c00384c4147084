package dev.candor.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When the next ping is due. Within one process time is counted on the monotonic clock, so nothing
 * that happens to the wall clock makes a second ping; the wall clock only says how long the program
 * was down. If it went back meanwhile, the last ping counts as sent just now.
 */
final class Schedule {
  private final Cadence cadence;
  private final LongSupplier nanos;
  private final long start;
  private @Nullable Long due;

  Schedule(Cadence cadence, LongSupplier nanos) {
    this.cadence = cadence;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /**
   * Sets out from what was sent before this process began.
   *
   * @param now the wall clock's time
   */
  void begin(String id, Optional<Instant> last, Instant now) {
    if (due == null) {
      due =
          last.map(instant -> nanos.getAsLong() + wait(id, instant, now).toNanos())
              .orElseGet(() -> start + cadence.first(id).toNanos());
    }
  }

  private Duration wait(String id, Instant last, Instant now) {
    Duration since = Duration.between(last, now);
    if (since.isNegative()) {
      return cadence.period();
    }
    Duration left = cadence.period().minus(since);
    return left.compareTo(cadence.late(id)) > 0 ? left : cadence.late(id);
  }

  /** How long until the next ping; zero if it is due; empty before {@link #begin}. */
  Optional<Duration> left() {
    return Optional.ofNullable(due)
        .map(at -> Duration.ofNanos(Math.max(0, at - nanos.getAsLong())));
  }

  /** A ping was made now. */
  void pinged() {
    due = nanos.getAsLong() + cadence.period().toNanos();
  }

  /** Another process of this instance made a ping at that time. */
  void pingedElsewhere(Instant at, Instant now) {
    Duration since = Duration.between(at, now);
    Duration left = since.isNegative() ? cadence.period() : cadence.period().minus(since);
    due = nanos.getAsLong() + Math.max(0, left.toNanos());
  }
}
