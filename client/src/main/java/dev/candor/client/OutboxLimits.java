package dev.candor.client;

import java.time.Duration;

/**
 * How much the state directory keeps.
 *
 * @param waiting messages that wait to be sent, at most
 * @param waitingBytes their size in bytes, at most
 * @param waitingAge how long a message may wait
 * @param sentAge how long what was sent stays in the sent log
 * @param sentBytes size of the sent log in bytes, at most; the newest message always stays
 */
public record OutboxLimits(
    int waiting, long waitingBytes, Duration waitingAge, Duration sentAge, long sentBytes) {
  /** Seven messages of 64 MiB for seven days; 90 days and 256 MiB of what was sent. */
  public static final OutboxLimits DEFAULT =
      new OutboxLimits(7, 64L << 20, Duration.ofDays(7), Duration.ofDays(90), 256L << 20);
}
