package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was erased leaves the files, and nothing else does. */
class RewritingTest {
  private static final Dictionary SONARQUBE = Products.SONARQUBE.dictionary();
  private static final Product PRODUCT = Products.SONARQUBE;
  private static final String LEAVING = "leaving-7f3a9c52d0e8";
  private static final String MARK = "mark-c41b77e2a96f";

  @TempDir Path data;

  private Store open() throws IOException {
    return Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, Clock.systemUTC());
  }

  private static void append(Store store, String type, String members) throws IOException {
    MessageType message = SONARQUBE.message(type);
    store.append(SONARQUBE, message, ("{" + members + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static void ping(Store store, String id, String key) throws IOException {
    append(
        store,
        "ping",
        "\"id\":\"%s\",\"_key\":\"%s\",\"_received\":\"2026-03-01T10:00:00.000Z\""
            .formatted(id, key));
  }

  private void fill(Store store) throws IOException {
    for (int i = 0; i < 6; i++) {
      ping(store, "staying-" + i, "key-" + i);
    }
    ping(store, LEAVING, MARK);
    store.load();
    Files.writeString(
        data.resolve("journal/sonarqube/ping/000000000099.ndjson.bad"),
        "{\"id\":\"" + LEAVING + "\",\"_key\":\"" + MARK + "\"\n");
  }

  /** The files that hold this text, byte for byte. */
  private List<String> holding(String text) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                try {
                  return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .map(file -> data.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static Object one(Store store, String sql) throws IOException {
    return store.ask("sonarqube", sql).rows().getFirst().getFirst();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noByteIsLeftOfWhatWasErasedByHand(boolean inTheFileItself) throws IOException {
    try (Store store = open()) {
      fill(store);
    }
    assertThat(holding(LEAVING)).contains("store.duckdb");
    try (Store store = open()) {
      if (!inTheFileItself) {
        ping(store, LEAVING, MARK);
        store.load();
        assertThat(holding(LEAVING)).contains("store.duckdb.wal");
      }
      assertThat(store.rewrite()).isFalse();
      store.erase(PRODUCT, LEAVING);
      assertThat(store.isToRewrite()).isTrue();
      assertThat(store.rewrite()).isTrue();
      assertThat(store.isToRewrite()).isFalse();
      assertThat(holding(LEAVING)).isEmpty();
      assertThat(holding(MARK)).isEmpty();
      assertThat(one(store, "SELECT count(*) FROM instance")).isEqualTo(6L);
      Object last = one(store, "SELECT max(_row) FROM raw_ping");
      ping(store, "staying-6", "key-6");
      store.load();
      assertThat((Long) one(store, "SELECT max(_row) FROM raw_ping")).isGreaterThan((Long) last);
      assertThat(one(store, "SELECT count(*) FROM instance")).isEqualTo(7L);
    }
    assertThat(holding(LEAVING)).isEmpty();
    try (Store store = open()) {
      assertThat(store.rewrite()).isFalse();
      assertThat(one(store, "SELECT count(*) FROM ping")).isEqualTo(7L);
    }
  }

  /** Each time a store closes it writes what it has, in row groups of their own. */
  @Test
  void smallRowGroupsAreJoined() throws IOException {
    String groups = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('raw_ping')";
    for (int i = 0; i < 5; i++) {
      try (Store store = open()) {
        ping(store, "staying-" + i, "key-" + i);
        store.load();
      }
    }
    try (Store store = open()) {
      assertThat(one(store, groups)).isEqualTo(5L);
      ping(store, "staying-5", "key-5");
      store.load();
      store.tidy();
      assertThat(one(store, groups)).isEqualTo(1L);
      assertThat(one(store, "SELECT count(*) FROM ping")).isEqualTo(6L);
    }
  }

  @Test
  void ofWhoOptedOutOnlyTheOptOutIsLeft() throws IOException {
    try (Store store = open()) {
      fill(store);
      assertThat(holding(MARK)).isNotEmpty();
      store.onOptOut(instances -> assertThat(instances.until()).containsOnlyKeys(LEAVING));
      append(
          store,
          "opt-out",
          "\"id\":\"" + LEAVING + "\",\"_received\":\"2026-03-01T11:00:00.000Z\"");
      store.load();
      assertThat(store.rewrite()).isTrue();
      assertThat(holding(MARK)).isEmpty();
    }
    assertThat(holding(MARK)).isEmpty();
    assertThat(holding(LEAVING)).containsExactly("store.duckdb");
  }

  @Test
  void reportsGoOnMeanwhile() throws Exception {
    try (Store store = open();
        ExecutorService readers = Executors.newFixedThreadPool(3)) {
      fill(store);
      AtomicBoolean enough = new AtomicBoolean();
      AtomicLong answers = new AtomicLong();
      List<Future<?>> reading = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        reading.add(
            readers.submit(
                () -> {
                  while (!enough.get()) {
                    assertThat(one(store, "SELECT count(*) FROM ping WHERE id LIKE 'staying%'"))
                        .isEqualTo(6L);
                    assertThat(store.tables("sonarqube").get("as_of")).isEqualTo("day");
                    answers.incrementAndGet();
                  }
                  return null;
                }));
      }
      try {
        for (int i = 0; i < 5; i++) {
          store.erase(PRODUCT, LEAVING);
          assertThat(store.rewrite()).isTrue();
          ping(store, LEAVING, MARK);
        }
      } finally {
        enough.set(true);
      }
      for (Future<?> one : reading) {
        one.get();
      }
      assertThat(answers.get()).isPositive();
    }
  }

  @Test
  void whatAnInterruptedOneLeftIsDeleted() throws IOException {
    try (Store store = open()) {
      fill(store);
    }
    Path half = Files.writeString(data.resolve("store.duckdb.new"), LEAVING);
    Path log = Files.writeString(data.resolve("store.duckdb.new.wal"), LEAVING);
    Files.createDirectories(data.resolve("store.duckdb.tmp"));
    Path spilled = Files.writeString(data.resolve("store.duckdb.tmp/spilled"), LEAVING);
    try (Store store = open()) {
      assertThat(half).doesNotExist();
      assertThat(log).doesNotExist();
      assertThat(spilled).doesNotExist();
      assertThat(one(store, "SELECT count(*) FROM ping")).isEqualTo(7L);
    }
  }

  /**
   * Kills a real process while it writes its file anew. More rounds: {@code -Dcandor.kills=100}.
   */
  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void aCrashAtAnyPointLosesNothing() throws Exception {
    long seed = Long.getLong("candor.seed", 20261124);
    int kills = Math.ceilDiv(Integer.getInteger("candor.kills", 5), 2);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    try (Store store = open()) {
      fill(store);
    }
    for (int run = 0; run < kills; run++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Rewriter.class.getName(),
                  data.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("rewritten");
        process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
        process.toHandle().destroyForcibly(); // the process itself would close its stream
      }
      assertThat(process.waitFor()).isEqualTo(128 + 9);
      try (Store store = open()) {
        assertThat(one(store, "SELECT count(*) FROM ping WHERE id LIKE 'staying%'"))
            .as("seed %d, after kill %d", seed, run)
            .isEqualTo(6L);
      }
      try (Stream<Path> files = Files.list(data)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .doesNotContain("store.duckdb.new", "store.duckdb.new.wal");
      }
    }
  }

  /** A process to be killed: erases and writes its file anew without end. */
  static final class Rewriter {
    private Rewriter() {}

    public static void main(String[] args) throws IOException {
      Store store =
          Store.open(Path.of(args[0]), List.of(PRODUCT), Lifetime.DEFAULT, Clock.systemUTC());
      while (true) {
        ping(store, LEAVING, MARK);
        store.erase(PRODUCT, LEAVING);
        store.rewrite();
        System.out.println("rewritten");
      }
    }
  }
}
