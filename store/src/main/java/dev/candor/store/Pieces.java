package dev.candor.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a segment in their order, some at a time. */
final class Pieces implements AutoCloseable {
  static final String SUFFIX = ".piece";
  private static final int MOST_LINES = 4096;
  private static final long MOST_BYTES = 64 << 20;

  private final InputStream in;
  private final Deque<List<byte[]>> halves = new ArrayDeque<>();

  private Pieces(InputStream in) {
    this.in = in;
  }

  static Pieces of(Path segment) throws IOException {
    return new Pieces(new BufferedInputStream(Files.newInputStream(segment), 1 << 16));
  }

  /** Writes lines to a file of their own beside their segment, for the database to read. */
  static Path write(Path segment, List<byte[]> lines) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      text.writeBytes(line);
      text.write('\n');
    }
    return PrivateFiles.create(
        segment.resolveSibling(segment.getFileName() + SUFFIX), text.toByteArray(), false);
  }

  /** Leaves lines out that were dealt with before. */
  void skip(long lines) throws IOException {
    for (long n = 0; n < lines; n++) {
      if (line() == null) {
        return;
      }
    }
  }

  /** What comes next; empty at the end. */
  List<byte[]> next() throws IOException {
    if (!halves.isEmpty()) {
      return halves.pop();
    }
    List<byte[]> lines = new ArrayList<>();
    long bytes = 0;
    while (lines.size() < MOST_LINES && bytes < MOST_BYTES) {
      byte[] line = line();
      if (line == null) {
        break;
      }
      lines.add(line);
      bytes += line.length;
    }
    return lines;
  }

  /** Lets a piece of several lines come again, in two. */
  void halve(List<byte[]> piece) {
    int half = piece.size() / 2;
    halves.push(piece.subList(half, piece.size()));
    halves.push(piece.subList(0, half));
  }

  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      line.write(c);
      c = in.read();
    }
    return line.toByteArray();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
