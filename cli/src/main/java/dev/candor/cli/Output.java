package dev.candor.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command's output, which remembers that it could not be written: Java's printers do not say.
 */
final class Output extends OutputStream {
  private final OutputStream target;
  private volatile @Nullable IOException failure;

  Output(OutputStream target) {
    this.target = target;
  }

  /** A file, made anew, that names itself when it cannot be written. */
  static OutputStream to(Path file) throws IOException {
    OutputStream raw = Files.newOutputStream(file);
    return new FilterOutputStream(raw) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        try {
          raw.write(bytes, from, count);
        } catch (IOException e) {
          throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
      }
    };
  }

  /** Why something could not be written; empty while all was, or if the reader has gone. */
  Optional<String> failure() {
    return Optional.ofNullable(failure)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(why -> !why.equals("Broken pipe"));
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    IOException before = failure;
    if (before != null) {
      throw new IOException(before.getMessage(), before);
    }
    try {
      target.write(bytes, from, count);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    if (failure == null) {
      target.flush();
    }
  }
}
