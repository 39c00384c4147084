package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dictionaries of all kinds, and what is wrong with a set-up, which is said when it is built. */
class SetUpTest {
  private static final String UUID =
      "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

  @TempDir Path folder;

  private final Kettle.Time time = new Kettle.Time();
  private Receiver receiver;
  private boolean on = true;

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private static String kettle() throws IOException {
    try (InputStream in = SetUpTest.class.getResourceAsStream("kettle.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A dictionary whose ids are of another form; those of its users stay. */
  private static String withId(String pattern, int length, String example) throws IOException {
    String kettle = kettle();
    int from = kettle.indexOf("\"id\": {\n      \"type\"");
    int to = kettle.indexOf("\"ping\": {", from);
    String id = kettle.substring(from, to);
    String other =
        id.replace("^[0-9a-f]{32}$", pattern)
            .replace("\"maxLength\": 32", "\"maxLength\": " + length)
            .replace(Kettle.ID, example);
    return kettle.substring(0, from).concat(other).concat(id.replaceFirst("\"id\"", "\"user\""))
        + kettle
            .substring(to)
            .replaceFirst("(\"user\": \\{\\s*\"\\$ref\": \"#/\\$defs/)id", "$1user");
  }

  private static String withUuid() throws IOException {
    return withId(UUID, 36, "6f1b7c1e-3c1d-4f2e-9c55-0d8f6b1b2a3c");
  }

  private Telemetry.Builder builder(String dictionary) {
    return Telemetry.of(
            Dictionary.parse(dictionary.getBytes(StandardCharsets.UTF_8)),
            Transport.of(receiver.uri(), "kettle/1.0"))
        .state(folder.resolve("state"))
        .environment(Map.of())
        .switchedBy(() -> new Switch.Position(on, "the test", List.of()))
        .time(time, time::nanos, RandomGeneratorFactory.of("L64X128MixRandom").create(20261128))
        .source("cups", (out, meter) -> out.put("cups", 12));
  }

  @Test
  void theHeartbeatMayHaveAnyName() throws Exception {
    String dictionary =
        kettle().replace("\"ping\": {\n      \"method\"", "\"beat\": {\n      \"method\"");
    try (Telemetry telemetry = builder(dictionary).build()) {
      for (int i = 0; i < 8 * 60; i++) {
        telemetry.tick();
        time.pass(Duration.ofMinutes(1));
      }
      assertThat(receiver.seen()).hasSize(1);
      assertThat(telemetry.status().lastPing()).isPresent();
      assertThat(telemetry.status().sent().get(0).type()).isEqualTo("beat");
      on = false;
      telemetry.tick();
      assertThat(receiver.seen().get(1).method()).isEqualTo("DELETE");
    }
  }

  @Test
  void whichMessageIsTheHeartbeatHasToBeClear() throws IOException {
    String beat =
        kettle().replace("\"ping\": {\n      \"method\"", "\"beat\": {\n      \"method\"");
    String both =
        beat.replaceFirst(
            "\"opt-out\": \\{\\s*\"method\": \"DELETE\",\\s*\"path\": \"\"",
            "\"sums\": {\"method\": \"POST\", \"path\": \"/sums\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(both).build())
        .withMessageContaining("the dictionary of kettle has no heartbeat")
        .withMessageContaining("\"ping\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'^[0-9a-f]{32}$', 00ff00ff00ff00ff00ff00ff00ff00ff",
    "'" + UUID + "', 6f1b7c1e-3c1d-4f2e-9c55-0d8f6b1b2a3c",
    "'^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$', 6F1B7C1E-3C1D-4F2E-9C55-0D8F6B1B2A3C",
    "'^[0-9a-f]{16}$', 00ff00ff00ff00ff",
    "'^[0-9A-F]{40}$', 00FF00FF00FF00FF00FF00FF00FF00FF00FF00FF",
    "'^[a-z][a-z0-9]{19}$', a0b1c2d3e4f5g6h7i8j9",
    "'^[A-Za-z0-9_-]{22}$', abcdefghij_klmno-12345",
    "'^[0-9]{24}$', 012345678901234567890123"
  })
  void theRandomIdFollowsTheDictionary(String pattern, String example) throws Exception {
    String dictionary = withId(pattern, example.length(), example);
    String id;
    try (Telemetry telemetry = builder(dictionary).build()) {
      assertThat(telemetry.sendNow()).isPresent();
      id = telemetry.status().sent().get(0).id();
      assertThat(id).matches(pattern);
    }
    try (Telemetry telemetry = builder(dictionary).build()) {
      on = false;
      telemetry.tick();
    }
    assertThat(receiver.seen().get(0).body()).contains("\"id\":\"" + id + "\"");
    assertThat(receiver.seen().get(1).body()).isEqualTo("{\"id\":\"" + id + "\"}");
  }

  @Test
  void aKeptIdThatNeverFittedGivesWay() throws Exception {
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(folder.resolve("state/identity"), Kettle.ID);
    try (Telemetry telemetry = builder(withUuid()).build()) {
      assertThat(telemetry.sendNow().orElseThrow().id()).matches(UUID);
    }
  }

  @Test
  void idsOfWhichThereAreTooFewAreSaid() throws IOException {
    String few = withId("^[0-9a-f]{8}$", 8, "00ff00ff");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(few).build())
        .withMessageContaining("no random id of 64 bits")
        .withMessageContaining("identity(…)");
  }

  @Test
  void anIdOfTheProgramsOwnThatDoesNotFitIsSaid() throws IOException {
    String dictionary = withUuid();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(dictionary).identity(meter -> "jane@example.com").start())
        .withMessageContaining("member \"id\" of ping, expected what fits " + UUID)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("jane"));
    on = false;
    builder(dictionary).identity(meter -> "jane@example.com").build().close();
  }

  @Test
  void anIdThatCannotBeToldNowIsNoMistake() throws IOException {
    builder(kettle())
        .identity(
            meter -> {
              throw new IOException("the database is down");
            })
        .build()
        .close();
  }

  @Test
  void aStateDirectoryThatCannotBeIsSaid() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatIllegalStateException()
        .isThrownBy(() -> builder(kettle()).state(file.resolve("state")).build())
        .withMessageContaining("cannot be written: " + file + " is not a folder");
  }

