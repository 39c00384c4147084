package dev.candor.cli;

import dev.candor.collector.Gzip;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** The lines of a file, as bytes. */
final class Lines {
  private static final int BUFFER = 1 << 16;
  private static final byte[] UTF_8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;

  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** The stream, inflated where its first two bytes say that it is gzip. */
  static InputStream inflating(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    in.mark(2);
    byte[] first = in.readNBytes(2);
    in.reset();
    return Gzip.begins(first, first.length) ? new Gzip(in) : in;
  }

  /** The stream without the mark of UTF-8 that some editors put at a file's beginning. */
  static InputStream withoutMark(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    in.mark(UTF_8_MARK.length);
    if (!Arrays.equals(in.readNBytes(UTF_8_MARK.length), UTF_8_MARK)) {
      in.reset();
    }
    return in;
  }

  /**
   * The next line without its end. What is beyond the longest that anything accepts is read, but
   * not kept: one byte more than that shows that it was longer.
   */
  Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(8192);
    boolean any = false;
    while (fill()) {
      any = true;
      int from = at;
      while (at < filled && buffer[at] != '\n') {
        at++;
      }
      line.write(
          buffer, from, Math.min(at - from, longest + 1 - Math.min(longest + 1, line.size())));
      if (at < filled) {
        at++;
        break;
      }
    }
    return any ? Optional.of(line.toByteArray()) : Optional.empty();
  }

  private boolean fill() throws IOException {
    if (at == filled) {
      at = 0;
      filled = Math.max(0, in.read(buffer));
    }
    return at < filled;
  }
}
