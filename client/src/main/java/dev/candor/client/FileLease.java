package dev.candor.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a file: for processes that share a state directory. Another process takes over when the
 * holder is gone and its lease is old enough. The last ping is known from the directory itself.
 */
public final class FileLease implements Lease {
  private final Path file;
  private final Duration age;
  private final Clock clock;
  private @Nullable FileChannel held;
  private boolean rival;

  /**
   * A lease on a file.
   *
   * @param age how old the lease of another must be before it is taken over
   */
  public FileLease(Path file, Duration age, Clock clock) {
    this.file = file;
    this.age = age;
    this.clock = clock;
  }

  @Override
  public synchronized boolean hold() throws IOException {
    if (rival) {
      return false;
    }
    FileChannel channel = held;
    if (channel == null) {
      channel = take();
      held = channel;
    }
    if (channel == null) {
      return false;
    }
    // Through the locked channel: on POSIX, closing any other on this file would drop the lock.
    byte[] now = clock.instant().toString().getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(now), 0);
    return true;
  }

  private @Nullable FileChannel take() throws IOException {
    StateFiles.folder(file.toAbsolutePath().getParent());
    FileChannel channel = StateFiles.create(file, StandardOpenOption.READ);
    try {
      if (channel.tryLock() != null) {
        Duration old = Duration.between(renewed(channel), clock.instant());
        if (old.isNegative() || old.compareTo(age) >= 0) {
          return channel;
        }
      }
    } catch (OverlappingFileLockException e) {
      rival = true; // held in this very process: the channel stays open, or it would lose its lock
      return null;
    }
    channel.close();
    return null;
  }

  /** When its last holder renewed it. */
  private static Instant renewed(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    int length = channel.read(text, 0);
    try {
      return length <= 0
          ? Instant.EPOCH
          : Instant.parse(new String(text.array(), 0, length, StandardCharsets.US_ASCII));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public Optional<Instant> lastPing() {
    return Optional.empty();
  }

  @Override
  public void pinged(Instant at) {
    // The state directory has it.
  }

  @Override
  public synchronized void close() throws IOException {
    FileChannel channel = held;
    held = null;
    if (channel != null) {
      channel.close();
    }
  }
}