  @Test
  void anInstallationThatSaysItsOwnerLaterKeepsItsDirectory() throws Exception {
    try (Telemetry telemetry = builder(kettle()).build()) {
      assertThat(telemetry.sendNow()).isPresent();
    }
    try (Telemetry telemetry = builder(kettle()).owner("in /opt/kettle").build()) {
      assertThat(telemetry.sendNow()).isPresent();
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> builder(kettle()).owner("in /opt/pot").build());
  }

  @Test
  void aDirectoryOfAnotherProductIsSaid() throws Exception {
    try (Telemetry telemetry = builder(kettle()).build()) {
      telemetry.sendNow();
    }
    String pot = kettle().replace("\"x-product\": \"kettle\"", "\"x-product\": \"pot\"");
    assertThatIllegalStateException()
        .isThrownBy(() -> builder(pot).build())
        .withMessageContaining("belongs to kettle, not to pot");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "cups"})
  void sourcesNeedNamesOfTheirOwn(String name) throws IOException {
    Telemetry.Builder builder = builder(kettle()).source(name, (out, meter) -> {});
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("source \"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://telemetry.example/kettle",
        "ftp://telemetry.example/kettle",
        "telemetry.example/kettle",
        "https:///kettle",
        "https://telemetry.example:99999/kettle"
      })
  void anAddressThatCannotBeIsSaid(String address) throws IOException {
    Dictionary dictionary = Dictionary.parse(kettle().getBytes(StandardCharsets.UTF_8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Telemetry.of(dictionary, URI.create(address)))
        .withMessageMatching(
            "\".*/kettle\"(?: is not an http| is plain http|: there is no such).*");
  }
}
