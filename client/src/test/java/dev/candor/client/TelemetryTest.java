package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The switch, the schedule and the outbox, under a clock that the test moves. */
class TelemetryTest {
  private static final Duration STEP = Duration.ofMinutes(2);
  private static final Duration DAY = Duration.ofHours(24);
  private static final String PING = "{\"id\":\"" + Kettle.ID + "\",\"cups\":12}";
  private static final String OPT_OUT = "{\"id\":\"" + Kettle.ID + "\"}";

  @TempDir Path folder;

  private Receiver receiver;
  private Kettle kettle;
  private Telemetry telemetry;

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
    kettle = new Kettle(folder.resolve("state"), receiver.uri());
    telemetry = kettle.builder().build();
  }

  @AfterEach
  void stop() {
    telemetry.close();
    receiver.close();
  }

  /** As after a restart of the program. */
  private void restart() {
    telemetry.close();
    telemetry = kettle.builder().build();
  }

  /** Time goes by in steps, as it does for the telemetry's own thread. */
  private void run(Duration time) {
    for (Duration left = time; !left.isNegative(); left = left.minus(STEP)) {
      telemetry.tick();
      kettle.time.pass(STEP);
    }
  }

  private List<String> bodies() {
    return receiver.seen().stream().map(seen -> seen.method() + " " + seen.body()).toList();
  }

  @Test
  void isSilentUntilTheProgramHasBeenUpForAWhile() {
    run(Duration.ofHours(3).minusMinutes(3));
    assertThat(receiver.seen()).isEmpty();
    run(Duration.ofHours(1).plusMinutes(6));
    assertThat(bodies()).containsExactly("POST " + PING);
  }

  @Test
  void theFirstPingOfAFleetIsSpreadOverAnHour() {
    long distinct =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(i -> Cadence.DAILY.first("instance-" + i))
            .peek(wait -> assertThat(wait).isBetween(Duration.ofHours(3), Duration.ofHours(4)))
            .map(Duration::toMinutes)
            .distinct()
            .count();
    assertThat(distinct).isGreaterThan(45);
    assertThat(Cadence.DAILY.first("a")).isEqualTo(Cadence.DAILY.first("a"));
  }

  @Test
  void speaksAsTheReceiverExpects() {
    run(Duration.ofHours(4).plusMinutes(4));
    Receiver.Seen ping = receiver.seen().get(0);
    assertThat(ping.path()).isEqualTo("/kettle");
    assertThat(ping.encoding()).isEqualTo("gzip");
    assertThat(ping.agent()).isEqualTo("kettle/1.0");
    assertThat(ping.key()).matches("[0-9a-f]{32}");
  }

  @Test
  void pingsEvery24Hours() {
    run(Duration.ofHours(4).plusMinutes(4));
    run(DAY.multipliedBy(10));
    assertThat(receiver.seen()).hasSize(11);
    assertThat(receiver.seen().stream().map(Receiver.Seen::key).distinct()).hasSize(11);
  }

  @Test
  void nothingThatTheClockDoesMakesASecondPing() {
    run(Duration.ofHours(4).plusMinutes(4));
    Instant now = kettle.time.instant();
    kettle.time.set(now.plus(Duration.ofDays(400)));
    run(Duration.ofHours(1));
    kettle.time.set(now.minus(Duration.ofDays(400)));
    run(Duration.ofHours(1));
    kettle.time.set(now.plus(Duration.ofHours(1))); // daylight saving, misunderstood
    run(Duration.ofHours(1));
    kettle.time.suspend(Duration.ofDays(3));
    run(Duration.ofHours(1));
    assertThat(receiver.seen()).hasSize(1);
    run(DAY);
    assertThat(receiver.seen()).hasSize(2);
  }

  @Test
  void aRestartMakesNoSecondPing() {
    run(Duration.ofHours(4).plusMinutes(4));
    restart();
    run(Duration.ofHours(19));
    assertThat(receiver.seen()).hasSize(1);
    run(Duration.ofHours(6));
    assertThat(receiver.seen()).hasSize(2);
  }

  @Test
  void aRestartAfterTheClockWentBackMakesNoSecondPing() {
    run(Duration.ofHours(4).plusMinutes(4));
    kettle.time.set(kettle.time.instant().minus(Duration.ofDays(5)));
    restart();
    run(Duration.ofHours(23));
    assertThat(receiver.seen()).hasSize(1);
    run(Duration.ofHours(2));
    assertThat(receiver.seen()).hasSize(2);
  }

  @Test
  void afterDowntimeThePingComesRightAway() {
    run(Duration.ofHours(4).plusMinutes(4));
    telemetry.close();
    kettle.time.pass(Duration.ofDays(3));
    restart();
    run(Duration.ofMinutes(4));
    assertThat(receiver.seen()).hasSize(2);
  }

  @Test
  void offMeansOneOptOutAndNothingElse() {
    run(Duration.ofHours(4).plusMinutes(4));
    kettle.turn(false);
    run(DAY.multipliedBy(3));
    restart();
    run(DAY);
    assertThat(bodies()).containsExactly("POST " + PING, "DELETE " + OPT_OUT);
    assertThat(receiver.seen().get(1).path()).isEqualTo("/kettle");
  }

  @Test
  void anInstanceThatNeverSentHasNothingToOptOutOf() {
    run(Duration.ofHours(1));
    kettle.turn(false);
    run(DAY.multipliedBy(3));
    assertThat(receiver.seen()).isEmpty();
  }

  @Test
  void theOptOutIsTriedUntilItArrivesAlsoAfterARestart() {
    run(Duration.ofHours(4).plusMinutes(4));
    kettle.turn(false);
    receiver.reply(500).reply(0);
    run(Duration.ofMinutes(10));
    restart();
    run(Duration.ofHours(12));
    restart();
    run(DAY);
    List<Receiver.Seen> optOuts = receiver.seen().subList(1, receiver.seen().size());
    assertThat(optOuts).hasSize(3).allMatch(seen -> seen.method().equals("DELETE"));
    assertThat(optOuts.stream().map(Receiver.Seen::key).distinct()).hasSize(1);
  }

  @Test
  void switchingOnAgainArmsTheOptOutAgain() {
    run(Duration.ofHours(4).plusMinutes(4));
    kettle.turn(false);
    run(Duration.ofHours(1));
    kettle.turn(true);
    run(DAY);
    kettle.turn(false);
    run(DAY);
    assertThat(bodies())
        .containsExactly("POST " + PING, "DELETE " + OPT_OUT, "POST " + PING, "DELETE " + OPT_OUT);
  }

  @Test
  void aPingThatWaitsIsNotSentOnceItIsOff() throws IOException {
    receiver.reply(503).reply(503).reply(503).reply(503);
    run(Duration.ofHours(4).plusMinutes(4));
    int before = receiver.seen().size();
    assertThat(before).isBetween(1, 5);
    kettle.turn(false);
    run(DAY);
    assertThat(receiver.seen().subList(before, receiver.seen().size()))
        .allMatch(seen -> seen.method().equals("DELETE"));
    assertThat(telemetry.status().waiting()).isEmpty();
  }

  @Test
  void doNotTrackIsOff() {
    telemetry.close();
    telemetry = kettle.builder().environment(Map.of("DO_NOT_TRACK", "1")).build();
    run(DAY);
    assertThat(receiver.seen()).isEmpty();
    assertThat(telemetry.position().because()).isEqualTo("DO_NOT_TRACK=1 in the environment");
  }

  @Test
  void aSwitchThatBreaksIsOff() {
    telemetry.close();
    telemetry =
        kettle
            .builder()
            .switchedBy(
                () -> {
                  throw new IllegalStateException("jane@example.com");
                })
            .build();
    run(DAY);
    assertThat(receiver.seen()).isEmpty();
    assertThat(telemetry.position().problems().toString()).doesNotContain("jane");
  }

  @Test
  void retriesKeepTheirKeyAndEndWithAnAnswer() throws IOException {
    receiver.reply(500).reply(0).reply(429, "Retry-After", "7200", "").reply(202);
    run(Duration.ofHours(4).plusMinutes(4));
    run(Duration.ofHours(1));
    int beforeTheWait = receiver.seen().size();
    run(Duration.ofHours(3));
    assertThat(beforeTheWait).isEqualTo(3);
    assertThat(receiver.seen()).hasSize(4);
    assertThat(telemetry.counts()).isEqualTo(new Counts(1, 1, 0, 3, 0, 0, 0));
    assertThat(receiver.seen().stream().map(Receiver.Seen::key).distinct()).hasSize(1);
    Message sent = telemetry.status().sent().get(0);
    assertThat(sent.outcome()).isEqualTo(Message.Outcome.ACCEPTED);
    assertThat(sent.attempts()).isEqualTo(4);
    assertThat(sent.answer()).isEqualTo("HTTP 202");
  }

  @Test
  void aRefusalIsFinalAndShown() throws IOException {
    receiver.reply(
        413,
        "Content-Type",
        "application/problem+json",
        "{\"title\":\"Too large\",\"detail\":\"at most 64 MiB\",\"status\":413}");
    run(Duration.ofHours(4).plusMinutes(4));
    run(Duration.ofHours(12));
    assertThat(receiver.seen()).hasSize(1);
    Message sent = telemetry.status().sent().get(0);
    assertThat(sent.outcome()).isEqualTo(Message.Outcome.REFUSED);
    assertThat(sent.answer()).isEqualTo("HTTP 413: Too large, at most 64 MiB");
  }

  @Test
  void theOutboxIsBounded() throws IOException {
    receiver.close();
    run(DAY.multipliedBy(12));
    assertThat(telemetry.status().waiting()).hasSizeBetween(6, 7);
    assertThat(telemetry.status().sent())
        .hasSizeGreaterThan(3)
        .allMatch(message -> message.outcome() == Message.Outcome.DROPPED);
  }

  @Test
  void theSentLogHasTheExactBytesAndForgetsAfter90Days() throws IOException {
    run(Duration.ofHours(4).plusMinutes(4));
    Message sent = telemetry.status().sent().get(0);
    assertThat(new String(sent.json().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(PING);
    assertThat(sent.to()).isEqualTo(receiver.uri().toString());
    assertThat(Files.getPosixFilePermissions(sent.body()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    kettle.time.pass(Duration.ofDays(100));
    restart();
    run(Duration.ofMinutes(4));
    assertThat(telemetry.status().sent()).hasSize(1);
    assertThat(sent.body()).doesNotExist();
  }

  @Test
  void twoProgramsOnOneDirectorySendOnePing() throws Exception {
    try (Telemetry other = kettle.builder().build()) {
      for (int i = 0; i < 1000; i++) {
        telemetry.tick();
        other.tick();
        kettle.time.pass(Duration.ofSeconds(30));
      }
      assertThat(receiver.seen()).hasSize(1);
      assertThat(other.leads()).isFalse();
    }
  }

  @Test
  void previewSendsAndKeepsNothingEvenWhenOff() throws Exception {
    kettle.turn(false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Preview preview = telemetry.preview(out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(PING);
    assertThat(preview.complete()).isTrue();
    assertThat(receiver.seen()).isEmpty();
    assertThat(kettle.state()).doesNotExist();
  }

  @Test
  void sendNowObeysTheSwitchAndCountsAsThisDaysPing() throws Exception {
    assertThat(telemetry.sendNow()).isPresent();
    assertThat(receiver.seen()).hasSize(1);
    run(Duration.ofHours(20));
    assertThat(receiver.seen()).hasSize(1);
    kettle.turn(false);
    assertThat(telemetry.sendNow()).isEmpty();
  }

  @Test
  void aRequestIsMetAtTheNextLook() throws IOException {
    telemetry.request();
    telemetry.tick();
    telemetry.tick();
    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void anExportCountsAsThisDaysPing() throws Exception {
    Path file = folder.resolve("ping.json");
    assertThat(telemetry.export(file)).isPresent();
    assertThat(file).hasContent(PING);
    run(Duration.ofHours(20));
    assertThat(receiver.seen()).isEmpty();
    assertThat(telemetry.status().sent().get(0).outcome()).isEqualTo(Message.Outcome.EXPORTED);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskDelaysThePingAndHarmsNobody() throws IOException {
    Files.createDirectories(kettle.state());
    Path full = kettle.state().resolve("message.tmp");
    Files.createSymbolicLink(full, Path.of("/dev/full"));
    run(Duration.ofHours(6));
    assertThat(receiver.seen()).isEmpty();
    assertThat(telemetry.counts().faults()).isBetween(1L, 12L);
    assertThat(telemetry.counts().pings()).isZero();
    Files.delete(full);
    run(Duration.ofHours(4));
    assertThat(bodies()).containsExactly("POST " + PING);
    assertThat(telemetry.counts())
        .isEqualTo(new Counts(1, 1, 0, 0, 0, telemetry.counts().faults(), 0));
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenHarmsNobody() throws IOException {
    Files.writeString(kettle.state(), "a file where a folder should be");
    run(Duration.ofHours(5));
    assertThat(receiver.seen()).isEmpty();
  }
}
