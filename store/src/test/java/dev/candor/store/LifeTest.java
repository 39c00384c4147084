package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays and what goes, against a model in plain Java. */
class LifeTest {
  private static final Dictionary SONARQUBE = Products.SONARQUBE.dictionary();
  private static final Product PRODUCT = Products.SONARQUBE;
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  /** A message as it is remembered. */
  private record Kept(String type, String id, Instant received) {
    String day() {
      return received.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
  }

  @TempDir Path data;
  private final Hand clock = new Hand();

  private Store open(Lifetime lifetime) throws IOException {
    return Store.open(data, List.of(PRODUCT), lifetime, clock);
  }

  /** Stands still until it is moved. */
  private static final class Hand extends Clock {
    private volatile Instant now = START.plus(Duration.ofDays(9));

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

  private static void append(Store store, Kept message) throws IOException {
    MessageType type = SONARQUBE.message(message.type());
    String line =
        "{\"%s\":\"%s\",\"_received\":\"%s\"}"
            .formatted(type.id(), message.id(), message.received());
    store.append(SONARQUBE, type, line.getBytes(StandardCharsets.UTF_8));
  }

  /** The rules of docs/definitions.md, said once more. */
  private static final class Model {
    private final List<Kept> kept = new ArrayList<>();

    void load(Collection<Kept> messages) {
      kept.addAll(messages);
      List<Kept> optOuts = kept.stream().filter(m -> m.type().equals("opt-out")).toList();
      kept.removeIf(
          m ->
              !m.type().equals("opt-out")
                  && optOuts.stream()
                      .anyMatch(o -> o.id().equals(m.id()) && !m.received().isAfter(o.received())));
    }

    void retain(Instant from) {
      kept.removeIf(m -> m.received().isBefore(from));
    }

    void erase(String id) {
      kept.removeIf(m -> m.id().equals(id));
    }

    List<String> rows() {
      return kept.stream()
          .map(m -> m.type() + " " + m.id() + " " + m.received().toEpochMilli())
          .sorted()
          .toList();
    }

    List<String> days() {
      return kept.stream()
          .filter(m -> m.type().equals("ping"))
          .map(m -> m.id() + " " + m.day())
          .distinct()
          .sorted()
          .toList();
    }

    List<String> latest() {
      Map<String, Instant> latest = new TreeMap<>();
      kept.stream()
          .filter(m -> m.type().equals("ping"))
          .forEach(m -> latest.merge(m.id(), m.received(), (a, b) -> a.isAfter(b) ? a : b));
      return latest.entrySet().stream()
          .map(one -> one.getKey() + " " + one.getValue().toEpochMilli())
          .toList();
    }
  }

  private static List<String> lines(Store store, String sql) throws IOException {
    return store.ask("sonarqube", sql).rows().stream()
        .map(row -> String.valueOf(row.getFirst()))
        .sorted()
        .toList();
  }

