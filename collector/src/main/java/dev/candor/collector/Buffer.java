package dev.candor.collector;

import java.util.Arrays;

/** Bytes that grow within a share of the memory. For one thread. */
final class Buffer {
  private final Budget.Share share;
  private final int weight;
  private byte[] bytes;
  private int length;

  /**
   * Empty.
   *
   * @param weight bytes of memory that each of its bytes stands for, here and further on
   */
  Buffer(Budget.Share share, int weight) {
    this.share = share;
    this.weight = weight;
    this.bytes = new byte[0];
  }

  /** Makes room for so many bytes in all. */
  void ensure(int capacity) throws Unavailable {
    if (capacity > bytes.length) {
      // While the old bytes are copied, both are there.
      share.ensure((long) weight * capacity + length);
      bytes = Arrays.copyOf(bytes, capacity);
    }
  }

  /** Makes room for more bytes, but for no more than so many in all. */
  void grow(int most) throws Unavailable {
    long doubled = Math.max(8192L, 2L * bytes.length);
    ensure((int) Math.min(doubled, most));
  }

  void add(byte[] from, int count) throws Unavailable {
    ensure(length + count);
    System.arraycopy(from, 0, bytes, length, count);
    length += count;
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
  byte[] exact() {
    if (length != bytes.length) {
      bytes = Arrays.copyOf(bytes, length);
    }
    return bytes;
  }
}
