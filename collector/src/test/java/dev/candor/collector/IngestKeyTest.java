package dev.candor.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.Bench.Line;
import dev.candor.collector.Bench.Reply;
import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.IngestKey;
import dev.candor.collector.access.IngestKeys;
import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestKeyTest {
  private static final String PING = "{\"id\":\"toy-0001\"}";

  @TempDir Path data;
  private final Movable clock = new Movable();
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(Bench.settings(data), clock, Bench.toy(), other());
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  /** A second product like the toy. */
  private static Dictionary other() throws IOException {
    try (var in = IngestKeyTest.class.getResourceAsStream("toy.json")) {
      String toy = new String(in.readAllBytes(), UTF_8);
      return Dictionary.parse(
          toy.replace("\"x-product\": \"toy\"", "\"x-product\": \"other\"").getBytes(UTF_8));
    }
  }

  private int status(String path) throws IOException {
    return bench.post(path, PING).status();
  }

  @Test
  void withoutKeysEverybodyMaySend() throws IOException {
    assertThat(status("/toy")).isEqualTo(202);
    assertThat(status("/key_" + "x".repeat(43) + "/toy")).isEqualTo(202);
    assertThat(status("/key_short/toy")).isEqualTo(404);
  }

  @Test
  void withAKeyOnlyItsAddressesAreTaken() throws Exception {
    String key = bench.keys.add("toy", "fleet", 0, "admin");
    byte[] ping = PING.getBytes(UTF_8);

    assertThat(status("/" + key + "/toy")).isEqualTo(202);
    assertThat(bench.post("/" + key + "/toy/metrics", "{\"installation_id\":\"toy-0001\"}"))
        .returns(202, Reply::status);
    assertThat(bench.send("DELETE", "/" + key + "/toy", "Content-Type: application/json\r\n", ping))
        .returns(202, Reply::status);
    assertThat(bench.lines.stream().map(Line::message))
        .containsExactly("ping", "metrics", "opt-out");

    Reply refused = bench.post("/toy", PING);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.head()).contains("application/problem+json");
    assertThat(refused.body()).contains("need an ingest key");
    String wrong = "/key_" + "x".repeat(43) + "/toy";
    assertThat(status(wrong)).isEqualTo(403);
    assertThat(status(wrong + "/metrics")).isEqualTo(403);
    assertThat(status("/" + key.substring(0, 46) + "/toy")).isEqualTo(404);
    assertThat(status("/" + key + "x/toy")).isEqualTo(404);
    assertThat(status("/" + key + "/" + key + "/toy")).isEqualTo(404);
    assertThat(status("/" + key)).isEqualTo(404);
    assertThat(status("/" + key + "/metrics")).isEqualTo(404);
    assertThat(status("/toy?" + key)).isEqualTo(403);
    assertThat(bench.lines).hasSize(3);
    assertThat(bench.get("/metrics").body())
        .contains(
            "candor_requests_total{message=\"ping\",outcome=\"forbidden\",product=\"toy\"} 3.0")
        .contains(
            "candor_requests_total{message=\"metrics\",outcome=\"forbidden\",product=\"toy\"} 1.0");
  }

  @Test
  void aKeyOpensItsOwnProductAlone() throws Exception {
    String toys = bench.keys.add("toy", "toys", 0, "admin");
    assertThat(status("/other")).as("a product without a key").isEqualTo(202);
    String others = bench.keys.add("other", "others", 0, "admin");
    assertThat(status("/" + toys + "/toy")).isEqualTo(202);
    assertThat(status("/" + others + "/other")).isEqualTo(202);
    assertThat(status("/" + toys + "/other")).isEqualTo(403);
    assertThat(status("/" + others + "/toy")).isEqualTo(403);
  }

  /** Clients change over one by one while the key is changed, and each of their pings is kept. */
  @Test
  void changingAKeyLosesNoPing() throws Exception {
    int clients = 6;
    int each = 30;
    AtomicReference<String> address =
        new AtomicReference<>("/" + bench.keys.add("toy", "old", 0, "admin") + "/toy");
    List<Future<List<Integer>>> all = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < clients; client++) {
        int changesAfter = 3 + 4 * client;
        String first = address.get();
        all.add(
            senders.submit(
                () -> {
                  List<Integer> answers = new ArrayList<>();
                  for (int i = 0; i < each; i++) {
                    answers.add(status(i < changesAfter ? first : newest(address, first)));
                  }
                  return answers;
                }));
      }
      address.set("/" + bench.keys.add("toy", "new", 0, "admin") + "/toy");
      for (Future<List<Integer>> one : all) {
        assertThat(one.get()).hasSize(each).containsOnly(202);
      }
    }
    assertThat(bench.lines).hasSize(clients * each);
    bench.keys.end("old", clock.instant());
    assertThat(status(address.get())).isEqualTo(202);
    assertThat(bench.keys.all()).allMatch(key -> key.lastUsed() != null);
  }

  /** A client is pointed to the new address once there is one. */
  private static String newest(AtomicReference<String> address, String first) {
    while (address.get().equals(first)) {
      Thread.onSpinWait();
    }
    return address.get();
  }

  @Test
  void aKeyEndsOnItsDayAndTheDoorStaysShut() throws Exception {
    String key = bench.keys.add("toy", "fleet", 0, "admin");
    bench.keys.end("fleet", clock.instant().plus(Duration.ofDays(2)));
    assertThat(status("/" + key + "/toy")).isEqualTo(202);
    assertThatThrownBy(() -> bench.keys.remove("fleet"))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("still good");
    clock.pass(Duration.ofDays(2));
    assertThat(status("/" + key + "/toy")).isEqualTo(403);
    assertThat(status("/toy")).as("no key is good, but one is needed").isEqualTo(403);
    bench.keys.remove("fleet");
    assertThat(status("/toy")).isEqualTo(202);
    assertThat(status("/" + key + "/toy")).isEqualTo(202);
  }

  @Test
  void aFirstKeyMayComeBeforeItIsNeeded() throws Exception {
    String key = bench.keys.add("toy", "first", 14, "admin");
    assertThat(status("/toy")).isEqualTo(202);
    assertThat(status("/" + key + "/toy")).isEqualTo(202);
    clock.pass(Duration.ofDays(14));
    assertThat(status("/toy")).isEqualTo(403);
    assertThat(status("/" + key + "/toy")).isEqualTo(202);
  }

  @Test
  void theFileHoldsHashesAndTheDayOfTheLastUse() throws Exception {
    String key = bench.keys.add("toy", "fleet", 0, "admin");
    status("/" + key + "/toy");
    bench.close();
    Path file = data.resolve("access/ingest-keys.json");
    assertThat(Files.readString(file))
        .contains("\"lastUsed\" : \"2026-11-23\"")
        .doesNotContain(key)
        .doesNotContain(key.substring(4));
    IngestKeys again = new IngestKeys(data.resolve("access"), clock, new SecureRandom());
    assertThat(again.all())
        .singleElement()
        .returns("fleet", IngestKey::name)
        .returns(LocalDate.parse("2026-11-23"), IngestKey::lastUsed);
    Files.writeString(file, "{");
    assertThatThrownBy(() -> new IngestKeys(data.resolve("access"), clock, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ingest-keys.json is damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "../x", "<b>", "a\r\nb", "é", "-x"})
  void aNameIsAPlainWord(String name) {
    assertThatThrownBy(() -> bench.keys.add("toy", name, 0, "admin"))
        .isInstanceOf(AccessException.class)
        .hasMessageStartingWith("name: ");
  }

  /** Whatever is done to the keys, who is let in is what a plain list says. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAPlainList(long seed) throws Exception {
    record Made(String name, String product, String secret, Instant demanded, Instant[] ends) {}
    Random random = new Random(seed);
    List<Made> model = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          String product = random.nextBoolean() ? "toy" : "other";
          int days = random.nextInt(3);
          String secret = bench.keys.add(product, "k" + step, days, "admin");
          Instant from = clock.instant().plus(Duration.ofDays(days));
          model.add(new Made("k" + step, product, secret, from, new Instant[1]));
        }
        case 1 -> {
          if (!model.isEmpty()) {
            Made one = model.get(random.nextInt(model.size()));
            one.ends()[0] = clock.instant().plus(Duration.ofDays(random.nextInt(3)));
            bench.keys.end(one.name(), one.ends()[0]);
          }
        }
        case 2 -> {
          if (!model.isEmpty()) {
            Made one = model.get(random.nextInt(model.size()));
            if (one.ends()[0] != null && !one.ends()[0].isAfter(clock.instant())) {
              bench.keys.remove(one.name());
              model.remove(one);
            }
          }
        }
        default -> clock.pass(Duration.ofHours(random.nextInt(30)));
      }
      Instant now = clock.instant();
      for (String product : List.of("toy", "other")) {
        boolean open =
            model.stream()
                .noneMatch(m -> m.product().equals(product) && !m.demanded().isAfter(now));
        String at = "seed " + seed + " step " + step + " " + product;
        assertThat(bench.keys.admits(product, java.util.Optional.empty())).as(at).isEqualTo(open);
        for (Made one : model) {
          boolean good =
              one.product().equals(product)
                  && (one.ends()[0] == null || one.ends()[0].isAfter(now));
          assertThat(bench.keys.admits(product, java.util.Optional.of(one.secret())))
              .as(at + " " + one.name())
              .isEqualTo(open || good);
        }
      }
    }
  }

  /** Stands still until it is moved. */
  private static final class Movable extends Clock {
    private volatile Instant now = Bench.NOW;

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
