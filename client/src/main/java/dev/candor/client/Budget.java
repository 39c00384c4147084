package dev.candor.client;

import java.time.Duration;

/**
 * What one source may use for one ping.
 *
 * @param time from its start to its end
 * @param rows how often it may call {@link Meter#row}
 * @param bytes of JSON that it may write
 */
public record Budget(Duration time, long rows, long bytes) {
  /** A minute, five million rows, 48 MiB. */
  public static final Budget DEFAULT = new Budget(Duration.ofMinutes(1), 5_000_000, 48L << 20);

  public Budget {
    if (time.isNegative() || time.isZero() || rows < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "a budget must be positive: time " + time + ", rows " + rows + ", bytes " + bytes);
    }
  }
}
