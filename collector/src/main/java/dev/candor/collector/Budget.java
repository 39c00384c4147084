package dev.candor.collector;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bytes that all requests together may hold in memory, counted in KiB. Whoever needs many waits for
 * them; its sender sees a slow connection, and nothing is refused that comes in time.
 */
final class Budget {
  private static final int UNIT = 1024;

  private final int size;
  private final Semaphore free;

  /** Whoever holds it may take what is not there: one at a time, so that it comes to an end. */
  private final Semaphore overdraft;

  private final Duration patience;

  /**
   * All of it is free.
   *
   * @param patience how long a request waits for its share at most
   * @param overdraft whether one share at a time may grow past the whole
   */
  Budget(long bytes, Duration patience, boolean overdraft) {
    this.size = (int) Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(size, true);
    this.overdraft = new Semaphore(overdraft ? 1 : 0, true);
    this.patience = patience;
  }

  /**
   * Takes a share, waiting for it if need be. Whoever holds one of this budget must not wait for
   * another, or all could wait for each other. One larger than the whole budget gets the whole.
   */
  Share await(long bytes) throws Unavailable {
    int units = units(bytes);
    take(free, units);
    return new Share(bytes, units);
  }

  private void take(Semaphore from, int units) throws Unavailable {
    try {
      // A small one need not stand behind a large one that waits.
      if (!from.tryAcquire(units)
          && !from.tryAcquire(units, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Unavailable("too much at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while waiting for memory");
    }
  }

  /** Bytes that are held now, to the KiB. */
  long held() {
    return (long) (size - free.availablePermits()) * UNIT;
  }

  private int units(long bytes) {
    return (int) Math.min((bytes + UNIT - 1) / UNIT, size);
  }

  /** What one request holds. For one thread. */
  final class Share implements AutoCloseable {
    private long bytes;
    private int units;
    private boolean overdrawn;

    private Share(long bytes, int units) {
      this.bytes = bytes;
      this.units = units;
    }

    /** Makes it at least so large: out of what is free, else by the overdraft. */
    void ensure(long wanted) throws Unavailable {
      if (wanted > bytes) {
        int more = units(wanted) - units;
        if (!overdrawn && free.tryAcquire(more)) {
          units += more;
        } else if (!overdrawn) {
          take(overdraft, 1);
          overdrawn = true;
        }
        bytes = wanted;
      }
    }

    @Override
    public void close() {
      free.release(units);
      if (overdrawn) {
        overdraft.release();
        overdrawn = false;
      }
      bytes = 0;
      units = 0;
    }
  }
}
