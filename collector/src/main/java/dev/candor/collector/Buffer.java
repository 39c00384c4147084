package dev.candor.collector;

import java.util.Arrays;

/** Bytes that grow within a budget, and give back to it what they took. For one thread. */
final class Buffer implements AutoCloseable {
  private final Budget budget;
  private byte[] bytes = new byte[0];
  private int length;
  private long taken;

  Buffer(Budget budget) {
    this.budget = budget;
  }

  /** Makes room for so many bytes in all. */
  void ensure(int capacity) throws Unavailable {
    if (capacity > bytes.length) {
      take(capacity);
      byte[] old = bytes;
      bytes = Arrays.copyOf(old, capacity);
      give(old.length);
    }
  }

  /** Makes room for more bytes, but for no more than so many in all. */
  void grow(int most) throws Unavailable {
    long doubled = Math.max(8192L, 2L * bytes.length);
    ensure((int) Math.min(doubled, most));
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int room() {
    return bytes.length - length;
  }

  void added(int count) {
    length += count;
  }

  /** The bytes, exactly as many as there are. */
  byte[] exact() throws Unavailable {
    if (length != bytes.length) {
      take(length);
      byte[] exact = Arrays.copyOf(bytes, length);
      give(bytes.length);
      bytes = exact;
    }
    return bytes;
  }

  private void take(long count) throws Unavailable {
    if (!budget.take(count)) {
      throw new Unavailable("too much at once");
    }
    taken += count;
  }

  private void give(long count) {
    budget.give(count);
    taken -= count;
  }

  @Override
  public void close() {
    bytes = new byte[0];
    give(taken);
  }
}
