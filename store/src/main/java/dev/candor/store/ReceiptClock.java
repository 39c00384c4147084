package dev.candor.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time of receipt of what comes in, in the order in which it comes. Where the machine's clock
 * steps back by little it stands still until that has caught up; a larger step it follows. A
 * machine's clock from before {@link #EARLIEST} is none: it stands still then, too.
 */
public final class ReceiptClock extends Clock {
  /** No message was received before: clocks that were never set say so. */
  public static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** By so much clocks may differ that are both right. */
  public static final Duration SMALL = Duration.ofHours(1);

  private final Clock machine;
  private Instant last = EARLIEST;
  private @Nullable Instant steppedTo;

  ReceiptClock(Clock machine) {
    this.machine = machine;
  }

  @Override
  public synchronized Instant instant() {
    Instant now = machine.instant();
    if (now.isBefore(EARLIEST)) {
      return last;
    }
    if (now.isBefore(last.minus(SMALL))) {
      if (steppedTo == null || now.isBefore(steppedTo)) {
        steppedTo = now;
      }
      last = now;
    } else if (now.isAfter(last)) {
      last = now;
    }
    return last;
  }

  /**
   * What to take a time of receipt for that somebody tells.
   *
   * @return that time, or now if it is ahead by little; empty if it cannot be one
   */
  public Optional<Instant> believed(Instant told) {
    Instant now = instant();
    if (told.isBefore(EARLIEST) || told.isAfter(now.plus(SMALL))) {
      return Optional.empty();
    }
    return Optional.of(told.isAfter(now) ? now : told);
  }

  /** Stands still at least here: something was received then. */
  synchronized void seen(Instant receipt) {
    last = receipt.isAfter(last) ? receipt : last;
  }

  /**
   * The first moment after the last large step back; once for each.
   *
   * @return empty if there was none since this was last asked
   */
  synchronized Optional<Instant> takeStep() {
    Optional<Instant> step = Optional.ofNullable(steppedTo);
    steppedTo = null;
    return step;
  }

  @Override
  public ZoneId getZone() {
    return machine.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return machine.withZone(zone);
  }
}
