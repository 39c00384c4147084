package dev.candor.store;

import java.util.Map;

/**
 * Tables that a product keeps beside the raw ones, because every report reads them. All its SQL
 * runs with the product's schema as the search path, in the transaction that changes the raw rows.
 *
 * @param tables SQL that makes them, empty; it runs, and the scripts after it for all raw rows,
 *     when it or a script has changed. A table that must outlive the raw rows is left as it is
 *     then. Tables alone: nothing else is taken along when the database's file is written anew
 * @param scripts SQL that brings them up to date after messages came, by the name of the message;
 *     those that came have a {@code _row} of at least the SQL variable {@code first_row}
 * @param erase SQL that takes out of them what came from erased messages, which go after it has
 *     run: those of the instances in the table {@code erased (id VARCHAR, until TIMESTAMP)} that
 *     were received until then, that moment included. Empty if there is nothing to do
 * @param retain SQL that takes out of them the rows of single instances from before the day in the
 *     SQL variable {@code keep_from}; messages received before that day go after it has run, a part
 *     of them at a time. Empty if there is nothing to do
 */
public record Upkeep(String tables, Map<String, String> scripts, String erase, String retain) {
  /** No such tables. */
  public static final Upkeep NONE = new Upkeep("", Map.of(), "", "");

  public Upkeep {
    scripts = Map.copyOf(scripts);
  }
}
