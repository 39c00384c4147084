package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.store.Lifetime;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside a server, as its administrator types them. */
class AgentCommandsTest {
  @TempDir Path folder;

  private SmallServer server;
  private Serve.Running receiver;

  @BeforeEach
  void start() throws Exception {
    server = new SmallServer(folder);
    ReceiverSettings settings =
        ReceiverSettings.of(folder.resolve("data")).withAddress("127.0.0.1", 0);
    receiver =
        Serve.Running.start(
            settings, Lifetime.DEFAULT, Optional.empty(), new Products(), Clock.systemUTC());
    server.set("candor.telemetry.url", receiver.address() + "/sonarqube");
  }

  @AfterEach
  void stop() {
    receiver.close();
    server.close();
  }

  private Door candor(String command, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                command,
                "--home",
                server.home().toString(),
                "--state",
                folder.resolve("state").toString()));
    words.addAll(List.of(more));
    return Door.candor(words.toArray(String[]::new));
  }

  @Test
  void previewShowsWhatWouldLeaveAndSendsNothing() {
    Door page = candor("preview");
    assertThat(page.exitCode()).isZero();
    assertThat(page.out())
        .startsWith("{\n  \"id\": \"" + SmallServer.ID + "\",\n  \"version\": \"9.7.0.61563\"")
        .contains("\"language\": \"java\", \"loc\": 4711}")
        .contains("\"type\": \"ping\"");
    Door own = candor("preview", "--form", "sonarqube");
    assertThat(own.out()).contains("\"devopsPlatform\"").doesNotContain("\"timestamp\"");
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void theAnnotatedPreviewHasTheDictionarysWords() {
    assertThat(candor("preview", "--annotated").out())
        .contains("users: 1, the first of them:")
        .contains("version = \"9.7.0.61563\"   # Version of SonarQube; to see which versions are");
  }

  @Test
  void whatWasSentIsShownByteForByteAndThePreviewTellsTheDifference() {
    Door sent = candor("send", "--now");
    assertThat(sent.err()).isEmpty();
    assertThat(sent.out())
        .contains("  ping  accepted  " + receiver.address() + "/sonarqube  HTTP 202");
    assertThat(candor("sent").out()).isEqualTo(sent.out());
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    assertThat(candor("sent", today).out()).startsWith("{\"id\":\"" + SmallServer.ID + "\"");
    assertThat(candor("sent", "2020-01-01").out()).isEqualTo("Nothing was sent on 2020-01-01.\n");
    assertThat(candor("preview", "--diff").out().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("[-+] timestamp .*"));
  }

  @Test
  void statusSaysOnOrOffAndWhy() throws IOException {
    Door on = candor("status");
    assertThat(on.exitCode()).isZero();
    assertThat(on.out())
        .startsWith("Telemetry is on: the default\n")
        .contains("by candor.telemetry.url (conf/sonar.properties, line 2)")
        .contains("Last ping: none yet");
    server.set("sonar.telemetry.enabeld", "false");
    Door off = candor("status");
    assertThat(off.exitCode()).isEqualTo(1);
    assertThat(off.out())
        .startsWith("Telemetry is off: sonar.telemetry.enabeld looks like sonar.telemetry.enable")
        .contains("to mend: sonar.telemetry.enabeld: did you mean sonar.telemetry.enable");
    Door send = candor("send", "--now");
    assertThat(send.exitCode()).isEqualTo(1);
    assertThat(send.err()).startsWith("candor: telemetry is off, and no opt-out is owed: ");
    assertThat(candor("export", folder.resolve("x.json").toString()).exitCode()).isEqualTo(1);
  }

  @Test
  void anExportIsCarriedByHand() {
    Path file = folder.resolve("ping.json.gz");
    Door export = candor("export", file.toString());
    assertThat(export.err()).isEmpty();
    Path elsewhere = folder.resolve("elsewhere");
    assertThat(Door.candor("import", "--data", elsewhere.toString(), file.toString()).exitCode())
        .isZero();
    assertThat(
            Door.candor("report", "instances", "--data", elsewhere.toString(), "--format", "csv")
                .out())
        .contains(SmallServer.ID + ",active,9.7.0.61563,community,1,1,4711");
  }

  @Test
  void theDoctorFindsWhatIsToBeMended() throws IOException {
    Door well = candor("doctor");
    assertThat(well.out())
        .doesNotContain("MEND")
        .contains("ok    endpoint      takes pings of sonarqube, HTTP 204");
    assertThat(well.exitCode()).isZero();
    for (String path : List.of("/sonarqube/", "/other", "/sonarqube/metrics", "/health/live", "")) {
      Door wrong = candor("doctor", "--url", receiver.address() + path);
      assertThat(wrong.exitCode()).as(path).isEqualTo(1);
      assertThat(wrong.out()).containsPattern("MEND  endpoint      .*path of the address right");
    }
    assertThat(Door.candor("report", "states", "--data", folder.resolve("data").toString()).out())
        .as("a check is no message")
        .contains("no rows");
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    server.set("candor.telemetry.url", "http://127.0.0.1:" + nobody + "/sonarqube");
    server.set("sonar.embeddedDatabase.port", Integer.toString(nobody));
    Door ill = candor("doctor");
    assertThat(ill.exitCode()).isEqualTo(1);
    assertThat(ill.out())
        .contains("MEND  endpoint      the connection was refused")
        .contains("MEND  source        id, failed: the database cannot be reached");
  }

  @Test
  void aProxyThatCannotBeUsedIsSaidAndNothingIsSent() throws IOException {
    server.set("candor.telemetry.url", "https://telemetry.example/sonarqube");
    server.set("http.proxyHost", "proxy.example");
    server.set("http.proxyPort", "3128");
    assertThat(candor("status").out()).contains("  through the proxy proxy.example:3128\n");
    server.set("http.proxyHost", "");
    server.set("sonar.web.javaAdditionalOpts", "-Dhttps.proxyHost=web.example");
    assertThat(candor("status").out()).contains("  through the proxy web.example:3128\n");
    server.set("http.proxyPort", "jane:s3cret");
    for (String command : List.of("status", "doctor")) {
      Door door = candor(command);
      assertThat(door.exitCode()).isEqualTo(1);
      assertThat(door.out()).contains("https.proxyHost comes with a port that is no number");
      assertThat(door.out() + door.err()).doesNotContain("s3cret");
    }
    Door send = candor("send", "--now");
    assertThat(send.exitCode()).isEqualTo(1);
    assertThat(send.out()).contains("https.proxyHost comes with a port that is no number");
  }

  @Test
  void aHostNameWithAnUnderscoreIsAHostName() throws IOException {
    server.set("candor.telemetry.url", "http://candor_receiver:7700/sonarqube");
    server.set("candor.telemetry.plainHttpHosts", "candor_receiver");
    Door status = candor("status");
    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).contains("Endpoint: http://candor_receiver:7700/sonarqube, by");
    server.set("sonar.telemetry.url", "http://Candor_Receiver:7700/sonarqube/");
    assertThat(candor("status").out()).contains("two senders for one instance");
  }

  @Test
  void noJavaClassIsInAComplaint() {
    for (Door door :
        List.of(
            candor("sent", "yesterday"),
            candor("status", "--state", "a\0b"),
            Door.candor("import", "--data", "a\0b", "x.json"))) {
      assertThat(door.exitCode()).isEqualTo(2);
      assertThat(door.err())
          .startsWith("candor: Invalid value for")
          .doesNotContain("java.", "Exception", "LocalDate");
    }
  }

  @Test
  void whereTheServerItselfSendsTheAgentDoesNotStart() throws IOException {
    server.set("sonar.telemetry.url", receiver.address() + "/sonarqube/");
    for (String command : List.of("agent", "send")) {
      Door door = command.equals("send") ? candor("send", "--now") : candor(command);
      assertThat(door.exitCode()).isEqualTo(1);
      assertThat(door.err())
          .contains("two senders for one instance help no one")
          .contains("Either set candor.telemetry.url")
          .contains("or let the server send");
    }
  }

  @Test
  void settingsThatCannotBeUsedAreAllNamedAtOnce() throws IOException {
    server.set("candor.telemetry.url", "htp://x");
    server.set("candor.telemetry.form", "round");
    Door door = candor("agent");
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err())
        .contains(
            "candor.telemetry.url: \"htp://x\" is not an http(s) address"
                + " (conf/sonar.properties, line 3)")
        .contains("candor.telemetry.form");
    Door nowhere = Door.candor("preview", "--home", folder.resolve("nowhere").toString());
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("is not a folder");
    assertThat(Files.exists(folder.resolve("state"))).isFalse();
  }
}
