package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver does unasked, as seen from its data directory. */
class MaintenanceTest {
  private static final Dictionary SONARQUBE = SonarQube.dictionary();
  private static final MessageType PING = SONARQUBE.message("ping");
  private static final Product PRODUCT = Product.of(SONARQUBE, List.of());
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String LEAVING = "leaving-7f3a9c";
  private static final String STAYING = "staying-41b2d8";

  /** Stands still until it is moved. */
  private static final class Hand extends Clock {
    private volatile Instant now = NOON;

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

  @TempDir Path data;
  private final Hand clock = new Hand();

  private static void append(Store store, String type, String id, Instant received)
      throws IOException {
    store.append(
        SONARQUBE,
        SONARQUBE.message(type),
        "{\"id\":\"%s\",\"_received\":\"%s\"}"
            .formatted(id, received)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void quarantine(String id, Instant received) {
    new Quarantine(data, 30, 1 << 20, clock)
        .keep(
            SONARQUBE,
            PING,
            new Receipt(received, Optional.empty(), Optional.empty()),
            ("{\"id\":\"" + id + "\",\"odd\":1}").getBytes(StandardCharsets.UTF_8));
  }

  private List<String> quarantined() throws IOException {
    return Quarantine.files(data.resolve("quarantine")).stream()
        .map(
            file -> {
              try {
                String body = Files.readString(file).lines().skip(1).findFirst().orElseThrow();
                return body.split("\"", -1)[3] + " " + Quarantine.received(file);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .toList();
  }

  private String audit() throws IOException {
    Path file = data.resolve("access/audit.ndjson");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static List<List<Object>> ask(Store store, String sql) throws IOException {
    return store.ask("sonarqube", sql).rows().stream()
        .map(row -> List.<Object>copyOf(row))
        .toList();
  }

  @Test
  void whoOptsOutIsErasedEverywhereUpToThen() throws Exception {
    Instant optOut = NOON.plusSeconds(10);
    Instant later = NOON.plusSeconds(20);
    try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock);
        Maintenance maintenance = Maintenance.start(store, data, clock)) {
      assertThat(maintenance).isNotNull();
      for (String id : List.of(LEAVING, STAYING)) {
        append(store, "ping", id, NOON);
        quarantine(id, NOON);
        quarantine(id, later);
      }
      Path aside = data.resolve("journal/sonarqube/ping/000000000099.ndjson.bad");
      Files.writeString(
          aside,
          """
          {"id":"%1$s","_received":"%3$s"}
          {"id":"%1$s","_received":"%4$s"}
          {"id":"%1$s"
          {"id":"%2$s","_received":"%3$s"}
          """
              .formatted(LEAVING, STAYING, NOON, later));
      append(store, "opt-out", LEAVING, optOut);
      store.load();

      assertThat(ask(store, "SELECT id FROM raw_ping")).containsExactly(List.of(STAYING));
      assertThat(ask(store, "SELECT id FROM raw_opt_out")).containsExactly(List.of(LEAVING));
      assertThat(quarantined())
          .containsExactlyInAnyOrder(
              STAYING + " " + NOON, STAYING + " " + later, LEAVING + " " + later);
      assertThat(aside)
          .hasContent(
              """
              {"id":"%1$s","_received":"%4$s"}
              {"id":"%2$s","_received":"%3$s"}
              """
                  .formatted(LEAVING, STAYING, NOON, later));
      assertThat(audit())
          .contains("\"who\":\"candor\",\"action\":\"erase\"")
          .contains(
              "1 instances opted out: erased 1 messages in the store and its journal, 1 in quarantine")
          .doesNotContain(LEAVING);
    }
  }

  /** Each time a store closes it writes what it has, in row groups of their own. */
  @Test
  void smallPiecesAreJoinedOnceADay() throws Exception {
    String groups = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('raw_ping')";
    for (int i = 0; i < 3; i++) {
      try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock)) {
        append(store, "ping", STAYING + i, NOON);
        store.load();
      }
    }
    try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock)) {
      assertThat(ask(store, groups)).containsExactly(List.of(3L));
      try (Maintenance maintenance = Maintenance.start(store, data, clock)) {
        maintenance.runIfDue();
      }
      assertThat(ask(store, groups)).containsExactly(List.of(1L));
      assertThat(ask(store, "SELECT count(*) FROM raw_ping")).containsExactly(List.of(3L));
    }
  }

