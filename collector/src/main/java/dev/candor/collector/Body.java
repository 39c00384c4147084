package dev.candor.collector;

import java.io.IOException;
import java.io.InputStream;

/**
 * A request's body, inflated. Whether it is compressed is told by its first two bytes alone: real
 * senders declare {@code gzip} for plain bodies too.
 */
final class Body implements AutoCloseable {
  /** How many times its bound a body is still read, unkept, so that its sender hears the answer. */
  private static final int PATIENCE = 4;

  private final Buffer buffer;
  private final byte[] bytes;
  private final long wire;

  private Body(Buffer buffer, long wire) throws Unavailable {
    this.buffer = buffer;
    this.bytes = buffer.exact();
    this.wire = wire;
  }

  /**
   * Reads a body to its end.
   *
   * @param declared its length in bytes, or a negative number if it was not told
   */
  static Body read(InputStream in, long declared, Bounds bounds, Budget budget)
      throws IOException, BodyRefused, Unavailable {
    Buffer raw = new Buffer(budget);
    Buffer inflated = new Buffer(budget);
    try {
      collect(in, declared, bounds, raw);
      if (!Gzip.begins(raw.bytes(), raw.length())) {
        return new Body(raw, raw.length());
      }
      Gzip.inflate(raw.bytes(), raw.length(), bounds, inflated);
      int wire = raw.length();
      raw.close();
      return new Body(inflated, wire);
    } catch (IOException | BodyRefused | Unavailable | RuntimeException | OutOfMemoryError e) {
      raw.close();
      inflated.close();
      throw e;
    }
  }

  private static void collect(InputStream in, long declared, Bounds bounds, Buffer raw)
      throws IOException, BodyRefused, Unavailable {
    int plainMost = bounds.limits().maxBytes();
    int most = Math.max(bounds.maxBody(), plainMost);
    if (declared > most) {
      throw tooLarge(in, most);
    }
    raw.ensure(declared > 0 ? (int) Math.min(declared, 1 << 20) : 8192);
    while (true) {
      if (raw.room() == 0) {
        if (raw.length() == declared) {
          return;
        }
        raw.grow(declared > 0 ? (int) declared : most + 1);
      }
      int count = in.read(raw.bytes(), raw.length(), raw.room());
      if (count < 0) {
        return;
      }
      raw.added(count);
      int bound = Gzip.begins(raw.bytes(), raw.length()) ? bounds.maxBody() : plainMost;
      if (raw.length() > bound) {
        throw tooLarge(in, bound);
      }
    }
  }

  private static BodyRefused tooLarge(InputStream in, int most) throws IOException {
    long left = (long) PATIENCE * most;
    byte[] unkept = new byte[8192];
    int count = 0;
    while (left > 0 && count >= 0) {
      count = in.read(unkept);
      left -= count;
    }
    return new BodyRefused(Problem.tooLarge("expected a body of at most " + most + " bytes"));
  }

  /** The body; the receiver of this array may change it. */
  byte[] bytes() {
    return bytes;
  }

  /** How many bytes came over the wire. */
  long wire() {
    return wire;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
