package dev.candor.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * Instances that opted out, and whose messages the store has erased.
 *
 * @param product whose they are
 * @param until by id, the receipt of the opt-out: what was received later is kept
 * @param messages how many messages were erased; fewer than there were if a crash came between
 */
public record OptedOut(Product product, Map<String, Instant> until, long messages) {
  public OptedOut {
    until = Map.copyOf(until);
  }

  /** Erases what lies outside of the store. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Erases what these instances sent. Called again, also after a restart, until it returns.
     *
     * @throws IOException if something could not be erased
     */
    void optedOut(OptedOut instances) throws IOException;
  }
}