  @Test
  void whatIsTooOldGoesOnceADay() throws Exception {
    try (Store store = Store.open(data, List.of(PRODUCT), new Lifetime(true, 10), clock);
        Maintenance maintenance = Maintenance.start(store, data, clock)) {
      append(store, "ping", LEAVING, NOON);
      append(store, "opt-out", STAYING, NOON);
      clock.now = NOON.plus(Duration.ofDays(1));
      append(store, "ping", STAYING, clock.now);
      quarantine(LEAVING, NOON);
      quarantine(STAYING, NOON.plus(Duration.ofDays(1)));
      store.load();
      maintenance.runIfDue();
      clock.now = NOON.plus(Duration.ofDays(10)).minusSeconds(1);
      maintenance.runIfDue();
      assertThat(ask(store, "SELECT count(*) FROM raw_ping")).containsExactly(List.of(2L));

      clock.now = NOON.plus(Duration.ofDays(11)).truncatedTo(java.time.temporal.ChronoUnit.DAYS);
      maintenance.runIfDue();
      maintenance.runIfDue();
      assertThat(ask(store, "SELECT id FROM raw_ping")).containsExactly(List.of(STAYING));
      assertThat(ask(store, "SELECT id FROM raw_opt_out")).isEmpty();
      assertThat(quarantined()).containsExactly(STAYING + " " + NOON.plus(Duration.ofDays(1)));
      assertThat(audit())
          .containsOnlyOnce("received before 2026-03-02: 2 messages went, 1 in quarantine");
      assertThat(store.retentions(9).getFirst().messages()).isEqualTo(2);
    }
  }

  @Test
  void aClockThatIsFarAheadLetsNothingGoAndSaysSo() throws Exception {
    try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock)) {
      append(store, "ping", STAYING, NOON.minusSeconds(1));
      append(store, "ping", LEAVING, NOON);
    }
    clock.now = NOON.plus(Duration.ofDays(3650));
    try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock);
        Maintenance maintenance = Maintenance.start(store, data, clock)) {
      maintenance.runIfDue();
      maintenance.runIfDue();
      assertThat(ask(store, "SELECT count(*) FROM raw_ping")).containsExactly(List.of(2L));
      assertThat(audit()).containsOnlyOnce("refused: 2 of 2 messages").contains("retain --yes");
      assertThat(Maintenance.retain(store, data, true, clock)).contains("2 messages went");
      assertThat(ask(store, "SELECT count(*) FROM raw_ping")).containsExactly(List.of(0L));
    }
  }

  @Test
  void aFailureOfAClockAheadIsTriedAgainOnceTheClockIsRight() throws Exception {
    try (Store store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock);
        Maintenance maintenance = Maintenance.start(store, data, clock)) {
      append(store, "ping", STAYING, NOON);
      store.load();
      maintenance.runIfDue();
      Path access = Files.createDirectories(data.resolve("access"));
      Path audit = access.resolve("audit.ndjson");
      Files.deleteIfExists(audit);
      Files.createDirectory(audit); // cannot be written
      clock.now = NOON.plus(Duration.ofDays(3650));
      org.assertj.core.api.Assertions.assertThatThrownBy(maintenance::runIfDue)
          .isInstanceOf(IOException.class);
      Files.delete(audit);
      clock.now = NOON.plus(Duration.ofDays(401)); // 3,249 days back, and the ping is too old
      maintenance.runIfDue();
      assertThat(audit()).contains("received before 2026-03-02: 1 messages went");
    }
  }
}
