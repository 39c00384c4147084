package dev.candor.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
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
    if (held == null && !take()) {
      return false;
    }
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    return true;
  }

  private boolean take() throws IOException {
    StateFiles.folder(file.toAbsolutePath().getParent());
    boolean fresh = Files.notExists(file);
    FileChannel channel = StateFiles.create(file);
    try {
      Duration old = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
      if ((fresh || old.isNegative() || old.compareTo(age) >= 0) && channel.tryLock() != null) {
        held = channel;
        return true;
      }
    } catch (OverlappingFileLockException e) {
      // Another object of this very process holds it.
    }
    channel.close();
    return false;
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
