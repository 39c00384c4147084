package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An opt-out arrives whatever comes in between, once, and is never anybody else's. */
class OptOutTest {
  private static final Duration LOOK = Duration.ofMinutes(10);
  private static final Duration DAY = Duration.ofHours(24);
  private static final String OTHER = "11ff00ff00ff00ff00ff00ff00ff00ff";

  @TempDir Path folder;

  private Receiver receiver;
  private Kettle kettle;
  private Telemetry telemetry;
  private String id = Kettle.ID;

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
    kettle = new Kettle(folder.resolve("state"), receiver.uri());
    telemetry = build(receiver.uri());
  }

  @AfterEach
  void stop() {
    telemetry.close();
    receiver.close();
  }

  private Telemetry.Builder builder(URI address) {
    return kettle.builder(address).identity(meter -> id).owner("in /opt/kettle");
  }

  private Telemetry build(URI address) {
    return builder(address).build();
  }

  /** As after a restart of the program, perhaps with another address. */
  private void restart(URI address) {
    telemetry.close();
    telemetry = build(address);
  }

  private void restart() {
    restart(receiver.uri());
  }

  private void run(Duration time) {
    Duration step = time.compareTo(DAY) > 0 ? LOOK.multipliedBy(18) : LOOK;
    for (Duration left = time; !left.isNegative(); left = left.minus(step)) {
      telemetry.tick();
      kettle.time.pass(step);
    }
  }

  private void ping() throws Exception {
    assertThat(telemetry.sendNow()).isPresent();
  }

  private static List<Receiver.Seen> optOuts(Receiver of) {
    return of.seen().stream().filter(seen -> seen.method().equals("DELETE")).toList();
  }

  private List<String> ids() {
    return optOuts(receiver).stream().map(Receiver.Seen::body).distinct().toList();
  }

  private static String body(String id) {
    return "{\"id\":\"" + id + "\"}";
  }

  private List<OptOut> owed() {
    try {
      return telemetry.status().owed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void arrivedOnce() {
    assertThat(ids()).containsExactly(body(Kettle.ID));
    assertThat(optOuts(receiver).stream().map(Receiver.Seen::key).distinct()).hasSize(1);
    assertThat(owed()).isEmpty();
    int sofar = optOuts(receiver).size();
    run(DAY.multipliedBy(3));
    restart();
    run(DAY);
    assertThat(optOuts(receiver)).hasSize(sofar);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 410, 413, 422, 429, 451, 500, 503, 302, 307, 0})
  void nothingButA2xxEndsIt(int status) throws Exception {
    ping();
    kettle.turn(false);
    for (int i = 0; i < 6; i++) {
      receiver.reply(status, "Location", "https://portal.example/", "");
    }
    telemetry.tick();
    assertThat(owed()).hasSize(1);
    assertThat(owed().get(0).message().orElseThrow().answer()).isNotEmpty();
    assertThat(telemetry.counts().owed()).isEqualTo(1);
    run(DAY.multipliedBy(7));
    assertThat(optOuts(receiver)).hasSize(7);
    assertThat(telemetry.counts().owed()).isZero();
    arrivedOnce();
  }

  @Test
  void thePageOfACaptivePortalIsNoReceipt() throws Exception {
    ping();
    kettle.turn(false);
    receiver
        .reply(200, "Content-Type", "text/html; charset=utf-8", "<!doctype html><p>Sign in")
        .reply(200, "X-Portal", "yes", "\n<html>Sign in</html>");
    run(DAY.multipliedBy(2));
    assertThat(optOuts(receiver)).hasSize(3);
    arrivedOnce();
  }

  @Test
  void aReceiverThatIsDownForMonthsGetsItAtLast() throws Exception {
    ping();
    int port = receiver.port();
    receiver.close();
    kettle.turn(false);
    run(DAY.multipliedBy(200));
    restart();
    run(DAY);
    assertThat(telemetry.status().waiting()).hasSize(1);
    assertThat(owed()).hasSize(1);
    receiver = new Receiver(port);
    run(DAY);
    arrivedOnce();
  }

  @Test
  void clocksThatAreSetLoseAndDoubleNothing() throws Exception {
    ping();
    kettle.time.set(kettle.time.instant().minus(Duration.ofDays(4000)));
    kettle.turn(false);
    receiver.reply(404);
    telemetry.tick();
    kettle.time.set(kettle.time.instant().plus(Duration.ofDays(9000)));
    receiver.reply(404);
    telemetry.tick();
    kettle.time.set(kettle.time.instant().minus(Duration.ofDays(9000)));
    run(DAY.multipliedBy(2));
    arrivedOnce();
  }

  @Test
  void anIdUnderWhichNothingLeftIsNotIntroduced() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    restart(URI.create("http://127.0.0.1:" + nobody + "/kettle"));
    assertThat(telemetry.sendNow().orElseThrow().attempts()).isEqualTo(1);
    restart();
    kettle.turn(false);
    run(DAY.multipliedBy(2));
    assertThat(receiver.seen()).isEmpty();
    assertThat(owed()).isEmpty();
  }

  @Test
  void aPingThatWasRefusedOrNotAnsweredLeftAllTheSame() throws Exception {
    receiver.reply(0);
    ping();
    kettle.turn(false);
    run(DAY);
    arrivedOnce();
  }

  @Test
  void anotherIdNeitherHidesTheOldNorTakesItsPlace() throws Exception {
    ping();
    id = OTHER; // another database
    restart();
    kettle.turn(false);
    run(DAY);
    arrivedOnce();
  }

  @Test
  void eachIdThatSentOptsOut() throws Exception {
    ping();
    id = OTHER;
    ping();
    kettle.turn(false);
    receiver.reply(403);
    run(DAY);
    assertThat(ids()).containsExactlyInAnyOrder(body(Kettle.ID), body(OTHER));
    assertThat(owed()).isEmpty();
  }

  @Test
  void itGoesWhereThePingsWentNotWhereTheyWouldGoNow() throws Exception {
    ping();
    try (Receiver elsewhere = new Receiver()) {
      restart(elsewhere.uri());
      kettle.turn(false);
      run(DAY);
      assertThat(elsewhere.seen()).isEmpty();
    }
    arrivedOnce();
  }

  @Test
  void anotherIngestKeyIsTheSameReceiver() throws Exception {
    String before = receiver.uri().toString();
    restart(URI.create(before.replace("/kettle", "/key_" + "a".repeat(43) + "/kettle")));
    ping();
    telemetry.close();
    restart(URI.create(before.replace("/kettle", "/key_" + "b".repeat(43) + "/kettle")));
    kettle.turn(false);
    run(DAY);
    assertThat(optOuts(receiver).get(0).path()).isEqualTo("/key_" + "b".repeat(43) + "/kettle");
    try (Stream<Path> files = Files.walk(folder.resolve("state/sent"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("aaaa");
      }
    }
  }

  @Test
  void aStartWithAnotherKeyTriesAtOnce() throws Exception {
    ping();
    kettle.turn(false);
    receiver.reply(403);
    telemetry.tick();
    String before = receiver.uri().toString();
    restart(URI.create(before.replace("/kettle", "/key_" + "b".repeat(43) + "/kettle")));
    telemetry.tick();
    arrivedOnce();
  }

  @Test
  void switchedOnAgainItIsWithdrawnAndStaysOwed() throws Exception {
    ping();
    kettle.turn(false);
    receiver.reply(404).reply(404).reply(404);
    run(Duration.ofMinutes(20));
    kettle.turn(true);
    run(Duration.ofHours(1));
    assertThat(owed()).isEmpty();
    Message given =
        telemetry.status().sent().stream()
            .filter(message -> message.type().equals("opt-out"))
            .findFirst()
            .orElseThrow();
    assertThat(given.outcome()).isEqualTo(Message.Outcome.DROPPED);
    assertThat(given.answer()).isEqualTo("not sent again: telemetry was switched on again");
    int tried = optOuts(receiver).size();
    kettle.turn(false);
    run(DAY);
    assertThat(optOuts(receiver)).hasSizeGreaterThan(tried);
    assertThat(owed()).isEmpty();
  }

  @Test
  void anExportedPingOwesAnOptOutThatCanBeExportedOnce() throws Exception {
    telemetry.export(folder.resolve("ping.json"));
    kettle.turn(false);
    Path bye = folder.resolve("bye.json");
    assertThat(telemetry.exportOptOut(bye)).isPresent();
    assertThat(bye).hasContent("{\"message\":\"opt-out\",\"body\":" + body(Kettle.ID) + "}");
    assertThat(telemetry.exportOptOut(bye)).isEmpty();
    run(DAY);
    assertThat(receiver.seen()).isEmpty();
    assertThat(owed()).isEmpty();
    assertThat(telemetry.status().waiting()).isEmpty();
  }

  @Test
  void anExportedPingOwesAnOptOutThatTheNetworkMayTake() throws Exception {
    telemetry.export(folder.resolve("ping.json"));
    kettle.turn(false);
    assertThat(telemetry.optOutNow()).hasSize(1);
    arrivedOnce();
  }

  @Test
  void anExportThatFailedOwesNothing() throws Exception {
    assertThatThrownBy(() -> telemetry.export(folder.resolve("no/such/folder.json")))
        .isInstanceOf(IOException.class);
    kettle.turn(false);
    run(DAY);
    assertThat(receiver.seen()).isEmpty();
  }

  @Test
  void whatIsLostOfTheStateDirectoryIsMadeAgainUnderTheSameKey() throws Exception {
    ping();
    kettle.turn(false);
    receiver.reply(500);
    telemetry.tick();
    delete(kettle.state().resolve("outbox"));
    restart();
    run(DAY);
    arrivedOnce();
  }

  @Test
  void aKillBetweenAnswerAndNoteDoublesNothing() throws Exception {
    ping();
    kettle.turn(false);
    receiver.reply(500);
    telemetry.tick();
    Path file = kettle.state().resolve(OptOuts.FILE);
    String before = Files.readString(file);
    run(DAY);
    telemetry.close();
    Files.writeString(file, before);
    telemetry = build(receiver.uri());
    assertThat(owed()).isEmpty();
    arrivedOnce();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0\0\0", "00ff00ff00ff00ff00ff00ff00ff00fe\t\t\t00000000\n", "x"})
  void aDamagedFileIsReadFromTheSentLogAndNoOtherIdIsMeant(String damaged) throws Exception {
    ping();
    telemetry.close();
    Files.writeString(kettle.state().resolve(OptOuts.FILE), damaged);
    if (damaged.isEmpty()) {
      Files.delete(kettle.state().resolve(OptOuts.FILE));
    }
    kettle.turn(false);
    restart();
    run(DAY);
    arrivedOnce();
  }

  @Test
  void anOptOutThatAnEarlierVersionGaveUpIsTriedAgain() throws Exception {
    ping();
    kettle.turn(false);
    receiver.reply(403);
    telemetry.tick();
    telemetry.close();
    // As version 0.1 left it: no debts, and the opt-out among what was settled.
    Outbox outbox = new Outbox(kettle.state(), OutboxLimits.DEFAULT, kettle.time);
    Message refused = outbox.waiting().get(0);
    outbox.settle(refused.ended(Message.Outcome.REFUSED, "HTTP 403: no", kettle.time.instant()));
    Files.delete(kettle.state().resolve(OptOuts.FILE));
    Files.delete(kettle.state().resolve(Owner.FILE));
    Files.writeString(kettle.state().resolve("switched-on"), "2026-11-24T10:00:00Z");
    telemetry = build(receiver.uri());
    assertThat(owed()).hasSize(1);
    run(DAY);
    assertThat(optOuts(receiver)).hasSize(2);
    assertThat(owed()).isEmpty();
  }

  @Test
  void aStateDirectoryIsOneInstancesAndACopyIsRefused() throws Exception {
    ping();
    telemetry.close();
    Path copy = folder.resolve("copy");
    copy(kettle.state(), copy);
    kettle.turn(false);
    assertThatThrownBy(() -> builder(receiver.uri()).state(copy).owner("in /opt/staging").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("belongs to kettle in /opt/kettle, not to kettle in /opt/staging")
        .hasMessageContaining("delete the file " + copy.resolve("owner"));
    assertThatThrownBy(() -> builder(receiver.uri()).state(copy).owner("in /opt/staging").view())
        .isInstanceOf(IllegalStateException.class);
    assertThat(optOuts(receiver)).isEmpty();
  }

  @Test
  void aDirectoryThatBecomesAnothersWhileItRunsIsLeftAlone() throws Exception {
    ping();
    Files.writeString(kettle.state().resolve(Owner.FILE), "kettle in /opt/another");
    kettle.turn(false);
    run(DAY);
    assertThat(optOuts(receiver)).isEmpty();
    assertThat(telemetry.counts().faults()).isPositive();
  }

  @Test
  void theNextLeaderOfAClusterOptsOutForAllOfIt() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:bye;DB_CLOSE_DELAY=-1");
        Statement sql = connection.createStatement()) {
      sql.execute(
          "CREATE TABLE candor_lease (name VARCHAR(100) PRIMARY KEY, holder VARCHAR(64) NOT NULL,"
              + " until_ms BIGINT NOT NULL, last_ping_ms BIGINT NOT NULL)");
    }
    telemetry.close();
    telemetry = node("one");
    ping();
    telemetry.close();
    kettle.turn(false);
    telemetry = node("two");
    run(DAY);
    assertThat(ids()).containsExactly(body(Kettle.ID));
    telemetry.close();
    telemetry = node("three");
    run(DAY);
    assertThat(optOuts(receiver)).hasSize(1);
  }

  private Telemetry node(String name) {
    return builder(receiver.uri())
        .state(folder.resolve(name))
        .lease(
            new JdbcLease(
                () -> DriverManager.getConnection("jdbc:h2:mem:bye"),
                "kettle",
                name,
                Duration.ofMinutes(2),
                kettle.time))
        .build();
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
