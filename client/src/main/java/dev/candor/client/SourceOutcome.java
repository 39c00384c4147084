package dev.candor.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How collecting from one source went, and what it cost.
 *
 * @param name the source's
 * @param omitted why its members are missing; empty if they are there
 * @param detail what was wrong and how to mend it; never a value; empty if nothing was
 * @param took its time
 * @param rows that it counted
 * @param bytes of JSON that it wrote
 */
public record SourceOutcome(
    String name, Optional<Omission> omitted, String detail, Duration took, long rows, long bytes) {

  /** One line for people: {@code users: 14 rows, 2101 bytes, 12 ms}. */
  @Override
  public String toString() {
    String cost = rows + " rows, " + bytes + " bytes, " + took.toMillis() + " ms";
    return name
        + ": "
        + omitted.map(why -> "left out, " + why.word() + " (" + detail + "); ").orElse("")
        + cost;
  }
}