  private static void assertSame(Store store, Model model, String as) throws IOException {
    assertThat(
            lines(
                store,
                "SELECT 'ping ' || id || ' ' || epoch_ms(_received) FROM raw_ping"
                    + " UNION ALL SELECT 'metrics ' || installation_id || ' ' || epoch_ms(_received)"
                    + " FROM raw_metrics"
                    + " UNION ALL SELECT 'opt-out ' || id || ' ' || epoch_ms(_received)"
                    + " FROM raw_opt_out"))
        .as(as)
        .isEqualTo(model.rows());
    assertThat(lines(store, "SELECT id || ' ' || day FROM instance_day"))
        .as(as)
        .isEqualTo(model.days());
    assertThat(lines(store, "SELECT id || ' ' || epoch_ms(_received) FROM ping_latest"))
        .as(as)
        .isEqualTo(model.latest());
    assertThat(lines(store, "SELECT id || ' ' || epoch_ms(_received) FROM instance_last"))
        .as(as)
        .isEqualTo(model.latest());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverTheOrderTheSameStays(long seed) throws IOException {
    Random random = new Random(seed);
    Model model = new Model();
    Lifetime tenDays = new Lifetime(true, 10);
    Store store = open(tenDays);
    try {
      List<Kept> waiting = new ArrayList<>();
      Instant keptFrom = START; // Days that were folded do not change any more.
      for (int step = 0; step < 120; step++) {
        String as = String.format(Locale.ROOT, "seed %d, step %d", seed, step);
        switch (random.nextInt(12)) {
          case 0, 1 -> {
            store.load();
            model.load(waiting);
            waiting.clear();
            assertSame(store, model, as);
          }
          case 2 -> {
            String id = id(random);
            store.erase(PRODUCT, id);
            model.load(waiting);
            waiting.clear();
            model.erase(id);
            assertSame(store, model, as);
          }
          case 3 -> {
            store.load();
            model.load(waiting);
            waiting.clear();
            clock.now = clock.now.plus(Duration.ofDays(random.nextInt(3)));
            Retention done = store.retain(true).orElseThrow();
            Instant from = clock.now.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(10));
            assertThat(done.keptFrom().atStartOfDay(ZoneOffset.UTC).toInstant()).isEqualTo(from);
            keptFrom = from.isAfter(keptFrom) ? from : keptFrom;
            int before = model.kept.size();
            model.retain(from);
            assertThat(done.messages()).as(as).isEqualTo(before - model.kept.size());
            assertThat(store.retentions(1)).containsExactly(done);
            assertSame(store, model, as);
          }
          case 4 -> {
            store.close();
            store = open(tenDays);
            model.load(waiting);
            waiting.clear();
            assertSame(store, model, as);
          }
          default -> {
            Kept message = message(random, keptFrom, clock.now);
            append(store, message);
            waiting.add(message);
          }
        }
      }
    } finally {
      store.close();
    }
  }

  private static String id(Random random) {
    return "instance-" + random.nextInt(5);
  }

  /** Receipts of ten days or so, never two alike. */
  private static Kept message(Random random, Instant since, Instant until) {
    int kind = random.nextInt(10);
    return new Kept(
        kind == 0 ? "opt-out" : kind < 3 ? "metrics" : "ping",
        id(random),
        since.plusMillis(random.nextLong(Duration.between(since, until).toMillis())));
  }

  @Test
  void aListenerIsToldOfEachOptOutUntilItSucceeds() throws IOException {
    Map<String, Instant> told = new HashMap<>();
    List<Long> messages = new ArrayList<>();
    Instant noon = START.plusSeconds(12 * 3600);
    try (Store store = open(Lifetime.DEFAULT)) {
      append(store, new Kept("ping", "instance-1", noon));
      append(store, new Kept("ping", "instance-2", noon));
      append(store, new Kept("opt-out", "instance-1", noon.plusSeconds(1)));
      store.load(); // nobody listens yet
    }
    try (Store store = open(Lifetime.DEFAULT)) {
      OptedOut.Listener failing =
          _ -> {
            throw new IOException("no");
          };
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> store.onOptOut(failing))
          .hasMessage("no");
      store.onOptOut(
          instances -> {
            told.putAll(instances.until());
            messages.add(instances.messages());
          });
      assertThat(told).isEqualTo(Map.of("instance-1", noon.plusSeconds(1)));
      told.clear();
      append(store, new Kept("opt-out", "instance-2", noon.plusSeconds(2)));
      store.load();
      store.load();
      assertThat(told).isEqualTo(Map.of("instance-2", noon.plusSeconds(2)));
      assertThat(messages).containsExactly(0L, 1L);
    }
  }

  @Test
  void theSettingIsKeptAndTurningItOnErasesWhatStands() throws IOException {
    Instant noon = START.plusSeconds(12 * 3600);
    try (Store store = open(new Lifetime(false, 0))) {
      append(store, new Kept("ping", "instance-1", noon));
      append(store, new Kept("opt-out", "instance-1", noon.plusSeconds(1)));
      append(store, new Kept("ping", "instance-1", noon.plusSeconds(2)));
    }
    try (Store store = Store.open(data, List.of(PRODUCT), Clock.systemUTC())) {
      assertThat(store.lifetime()).isEqualTo(new Lifetime(false, 0));
      assertThat(lines(store, "SELECT count(*) FROM raw_ping")).containsExactly("2");
    }
    try (Store store = open(Lifetime.DEFAULT)) {
      assertThat(lines(store, "SELECT epoch_ms(_received) FROM raw_ping"))
          .containsExactly(String.valueOf(noon.plusSeconds(2).toEpochMilli()));
    }
  }
}
