package dev.candor.store;

/**
 * How long messages stay in a store.
 *
 * @param eraseOnOptOut whether what an instance sent is erased when it opts out
 * @param days for how many days after its receipt a message is kept; 0 for ever
 */
public record Lifetime(boolean eraseOnOptOut, int days) {
  /** Until an instance opts out, but 400 days at most. */
  public static final Lifetime DEFAULT = new Lifetime(true, 400);

  private static final int MOST_DAYS = 36_500;

  public Lifetime {
    if (days < 0 || days > MOST_DAYS) {
      throw new IllegalArgumentException(
          "retention of " + days + " days: expected 0 (for ever) to " + MOST_DAYS);
    }
  }
}
