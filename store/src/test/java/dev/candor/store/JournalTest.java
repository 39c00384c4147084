package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  private Instant now = Instant.parse("2026-11-24T10:00:00Z");

  private Journal open(long first) throws IOException {
    Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    return Journal.open(folder.resolve("lines"), first, clock);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("lines"))) {
      return files.sorted().toList();
    }
  }

  /** What a loader would see now. */
  private static List<String> lines(Journal journal) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path segment : journal.sealed()) {
      lines.addAll(Files.readAllLines(segment));
    }
    return lines;
  }

  /**
   * Any order of writing, loading, crashing and opening again: every acknowledged line is there
   * once, whole, in order, and no number of a segment comes twice.
   */
  @Test
  void survivesCrashesAtAnyPlace() throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      List<String> written = new ArrayList<>();
      List<String> loaded = new ArrayList<>();
      Set<Long> numbers = new HashSet<>();
      long next = 0;
      folder = Files.createTempDirectory(folder.getRoot().resolve(folder), "seed");
      Journal journal = open(next);
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            for (Path segment : journal.sealed()) {
              assertThat(numbers.add(Journal.number(segment))).as("seed %d", seed).isTrue();
              next = Math.max(next, Journal.number(segment) + 1);
              loaded.addAll(Files.readAllLines(segment));
              Files.delete(segment);
            }
          }
          case 1 -> {
            // A crash: the process is gone, and a line that nobody was told of is half on disk.
            List<Path> files = files();
            if (!files.isEmpty() && random.nextBoolean()) {
              String torn = "{\"torn\":\"" + "x".repeat(random.nextInt(5000));
              Files.writeString(files.getLast(), torn, StandardOpenOption.APPEND);
            }
            journal = open(next);
          }
          case 2 -> now = now.plusSeconds(random.nextInt(90));
          default -> {
            String line = "{\"n\":" + written.size() + "," + "y".repeat(random.nextInt(300)) + "}";
            journal.append(bytes(line));
            written.add(line);
          }
        }
      }
      loaded.addAll(lines(journal));
      assertThat(loaded).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  @Timeout(60)
  void whoComesAloneAfterManyIsNotHeldUp() throws Exception {
    Journal journal = open(0);
    Set<String> written = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      List<Future<?>> many = new ArrayList<>();
      try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 64; i++) {
          String line = "{\"n\":" + written.size() + "}";
          written.add(line);
          many.add(
              senders.submit(
                  () -> {
                    journal.append(bytes(line));
                    return null;
                  }));
        }
      }
      for (Future<?> one : many) {
        one.get();
      }
      String alone = "{\"n\":" + written.size() + "}";
      written.add(alone);
      journal.append(bytes(alone));
    }
    assertThat(lines(journal)).hasSameSizeAs(written).containsAll(written);
    journal.close();
  }

  @Test
  void anInterruptedSenderCostsNobodyElseALine() throws Exception {
    Journal journal = open(0);
    journal.append(bytes("{\"n\":1}"));
    Thread sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  assertThatThrownBy(() -> journal.append(bytes("{\"n\":2}")))
                      .isInstanceOf(IOException.class);
                });
    sender.join();
    journal.append(bytes("{\"n\":3}"));
    // Its own line may have made it; it was not told so.
    assertThat(lines(journal))
        .startsWith("{\"n\":1}")
        .endsWith("{\"n\":3}")
        .isSubsetOf("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
  }

  /** Many senders at once and a loader beside them: each line once, each sender's in order. */
  @Test
  void keepsEverySendersLinesInOrder() throws Exception {
    int senders = 60;
    int each = 40;
    Journal journal = open(0);
    List<String> loaded = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        int sender = i;
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    // From a few bytes to several times what is staged.
                    int size = n % 20 == 7 ? 700_000 : n * sender;
                    journal.append(bytes(sender + " " + n + " " + "z".repeat(size)));
                  }
                  return null;
                }));
      }
      while (!all.stream().allMatch(Future::isDone)) {
        for (Path segment : journal.sealed()) {
          loaded.addAll(Files.readAllLines(segment));
          Files.delete(segment);
        }
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    loaded.addAll(lines(journal));
    assertThat(loaded).hasSize(senders * each);
    int[] next = new int[senders];
    for (String line : loaded) {
      String[] words = line.split(" ", 3);
      int sender = Integer.parseInt(words[0]);
      int n = Integer.parseInt(words[1]);
      assertThat(n).isEqualTo(next[sender]++);
      assertThat(words[2].length()).isEqualTo(n % 20 == 7 ? 700_000 : n * sender);
    }
  }

  @Test
  void beginsASegmentAfterAMinute() throws IOException {
    Journal journal = open(0);
    journal.append(bytes("{\"n\":1}"));
    now = now.plus(Duration.ofSeconds(59));
    journal.append(bytes("{\"n\":2}"));
    now = now.plus(Duration.ofSeconds(1));
    journal.append(bytes("{\"n\":3}"));
    assertThat(files())
        .extracting(file -> String.valueOf(file.getFileName()))
        .containsExactly("000000000000.ndjson", "000000000001.ndjson");
  }

  @Test
  void tellsWhatWaits() throws IOException {
    Journal journal = open(0);
    assertThat(journal.backlog()).isEqualTo(Backlog.NONE);
    journal.append(bytes("{\"n\":1}"));
    Backlog backlog = journal.backlog();
    assertThat(backlog.segments()).isEqualTo(1);
    assertThat(backlog.bytes()).isEqualTo(8);
    assertThat(backlog.oldest()).isPresent();
    journal.setAside(bytes("{\"n\":2}"));
    journal.setAside(bytes("{\"n\":3}"));
    assertThat(journal.backlog().segments()).isEqualTo(1);
    assertThat(journal.backlog().refused()).isEqualTo(1);
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    Journal journal = open(0);
    journal.append(bytes("{\"n\":1}"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("lines")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(files().getFirst()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void refusesWhatComesAfterTheEnd() throws IOException {
    Journal journal = open(0);
    journal.close();
    assertThatThrownBy(() -> journal.append(bytes("{}"))).hasMessage("the journal is closed");
  }
}
