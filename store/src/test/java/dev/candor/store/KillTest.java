package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real process with SIGKILL while it writes and loads. More rounds: {@code
 * -Dcandor.kills=100}.
 */
class KillTest {
  private static final Report IDS =
      Report.parse(
          "ids",
          "-- title: Ids\n-- question: Which?\n-- chart: table\n"
              + "SELECT id, count(*) AS pings FROM raw_ping GROUP BY id");

  @TempDir Path data;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void everyAcknowledgedPingSurvivesAndCountsOnce() throws Exception {
    long seed = Long.getLong("candor.seed", 20261124);
    int kills = Integer.getInteger("candor.kills", 5);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Set<String> acknowledged = new HashSet<>();
    for (int run = 0; run < kills; run++) {
      acknowledged.addAll(writeAndKill(run, 50 + random.nextInt(3000)));
      Map<String, Long> stored = stored();
      Set<String> lost = new HashSet<>(acknowledged);
      lost.removeAll(stored.keySet());
      assertThat(lost).as("seed %d, after kill %d", seed, run).isEmpty();
      assertThat(stored.values()).as("seed %d, after kill %d", seed, run).containsOnly(1L);
      // Beyond these only what was on its way when the process died: one line a thread and run.
      assertThat(stored.size() - acknowledged.size()).isBetween(0, (run + 1) * 4);
    }
    assertThat(acknowledged).hasSizeGreaterThan(kills * 50);
  }

  /** Lets a process write until it has acknowledged so many, kills it, and returns all of them. */
  private Set<String> writeAndKill(int run, int after) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                data.toString(),
                Integer.toString(run))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = out.readLine()) != null) {
        // The last line may be torn; whole ones end in what the next one begins with.
        if (line.matches("run-[0-9]+-[0-9]-[0-9]+")) {
          acknowledged.add(line);
        }
        if (acknowledged.size() == after) {
          process.toHandle().destroyForcibly(); // the process itself would close its stream
        }
      }
    }
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    return acknowledged;
  }

  private Map<String, Long> stored() throws IOException {
    Dictionary dictionary = Products.SONARQUBE.dictionary();
    List<Product> products = List.of(Product.of(dictionary, List.of(IDS)));
    try (Store store = Store.open(data, products, Clock.systemUTC())) {
      return store.run("sonarqube", IDS).rows().stream()
          .collect(Collectors.toMap(row -> (String) row.get(0), row -> (Long) row.get(1)));
    }
  }
}
