package dev.candor.store;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;

/** More than half of all messages would have gone for their age, which a wrong clock may say. */
public final class RetentionRefused extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Says so.
   *
   * @param messages how many would have gone
   * @param of of how many
   */
  public RetentionRefused(long messages, long of, LocalDate keepFrom, Instant now) {
    super(
        String.format(
            Locale.ROOT,
            "%d of %d messages were received before %s and are too old, if the clock is right: it says %s. So many go only when told: candor retain --yes",
            messages,
            of,
            keepFrom,
            now));
  }
}
