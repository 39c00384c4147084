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

  /** Read before anything is known of a body, and outside of any budget. */
  private static final int FIRST = 8192;

  /**
   * Sifting changes the body: copies of it are there for the quarantine and for another kind of
   * message, and then the line that is kept of it.
   */
  private static final int MESSAGE_WEIGHT = 4;

  private final Budget.Share share;
  private final byte[] bytes;
  private final long wire;

  private Body(Budget.Share share, byte[] bytes, long wire) {
    this.share = share;
    this.bytes = bytes;
    this.wire = wire;
  }

  /**
   * Memory for bodies: as they come, and inflated. Nobody waits for the first who has the other.
   */
  record Memory(Budget wire, Budget messages) {
    long held() {
      return wire.held() + messages.held();
    }
  }

  /**
   * Reads a body to its end.
   *
   * @param declared its length in bytes, or a negative number if it was not told
   */
  static Body read(InputStream in, long declared, Bounds bounds, Memory memory)
      throws IOException, BodyRefused, Unavailable {
    int plainMost = bounds.limits().maxBytes();
    if (declared > Math.max(bounds.maxBody(), plainMost)) {
      throw tooLarge(in, Math.max(bounds.maxBody(), plainMost));
    }
    byte[] first = new byte[declared < 0 ? FIRST : (int) Math.min(declared, FIRST)];
    int count = in.readNBytes(first, 0, first.length);
    if (!Gzip.begins(first, count)) {
      Budget.Share share = memory.messages().await(MESSAGE_WEIGHT * Math.max(declared, count));
      return closing(
          share,
          () -> {
            Buffer plain = new Buffer(share, MESSAGE_WEIGHT);
            collect(in, first, count, declared, plainMost, plain);
            return new Body(share, plain.exact(), plain.length());
          });
    }
    try (Budget.Share share = memory.wire().await(Math.max(declared, count))) {
      Buffer wire = new Buffer(share, 1);
      collect(in, first, count, declared, bounds.maxBody(), wire);
      return inflated(wire, bounds, memory.messages());
    }
  }

  private static Body inflated(Buffer wire, Bounds bounds, Budget messages)
      throws IOException, BodyRefused, Unavailable {
    int hint = Gzip.sizeHint(wire.bytes(), wire.length(), bounds);
    Budget.Share share = messages.await((long) MESSAGE_WEIGHT * hint);
    return closing(
        share,
        () -> {
          Buffer message = new Buffer(share, MESSAGE_WEIGHT);
          message.ensure(hint);
          Gzip.inflate(wire.bytes(), wire.length(), bounds, message);
          return new Body(share, message.exact(), wire.length());
        });
  }

  /** Reads a body. */
  private interface Reading {
    Body read() throws IOException, BodyRefused, Unavailable;
  }

  /** Gives the share back unless a body comes of it. */
  private static Body closing(Budget.Share share, Reading reading)
      throws IOException, BodyRefused, Unavailable {
    Body body = null;
    try {
      body = reading.read();
      return body;
    } finally {
      if (body == null) {
        share.close();
      }
    }
  }

  private static void collect(
      InputStream in, byte[] first, int count, long declared, int most, Buffer into)
      throws IOException, BodyRefused, Unavailable {
    into.ensure((int) Math.min(Math.max(declared, count), most));
    into.add(first, Math.min(count, most));
    boolean whole = count < first.length || count == declared;
    while (!whole && into.length() <= most) {
      if (into.room() == 0) {
        if (into.length() == declared) {
          break;
        }
        into.grow(most + 1);
      }
      int more = in.read(into.bytes(), into.length(), into.room());
      whole = more < 0;
      into.added(Math.max(more, 0));
    }
    if (into.length() > most || count > most) {
      throw tooLarge(in, most);
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
    share.close();
  }
}
