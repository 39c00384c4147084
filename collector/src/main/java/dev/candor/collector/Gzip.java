package dev.candor.collector;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A gzip stream (RFC 1952) of one or more members, inflated: of a request's body and of a file
 * alike. Nothing may follow the last member. Java's own reader takes anything that follows for an
 * end, and a damaged later member too.
 */
public final class Gzip extends InputStream {
  private static final int FREE = 1 << 20;
  private static final int BUFFER = 1 << 16;
  private static final String TRUNCATED = "expected the rest of the gzip stream: it is truncated";

  private final InputStream in;
  private final byte[] buffer;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int at;
  private int filled;
  private long taken;
  private long size;
  private boolean within;
  private boolean ended;

  /** Of a stream that begins as {@link #begins} says. */
  public Gzip(InputStream in) {
    this(in, BUFFER);
  }

  private Gzip(InputStream in, int buffer) {
    this.in = in;
    this.buffer = new byte[Math.max(1, Math.min(buffer, BUFFER))];
  }

  /** Whether bytes begin as a gzip stream does. */
  public static boolean begins(byte[] bytes, int length) {
    return length >= 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
  }

  /** Inflates a body within bounds. */
  static void inflate(byte[] in, int length, Bounds bounds, Buffer out)
      throws BodyRefused, Unavailable {
    int most = bounds.limits().maxBytes();
    byte[] one = new byte[1];
    try (Gzip gzip = new Gzip(new ByteArrayInputStream(in, 0, length), length)) {
      while (true) {
        int count;
        if (out.room() > 0) {
          count = gzip.read(out.bytes(), out.length(), out.room());
          out.added(Math.max(count, 0));
        } else {
          // Often just the end is left, for which no larger buffer is needed.
          count = gzip.read(one, 0, 1);
          if (count > 0) {
            out.grow(most + 1);
            out.add(one, 1);
          }
        }
        if (count < 0) {
          return;
        }
        if (out.length() > most) {
          throw new BodyRefused(Problem.tooLarge("expected at most " + most + " bytes, inflated"));
        }
        if (out.length() > FREE + bounds.maxRatio() * gzip.consumed()) {
          throw new BodyRefused(
              Problem.tooLarge(
                  "expected a body at most "
                      + bounds.maxRatio()
                      + " times as large as its compressed form"));
        }
      }
    } catch (IOException e) {
      throw new BodyRefused(Problem.malformed(String.valueOf(e.getMessage())));
    }
  }

  /** How many bytes it inflates to by what it says itself, if that can be believed. */
  static int sizeHint(byte[] in, int length, Bounds bounds) {
    long said = length >= 18 ? last32(in, length - 4) : 0;
    long hint = said <= 50L * length ? said : 8L * length;
    return (int) Math.min(hint, bounds.limits().maxBytes());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * As always.
   *
   * @throws ZipException if it is no gzip stream, damaged, or followed by something else
   * @throws EOFException if it is truncated
   */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!ended && length > 0) {
      if (!within) {
        header();
        inflater.reset();
        inflater.setInput(buffer, at, filled - at);
        crc.reset();
        size = 0;
        within = true;
      }
      int count = inflate(bytes, offset, length);
      if (count > 0) {
        crc.update(bytes, offset, count);
        size += count;
        return count;
      }
      if (inflater.finished()) {
        at = filled - inflater.getRemaining();
        within = false;
        trailer();
        ended = !fill();
      } else {
        at = filled;
        need();
        inflater.setInput(buffer, at, filled - at);
      }
    }
    return ended ? -1 : 0;
  }

  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(bytes, offset, length);
      if (inflater.needsDictionary()) {
        throw new ZipException("expected a gzip stream: its data is damaged");
      }
      return count;
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException("expected a gzip stream: its data is damaged");
      damaged.initCause(e);
      throw damaged;
    }
  }

  /** How many compressed bytes were used so far. */
  private long consumed() {
    return taken - (within ? inflater.getRemaining() : filled - at);
  }

  private void header() throws IOException {
    if (int8() != 0x1f || int8() != 0x8b) {
      throw new ZipException("expected nothing after the gzip stream");
    }
    int method = int8();
    int flags = int8();
    if (method != 8 || (flags & 0xe0) != 0) {
      throw new ZipException("expected a gzip stream: its method or flags are unknown");
    }
    skip8(6);
    if ((flags & 4) != 0) {
      skip8(int8() + (int8() << 8));
    }
    if ((flags & 8) != 0) {
      skipText();
    }
    if ((flags & 16) != 0) {
      skipText();
    }
    if ((flags & 2) != 0) {
      skip8(2);
    }
  }

  private void skip8(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int8();
    }
  }

  private void skipText() throws IOException {
    while (int8() != 0) {
      // its name or a comment
    }
  }

  private void trailer() throws IOException {
    long sum = int32();
    long length = int32();
    if (sum != crc.getValue() || length != (size & 0xffffffffL)) {
      throw new ZipException("expected a gzip stream: its check sum or size is wrong");
    }
  }

  private long int32() throws IOException {
    return int8() | int8() << 8 | int8() << 16 | (long) int8() << 24;
  }

  private int int8() throws IOException {
    need();
    return buffer[at++] & 0xff;
  }

  private void need() throws IOException {
    if (!fill()) {
      throw new EOFException(TRUNCATED);
    }
  }

  /** Whether there is one more byte. */
  private boolean fill() throws IOException {
    if (at == filled) {
      at = 0;
      filled = Math.max(0, in.read(buffer, 0, buffer.length));
      taken += filled;
    }
    return at < filled;
  }

  private static long last32(byte[] in, int index) {
    return (in[index] & 0xffL)
        | (in[index + 1] & 0xffL) << 8
        | (in[index + 2] & 0xffL) << 16
        | (in[index + 3] & 0xffL) << 24;
  }

  @Override
  public void close() throws IOException {
    inflater.close();
    in.close();
  }
}
