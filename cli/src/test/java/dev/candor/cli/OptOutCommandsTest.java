package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.store.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaving, as a server's administrator types it. */
class OptOutCommandsTest {
  @TempDir Path folder;

  private SmallServer server;
  private Serve.Running receiver;

  @BeforeEach
  void start() throws Exception {
    server = new SmallServer(folder);
    ReceiverSettings settings = ReceiverSettings.of(data()).withAddress("127.0.0.1", 0);
    receiver =
        Serve.Running.start(
            settings, Lifetime.DEFAULT, Optional.empty(), new Products(), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    receiver.close();
    server.close();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path state() {
    return folder.resolve("state");
  }

  private Door candor(Path home, String command, String... more) {
    List<String> words =
        new ArrayList<>(List.of(command, "--home", home.toString(), "--state", state().toString()));
    words.addAll(List.of(more));
    return Door.candor(words.toArray(String[]::new));
  }

  private Door candor(String command, String... more) {
    return candor(server.home(), command, more);
  }

  private String states(Path data) {
    return Door.candor("report", "states", "--data", data.toString(), "--format", "csv").out();
  }

  private String key(String name) {
    return Door.candor("key", "add", name, "--data", data().toString())
        .out()
        .replaceFirst("(?s).*/(key_[^/]+)/.*", "$1");
  }

  private void address(String key) throws IOException {
    server.set("candor.telemetry.url", receiver.address() + "/" + key + "/sonarqube");
  }

  @Test
  void anOptOutOutlivesItsIngestKeyAndStatusSaysSo() throws IOException {
    address(key("one"));
    assertThat(candor("send", "--now").exitCode()).isZero();
    assertThat(Door.candor("key", "end", "one", "--data", data().toString()).exitCode()).isZero();
    key("other"); // one is wanted still
    server.set("sonar.telemetry.enable", "false");
    Door before = candor("status");
    assertThat(before.exitCode()).isEqualTo(1);
    assertThat(before.out()).contains("the opt-out has not arrived at ", "it was not tried yet");
    Door refused = candor("send", "--now");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).contains("  opt-out  waiting  ", "HTTP 403");
    assertThat(candor("status").exitCode()).isEqualTo(1);
    assertThat(candor("status").out()).contains("the opt-out has not arrived at ", "HTTP 403");
    assertThat(candor("sent").out()).contains("  opt-out  waiting  ", "HTTP 403");
    address(key("two"));
    Door arrived = candor("send", "--now");
    assertThat(arrived.out()).contains("  opt-out  accepted  ", "HTTP 202");
    assertThat(arrived.exitCode()).isZero();
    assertThat(candor("status").exitCode()).isZero();
    assertThat(candor("sent").out()).contains("  opt-out  accepted  ").doesNotContain("waiting");
    Door again = candor("send", "--now");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("telemetry is off, and no opt-out is owed");
  }

  @Test
  void aServerWithoutANetworkOptsOutByAFile() throws IOException {
    server.set("candor.telemetry.url", receiver.address() + "/sonarqube");
    Path ping = folder.resolve("ping.json.gz");
    Path bye = folder.resolve("bye.json.gz");
    Path elsewhere = folder.resolve("elsewhere");
    assertThat(candor("export", ping.toString()).exitCode()).isZero();
    server.set("sonar.telemetry.enable", "false");
    assertThat(candor("status").exitCode()).isEqualTo(1);
    Door export = candor("export", bye.toString());
    assertThat(export.err()).isEmpty();
    assertThat(export.out()).contains("Wrote the opt-out to " + bye);
    assertThat(candor("status").exitCode()).isZero();
    assertThat(candor("export", folder.resolve("twice.json").toString()).exitCode()).isEqualTo(1);
    assertThat(folder.resolve("twice.json")).doesNotExist();
    for (Path file : List.of(ping, bye)) {
      Door imported = Door.candor("import", "--data", elsewhere.toString(), file.toString());
      assertThat(imported.exitCode()).isZero();
    }
    assertThat(states(elsewhere)).contains("opted").doesNotContain("active");
  }

  @Test
  void aServerWithoutANetworkMayOptOutOverOneLater() throws IOException {
    server.set("candor.telemetry.url", receiver.address() + "/sonarqube");
    candor("export", folder.resolve("ping.json.gz").toString());
    server.set("sonar.telemetry.enable", "false");
    assertThat(candor("send", "--now").out()).contains("  opt-out  accepted  ");
    assertThat(candor("status").exitCode()).isZero();
  }

  @Test
  void anotherServerWithTheSameStateIsRefused() throws IOException {
    server.set("candor.telemetry.url", receiver.address() + "/sonarqube");
    assertThat(candor("send", "--now").exitCode()).isZero();
    server.set("sonar.telemetry.enable", "false");
    Path staging = folder.resolve("staging");
    try (Stream<Path> files = Files.walk(server.home())) {
      for (Path file : files.toList()) {
        Files.copy(file, staging.resolve(server.home().relativize(file)));
      }
    }
    for (String command : List.of("status", "sent", "agent")) {
      Door door = candor(staging, command);
      assertThat(door.exitCode()).isEqualTo(1);
      assertThat(door.err()).contains("belongs to sonarqube in " + server.home());
    }
    assertThat(candor(staging, "send", "--now").err()).contains("belongs to sonarqube in ");
    assertThat(candor("send", "--now").out()).contains("  opt-out  accepted  ");
  }
}
