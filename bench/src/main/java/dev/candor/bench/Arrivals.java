package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Watches a journal: a segment comes with its first ping, and goes when all of it is in the store.
 * The time between is the longest that one of its pings waited to be seen.
 */
final class Arrivals implements AutoCloseable {
  private static final long LOOK_MILLIS = 10;

  private final Path journal;
  private final Map<Path, Long> waiting = new HashMap<>();
  private final Thread watcher;
  private volatile boolean closed;
  private volatile double longest;

  Arrivals(Path data) {
    this.journal = data.resolve("journal").resolve("sonarqube").resolve("ping");
    this.watcher = Thread.ofPlatform().daemon().start(this::watch);
  }

  private void watch() {
    try {
      while (!closed) {
        look();
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void look() throws IOException {
    Set<Path> there = new HashSet<>();
    try (Stream<Path> files = Files.list(journal)) {
      files.forEach(there::add);
    } catch (NoSuchFileException e) {
      return;
    }
    long now = System.nanoTime();
    there.forEach(file -> waiting.putIfAbsent(file, now));
    waiting.forEach(
        (file, since) -> {
          if (!there.contains(file)) {
            longest = Math.max(longest, (now - since) / 1e9);
          }
        });
    waiting.keySet().retainAll(there);
  }

  /** Seconds that the slowest ping so far waited until it was in the store. */
  double longest() {
    return longest;
  }

  /** Begins anew with the longest wait. */
  void forget() {
    longest = 0;
  }

  /** Waits until nothing waits any more; tells how long that took, in seconds. */
  double settle() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      try (Stream<Path> files = Files.list(journal)) {
        if (files.findAny().isEmpty()) {
          return (System.nanoTime() - start) / 1e9;
        }
      }
      if (System.nanoTime() - start > 300e9) {
        throw new IOException("the journal is not loaded after five minutes");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    watcher.join();
  }
}
