package dev.candor.store;

import java.util.Map;

/**
 * Tables that a product keeps beside the raw ones, because every report reads them.
 *
 * @param tables SQL that makes them, empty
 * @param scripts SQL that brings them up to date, by the name of the message that came; it runs in
 *     the transaction that loads the messages, which are those whose {@code _row} is at least the
 *     SQL variable {@code first_row}
 */
public record Upkeep(String tables, Map<String, String> scripts) {
  /** No such tables. */
  public static final Upkeep NONE = new Upkeep("", Map.of());

  public Upkeep {
    scripts = Map.copyOf(scripts);
  }
}
