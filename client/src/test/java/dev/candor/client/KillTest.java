package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real process with SIGKILL at any step between collecting and noting the answer. More
 * rounds: {@code -Dcandor.kills=100}.
 */
class KillTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void everyPingCountsOnceWhereverTheProcessDies() throws Exception {
    long seed = Long.getLong("candor.seed", 20261124);
    int kills = Integer.getInteger("candor.kills", 8);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Path state = folder.resolve("state");
    try (Receiver receiver = new Receiver()) {
      for (int run = 0; run < kills; run++) {
        int answersBefore = receiver.seen().size();
        Process process = start(state, receiver.uri());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int enough = answersBefore + 1 + random.nextInt(2);
        while (receiver.seen().size() < enough && System.nanoTime() < deadline) {
          Thread.onSpinWait();
        }
        assertThat(receiver.seen().size())
            .as("seed %d, run %d", seed, run)
            .isGreaterThanOrEqualTo(enough);
        long moment =
            System.nanoTime() + random.nextLong(1_500_000_000L / (1 + random.nextInt(50)));
        while (System.nanoTime() < moment) {
          Thread.onSpinWait();
        }
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(128 + 9);
      }
      finish(state, receiver.uri());
      each(state, receiver, seed);
    }
  }

  private static Process start(Path state, URI uri) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Sender.class.getName(),
            state.toString(),
            uri.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** After the last kill: sends what waits, makes nothing new. */
  private static void finish(Path state, URI uri) {
    Kettle kettle = new Kettle(state, uri);
    kettle.time.set(java.time.Instant.now());
    try (Telemetry telemetry = kettle.builder().build()) {
      telemetry.tick();
    }
  }

  /** The receiver counts by key: as many keys as pings were made, and each made ping arrived. */
  private static void each(Path state, Receiver receiver, long seed) throws Exception {
    Outbox outbox = new Outbox(state, OutboxLimits.DEFAULT, java.time.Clock.systemUTC());
    List<Message> made = outbox.all();
    Map<String, Integer> arrived = new HashMap<>();
    receiver.seen().forEach(seen -> arrived.merge(seen.key(), 1, Integer::sum));
    assertThat(arrived.keySet())
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(made.stream().map(Message::key).toList());
    assertThat(outbox.waiting()).isEmpty();
    for (int i = 1; i < made.size(); i++) {
      // A second is this test's day.
      assertThat(made.get(i).created().toEpochMilli() - made.get(i - 1).created().toEpochMilli())
          .as("seed %d, ping %d", seed, i)
          .isGreaterThanOrEqualTo(999);
    }
  }
}
