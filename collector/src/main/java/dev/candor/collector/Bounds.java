package dev.candor.collector;

import dev.candor.dictionary.Limits;
import java.time.Duration;

/**
 * What a sender, or all of them together, may cost the receiver.
 *
 * @param maxBody bytes of a compressed body as it comes over the wire; a plain one may have as many
 *     as it may inflated
 * @param limits bounds on the message itself, inflated
 * @param maxRatio how many times larger than its compressed form a body may be, past its first MiB
 * @param maxHeader bytes of the request line and the headers together
 * @param idle how long a connection may stay silent
 * @param requestTime how long a connection may take for a request, from its first byte to the last
 *     of the answer
 * @param maxRequests requests at work at one time
 * @param maxHeld bytes of bodies in memory at one time, over all requests; those that find no room
 *     wait for it
 * @param stopTime how long a stop waits for the requests at work
 */
public record Bounds(
    int maxBody,
    Limits limits,
    int maxRatio,
    int maxHeader,
    Duration idle,
    Duration requestTime,
    int maxRequests,
    long maxHeld,
    Duration stopTime) {

  /** Bounds for a server whose heap is this process's own. */
  public static Bounds ofDefaults() {
    return new Bounds(
        16 << 20,
        Limits.DEFAULT,
        200,
        16 << 10,
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        1000,
        Math.max(Runtime.getRuntime().maxMemory() / 2, 3L * Limits.DEFAULT.maxBytes()),
        Duration.ofSeconds(20));
  }

  public Bounds {
    if (maxBody < 1
        || maxRatio < 2
        || maxHeader < 512
        || maxRequests < 1
        || maxHeld < 3L * limits.maxBytes()
        || idle.toMillis() < 1
        || requestTime.toMillis() < 1
        || stopTime.isNegative()) {
      throw new IllegalArgumentException(
          "bounds must be positive, a header's at least 512 bytes, and all bodies together three"
              + " times as large as one may be");
    }
  }

  /** The memory for bodies, all of it free: a quarter as they come, the rest inflated. */
  Body.Memory memory() {
    return new Body.Memory(
        // Real senders do not say how long a compressed body is: it shows as it comes.
        new Budget(maxHeld / 4, requestTime, true),
        new Budget(maxHeld - maxHeld / 4, requestTime, false));
  }
}
