package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine's clock that is wrong does to a store, and what is left of it afterwards. */
class ClockTest {
  private static final Dictionary SONARQUBE = Products.SONARQUBE.dictionary();
  private static final Product PRODUCT = Products.SONARQUBE;
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration TEN_YEARS = Duration.ofDays(3650);

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
  private Store store;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(data, List.of(PRODUCT), Lifetime.DEFAULT, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  /** As a receiver takes it in. */
  private void receive(String type, String id) throws IOException {
    receive(type, id, store.receipts().instant());
  }

  private void receive(String type, String id, Instant received) throws IOException {
    MessageType message = SONARQUBE.message(type);
    String line = "{\"%s\":\"%s\",\"_received\":\"%s\"}".formatted(message.id(), id, received);
    store.append(SONARQUBE, message, line.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> ask(String sql) throws IOException {
    return store.ask("sonarqube", sql).rows().stream()
        .map(row -> String.valueOf(row.getFirst()))
        .toList();
  }

  private List<String> states() throws IOException {
    return ask(
        "SELECT id || ' ' || state || ' ' || coalesce(CAST(last_day AS VARCHAR), 'never') FROM instance ORDER BY id");
  }

  @Test
  void aClockFarAheadErasesNothingAndTheReportsRecover() throws IOException {
    for (int day = 0; day < 20; day++) {
      receive("ping", "old", NOON.minus(Duration.ofDays(20 - day)));
    }
    clock.now = NOON.plus(TEN_YEARS);
    reopen();
    receive("ping", "new");
    store.load();
    assertThatThrownBy(() -> store.retain(false))
        .isInstanceOf(RetentionRefused.class)
        .hasMessageContaining("20 of 21 messages")
        .hasMessageContaining("candor retain --yes");
    assertThat(ask("SELECT count(*) FROM raw_ping")).containsExactly("21");

    clock.now = NOON;
    reopen();
    assertThat(ask("SELECT day FROM as_of")).containsExactly("2026-03-01");
    assertThat(states()).containsExactly("new active 2026-03-01", "old active 2026-02-28");
    assertThat(ask("SELECT max(day) FROM daily WHERE instances > 0")).containsExactly("2026-03-01");
    assertThat(store.retain(false).orElseThrow().messages()).isZero();
  }

  @Test
  void aRunningReceiverRecoversTooWhenItsClockIsPutRight() throws IOException {
    clock.now = NOON.plus(TEN_YEARS);
    receive("ping", "one");
    store.load();
    receive("ping", "two"); // in the journal when the clock steps back
    clock.now = NOON;
    receive("opt-out", "two");
    clock.now = NOON.plusSeconds(5);
    receive("ping", "three");
    store.load();
    assertThat(ask("SELECT day FROM as_of")).containsExactly("2026-03-01");
    // What came first is first: the opt-out has erased the ping.
    assertThat(states())
        .containsExactly("one active 2026-03-01", "three active 2026-03-01", "two opted-out never");
    assertThat(ask("SELECT id FROM raw_ping ORDER BY id")).containsExactly("one", "three");
  }

  @Test
  void itMayBeTodaysClockThatIsWrong() throws IOException {
    receive("ping", "one", NOON.minus(Duration.ofDays(9)));
    receive("ping", "one", NOON);
    store.load();
    List<String> before = states();
    clock.now = NOON.minus(Duration.ofDays(5));
    reopen();
    assertThat(ask("SELECT day FROM as_of")).containsExactly("2026-02-24");
    clock.now = NOON.plusSeconds(1);
    reopen();
    assertThat(states()).isEqualTo(before);
    assertThat(ask("SELECT DISTINCT day FROM ping ORDER BY day"))
        .containsExactly("2026-02-20", "2026-03-01");
  }

  @Test
  void aSmallStepBackChangesNoOrder() throws IOException {
    receive("ping", "one");
    clock.now = NOON.minus(Duration.ofMinutes(50));
    receive("opt-out", "one");
    store.load();
    assertThat(ask("SELECT count(*) FROM raw_ping")).containsExactly("0");
    assertThat(states()).containsExactly("one opted-out never");
    reopen();
    receive("ping", "two");
    store.load();
    assertThat(ask("SELECT _received FROM raw_ping")).containsExactly("2026-03-01 12:00:00.0");
  }

  @Test
  void aClockThatWasNeverSetStandsStill() throws IOException {
    receive("ping", "one");
    store.load();
    clock.now = Instant.EPOCH;
    reopen();
    receive("ping", "two");
    store.load();
    assertThat(ask("SELECT day FROM as_of")).containsExactly("2026-03-01");
    assertThat(states()).containsExactly("one active 2026-03-01", "two active 2026-03-01");
  }

  @Test
  void whatIsToldIsBelievedUpToNow() {
    ReceiptClock receipts = store.receipts();
    Instant history = Instant.parse("2017-05-01T00:00:00Z");
    assertThat(receipts.believed(history)).contains(history);
    assertThat(receipts.believed(NOON.plusSeconds(1))).contains(NOON);
    assertThat(receipts.believed(NOON.plus(Duration.ofHours(2)))).isEmpty();
    assertThat(receipts.believed(Instant.parse("1999-12-31T23:59:59Z"))).isEmpty();
    assertThat(receipts.believed(Instant.MAX)).isEmpty();
  }

  @Test
  void retentionTakesAnyShareOfWhatHasJustBecomeTooOld() throws IOException {
    store.close();
    store = Store.open(data, List.of(PRODUCT), new Lifetime(true, 10), clock);
    receive("ping", "one");
    store.load();
    clock.now = NOON.plus(Duration.ofDays(11));
    assertThat(store.retain(false).orElseThrow().messages()).isEqualTo(1);
  }
}
