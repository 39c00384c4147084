package dev.candor.collector;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all requests together may hold in memory. */
final class Budget {
  private final long size;
  private final AtomicLong held = new AtomicLong();

  Budget(long size) {
    this.size = size;
  }

  /** Takes so many bytes out, if there are as many. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) > size) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
