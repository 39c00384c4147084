package dev.candor.sonarqube.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.client.Switch.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way by which a server can be told: what the classes of a real 9.7 obey is off here, too.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SonarSwitchTest {
  @TempDir Path folder;

  private Home home(String text) {
    return new Home(folder.resolve("sonarqube"), "9.7.0.61563").settings(text);
  }

  private static void isOff(Position position, String origin) {
    assertThat(position.on()).as(origin).isFalse();
    assertThat(position.because()).contains(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sonar.telemetry.enable",
        "SONAR_TELEMETRY_ENABLE",
        "sonar.telemetry.enabled",
        "SONAR_TELEMETRY_ENABLED",
        "Sonar.Telemetry.Enable",
        "sonar_telemetry_enable",
        "SONAR.TELEMETRY.ENABLE"
      })
  void aVariableOfAnyFormTurnsItOff(String name) {
    for (String value : List.of("false", " FALSE ", "off", "no", "0", "", "${env:NOT_SET}")) {
      isOff(home("").environment(name, value).position().position(), name);
    }
  }

  @Test
  void aVariableNamedLikeTheSettingIsTheSetting() throws Exception {
    Map<String, String> container =
        Map.of(
            "sonar.telemetry.url", "https://a.example/x",
            "SONAR_TELEMETRY_URL", "https://b.example/x");
    Settings settings = Settings.read(home("").folder(), container);
    assertThat(settings.get("sonar.telemetry.url"))
        .contains(
            new Setting(
                "sonar.telemetry.url",
                "https://a.example/x",
                "environment variable sonar.telemetry.url"));
    Position on = home("").environment("sonar.telemetry.enable", "true").position().position();
    assertThat(on.on()).isTrue();
    assertThat(on.because())
        .isEqualTo("sonar.telemetry.enable=true (environment variable sonar.telemetry.enable)");
    assertThat(on.problems()).isEmpty();
  }

  @Test
  void onePlaceThatTurnsItOffIsEnough() {
    Home home =
        home("sonar.telemetry.enable=false\n")
            .environment("SONAR_TELEMETRY_ENABLE", "true")
            .environment("sonar.telemetry.enable", "true");
    isOff(home.position().position(), "conf/sonar.properties, line 1");
    assertThat(home.position().position().problems())
        .singleElement()
        .asString()
        .contains("SonarQube's own daemon");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sonar.web.javaAdditionalOpts=-Xmx1g -Dsonar.telemetry.enable=false",
        "sonar.web.javaOpts=-Dsonar.telemetry.enable=\"false\" -Xmx1g",
        "sonar.ce.javaAdditionalOpts=\"-Dsonar.telemetry.enabled=false\"",
        "sonar.search.javaOpts=-Dsonar.telemetry.enable=no",
        "sonar.web.javaOpts=-Dsonar.telemetry.enabel=true",
        "sonar.web.javaAdditionalOpts=-Dsonar.telemetry.\\\n  enable=false",
        "sonar.web.javaAdditionalOpts=-Dsonar.telemetry.enable=${env:WHICH}",
      })
  void optionsInASettingTurnItOff(String line) {
    Position position = home("\n" + line + "\n").position().position();
    isOff(position, "conf/sonar.properties, line 2");
    assertThat(position.problems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SONAR_WEB_JAVAADDITIONALOPTS",
        "SONARQUBE_WEB_JVM_OPTS",
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "sonar.web.javaOpts"
      })
  void optionsInAVariableTurnItOff(String name) {
    isOff(
        home("").environment(name, "-Xmx2g -Dsonar.telemetry.enable=false").position().position(),
        "environment variable " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conf/wrapper.conf#wrapper.java.additional.3=-Dsonar.telemetry.enable=false",
        "conf/wrapper.conf#wrapper.app.parameter.2 = -Dsonar.telemetry.enable=false",
        "bin/linux-x86-64/sonar.sh#export SONAR_TELEMETRY_ENABLE='false'",
        "bin/linux-x86-64/sonar.sh#exec java -jar x.jar -Dsonar.telemetry.enable=false \"$@\"",
        "bin/windows-x86-64/StartSonar.bat#set SONAR_TELEMETRY_ENABLE=false",
      })
  void theWrapperAndTheStartScriptsTurnItOff(String fileAndLine) throws IOException {
    String[] parts = fileAndLine.split("#", 2);
    Home home = home("");
    Path file = home.folder().resolve(parts[0]);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "# sonar.telemetry.enable=false is how to turn it off\n");
    assertThat(home.position().position().on()).isTrue();
    Files.writeString(file, "first\n" + parts[1] + "\n");
    Position position = home.position().position();
    isOff(position, parts[0] + ", line 2");
    assertThat(position.problems()).as("the server obeys it").isEmpty();
  }

  @Test
  void ofALineWrittenTwiceTheLastCounts() {
    assertThat(
            home("sonar.telemetry.enable=false\nsonar.telemetry.enable=true\n")
                .position()
                .position()
                .on())
        .isTrue();
    isOff(
        home("sonar.telemetry.enable=true\nsonar.telemetry.enable : fal\\\n   se\n")
            .position()
            .position(),
        "line 2");
  }

  @Test
  void aFileOfWhichNobodyCanSayWhatItSetsIsOff() throws IOException {
    isOff(home("sonar.telemetry.enable=fal\\u00zzse\n").position().position(), "\\u escape");
    Home home = home("");
    Files.write(
        home.folder().resolve(Settings.FILE),
        "sonar.telemetry.enable=false\n".getBytes(StandardCharsets.UTF_16LE));
    isOff(home.position().position(), "holds zeros");
    isOff(home("\ufeffsonar.telemetry.enable=false\n").position().position(), "line 1");
    isOff(home("sonar.telemetry.enable\u00a0=false\n").position().position(), "line 1");
  }

  @Test
  void whatMightBeASecretIsNotShown() {
    Position position = home("sonar.telemetry.enable={aes}s3cr3t/x==\n").position().position();
    isOff(position, "neither true nor false");
    assertThat(position.toString()).doesNotContain("s3cr3t");
  }

  /** Waits until its input ends. */
  static final class Waits {
    private Waits() {}

    public static void main(String[] args) throws IOException {
      System.out.write('\n');
      System.out.flush();
      System.in.read();
    }
  }

  private static Process server(Home home, String name, String value, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-cp", System.getProperty("java.class.path")));
    command.add(Waits.class.getName());
    command.add("lib/sonar-application-9.7.0.61563.jar");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.folder().toFile());
    builder.environment().put(name, value);
    Process process = builder.start();
    assertThat(process.getInputStream().read()).isEqualTo('\n');
    return process;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theRunningServerIsAskedWhatItWasStartedWith() throws Exception {
    Home home = home("");
    Path root = Path.of("/");
    List<List<String>> all =
        List.of(
            List.of("X", "y", "-Dsonar.telemetry.enable=false", "command line"),
            List.of("sonar.telemetry.enable", "false", "-Dx=y", "environment"),
            List.of("SONAR_TELEMETRY_ENABLE", "false", "-Dx=y", "environment"),
            List.of("DO_NOT_TRACK", "yes", "-Dx=y", "DO_NOT_TRACK=yes"));
    for (List<String> one : all) {
      assertThat(home.position(root).position().on()).isTrue();
      Process server = server(home, one.get(0), one.get(1), one.get(2));
      try {
        Position position = home.position(root).position();
        isOff(position, one.get(3));
        assertThat(position.because()).contains("process " + server.pid());
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void aRunningServerWhoseVariablesCannotBeReadIsOffUntilALineSays() throws IOException {
    Home home = home("");
    Path root = folder.resolve("root");
    Path process = Files.createDirectories(root.resolve("proc/4711"));
    Files.writeString(
        process.resolve("cmdline"),
        "/usr/bin/java\0-Djava.io.tmpdir="
            + home.folder()
            + "/temp\0-cp\0./lib/sonar-application-9.7.0.61563.jar\0org.sonar.server.app.WebServer\0");
    Position position = home.position(root).position();
    isOff(position, "the environment of the running server, process 4711 cannot be read");
    assertThat(position.problems()).singleElement().asString().contains("=true or false into");
    assertThat(home("sonar.telemetry.enable=true\n").position(root).position().on()).isTrue();
    Files.writeString(process.resolve("environ"), "PATH=/bin\0");
    assertThat(home("").position(root).position().on()).isTrue();
  }
}
