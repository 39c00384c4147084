package dev.candor.collector;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates a gzip stream (RFC 1952) of one or more members, within bounds. */
final class Gzip {
  private static final int FREE = 1 << 20;
  private static final String TRUNCATED = "expected the rest of the gzip stream: it is truncated";

  private final byte[] in;
  private final int end;
  private final Bounds bounds;
  private final Buffer out;
  private int at;

  private Gzip(byte[] in, int end, Bounds bounds, Buffer out) {
    this.in = in;
    this.end = end;
    this.bounds = bounds;
    this.out = out;
  }

  /** Whether bytes begin as a gzip stream does. */
  static boolean begins(byte[] bytes, int length) {
    return length >= 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
  }

  static void inflate(byte[] in, int length, Bounds bounds, Buffer out)
      throws BodyRefused, Unavailable {
    new Gzip(in, length, bounds, out).run();
  }

  /** How many bytes it inflates to by what it says itself, if that can be believed. */
  static int sizeHint(byte[] in, int length, Bounds bounds) {
    long said = length >= 18 ? int32(in, length - 4) : 0;
    long hint = said <= 50L * length ? said : 8L * length;
    return (int) Math.min(hint, bounds.limits().maxBytes());
  }

  private void run() throws BodyRefused, Unavailable {
    try (Inflater inflater = new Inflater(true)) {
      CRC32 crc = new CRC32();
      do {
        header();
        int start = out.length();
        inflater.reset();
        inflater.setInput(in, at, end - at);
        crc.reset();
        member(inflater, crc);
        at = end - inflater.getRemaining();
        trailer(crc.getValue(), out.length() - start);
      } while (at < end);
    }
  }

  private void member(Inflater inflater, CRC32 crc) throws BodyRefused, Unavailable {
    int most = bounds.limits().maxBytes();
    byte[] one = new byte[1];
    try {
      while (!inflater.finished()) {
        int from = out.length();
        int count;
        if (out.room() > 0) {
          count = inflater.inflate(out.bytes(), from, out.room());
          out.added(count);
        } else {
          // Often just the end is left, for which no larger buffer is needed.
          count = inflater.inflate(one);
          if (count > 0) {
            out.grow(most + 1);
            out.add(one, 1);
          }
        }
        if (count == 0 && !inflater.finished()) {
          throw refused(TRUNCATED);
        }
        crc.update(out.bytes(), from, count);
        if (out.length() > most) {
          throw new BodyRefused(Problem.tooLarge("expected at most " + most + " bytes, inflated"));
        }
        long consumed = (long) end - inflater.getRemaining();
        if (out.length() > FREE + bounds.maxRatio() * consumed) {
          throw new BodyRefused(
              Problem.tooLarge(
                  "expected a body at most "
                      + bounds.maxRatio()
                      + " times as large as its compressed form"));
        }
      }
    } catch (DataFormatException e) {
      throw refused("expected a gzip stream: its data is damaged");
    }
  }

  private void header() throws BodyRefused {
    if (!(int8(at) == 0x1f && int8(at + 1) == 0x8b)) {
      throw refused("expected nothing after the gzip stream");
    }
    int flags = int8(at + 3);
    if (int8(at + 2) != 8 || (flags & 0xe0) != 0) {
      throw refused("expected a gzip stream: its method or flags are unknown");
    }
    at += 10;
    if ((flags & 4) != 0) {
      at += 2 + int8(at) + (int8(at + 1) << 8);
    }
    if ((flags & 8) != 0) {
      skipText();
    }
    if ((flags & 16) != 0) {
      skipText();
    }
    if ((flags & 2) != 0) {
      at += 2;
    }
    if (at >= end) {
      throw refused(TRUNCATED);
    }
  }

  private void skipText() throws BodyRefused {
    while (int8(at) != 0) {
      at++;
    }
    at++;
  }

  private void trailer(long crc, int size) throws BodyRefused {
    if (end - at < 8) {
      throw refused(TRUNCATED);
    }
    if (int32(in, at) != crc || int32(in, at + 4) != size) {
      throw refused("expected a gzip stream: its check sum or size is wrong");
    }
    at += 8;
  }

  private int int8(int index) throws BodyRefused {
    if (index >= end) {
      throw refused(TRUNCATED);
    }
    return in[index] & 0xff;
  }

  private static long int32(byte[] in, int index) {
    return (in[index] & 0xffL)
        | (in[index + 1] & 0xffL) << 8
        | (in[index + 2] & 0xffL) << 16
        | (in[index + 3] & 0xffL) << 24;
  }

  private static BodyRefused refused(String expected) {
    return new BodyRefused(Problem.malformed(expected));
  }
}
