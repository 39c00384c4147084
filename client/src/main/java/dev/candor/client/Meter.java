package dev.candor.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Holds one source to its budget while it collects. */
public final class Meter {
  private final Budget budget;
  private final LongSupplier nanos;
  private final long start;
  private long rows;

  Meter(Budget budget, LongSupplier nanos) {
    this.budget = budget;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /**
   * Counts a row.
   *
   * @throws SourceException if that was one too many, or the time is over
   */
  public void row() throws SourceException {
    rows++;
    if (rows > budget.rows()) {
      throw new SourceException(Omission.FAILED, "more than " + budget.rows() + " rows");
    }
    if (Thread.currentThread().isInterrupted() || remaining().isZero()) {
      throw new SourceException(Omission.TIMEOUT, "not done within " + budget.time());
    }
  }

  /** Time left, at least zero: for the limit of a query. */
  public Duration remaining() {
    Duration left = budget.time().minus(took());
    return left.isNegative() ? Duration.ZERO : left;
  }

  Duration took() {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }

  long rows() {
    return rows;
  }
}
