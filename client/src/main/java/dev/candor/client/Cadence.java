package dev.candor.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.CRC32;

/**
 * When to ping.
 *
 * @param period from one ping to the next: 24 hours
 * @param warmUp how long the program must have been up before the first ping ever, so that
 *     throw-away instances stay silent
 * @param look how often the switch, the schedule and the outbox are looked at
 */
public record Cadence(Duration period, Duration warmUp, Duration look) {
  /** Every 24 hours, the first after three, looking every half minute. */
  public static final Cadence DAILY =
      new Cadence(Duration.ofHours(24), Duration.ofHours(3), Duration.ofSeconds(30));

  private static final Duration MOST_FIRST_JITTER = Duration.ofHours(1);
  private static final Duration MOST_LATE_JITTER = Duration.ofMinutes(1);

  public Cadence {
    if (period.compareTo(Duration.ofSeconds(1)) < 0
        || warmUp.isNegative()
        || look.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "period and look must be positive: " + period + ", " + warmUp + ", " + look);
    }
  }

  /** The wait before the first ping ever: the warm-up and up to as much again, an hour at most. */
  Duration first(String id) {
    return warmUp.plus(jitter(id, min(warmUp, MOST_FIRST_JITTER)));
  }

  /** The wait before a ping that is overdue after downtime: up to a minute. */
  Duration late(String id) {
    return jitter(id, min(period, MOST_LATE_JITTER));
  }

  /** The same part of the span for the same instance, so that a fleet does not ring at once. */
  private static Duration jitter(String id, Duration span) {
    CRC32 hash = new CRC32();
    hash.update(id.getBytes(StandardCharsets.UTF_8));
    return Duration.ofMillis((long) (span.toMillis() * (hash.getValue() / 4294967296.0)));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
