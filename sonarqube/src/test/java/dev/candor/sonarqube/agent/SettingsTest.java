package dev.candor.sonarqube.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.candor.client.Switch.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server's settings file says, where, and what it decides. */
class SettingsTest {
  @TempDir Path folder;

  private Home home(String text) {
    return new Home(folder.resolve("sonarqube"), "9.7.0.61563").settings(text);
  }

  private Settings read(String text, Map<String, String> environment) throws Exception {
    return Settings.read(home(text).folder(), environment);
  }

  @Test
  void readsEscapesContinuationsAndVariablesWithTheirLines() throws Exception {
    Settings settings =
        read(
            "# a comment \\\n\na.b = one\nc\\:d: t\\u0077o\ne=th\\\n   ree\nf=${env:FILLED}!\na.b=again\n",
            Map.of("FILLED", "four", "E_X", "five"));
    assertThat(settings.get("a.b"))
        .contains(new Setting("a.b", "again", Settings.FILE + ", line 8"));
    assertThat(settings.get("c:d")).contains(new Setting("c:d", "two", Settings.FILE + ", line 4"));
    assertThat(settings.get("e")).contains(new Setting("e", "three", Settings.FILE + ", line 5"));
    assertThat(settings.get("f")).contains(new Setting("f", "four!", Settings.FILE + ", line 7"));
    assertThat(settings.get("e-x").map(Setting::value)).contains("five");
    assertThat(settings.problems()).isEmpty();
  }

  @Test
  void onlyASettingThatIsUsedNeedsItsVariable() throws Exception {
    Home home =
        home("""
                ldap.bindPassword=${env:LDAP_PW}
                sonar.auth.github.clientSecret.secured=${env:GITHUB}
                sonar.web.context=${file:/x}${X}
                sonar.telemetry.url=${env:NOT_USED}
                candor.telemetry.url=https://${env:RECEIVER}/x
                """)
            .environment("RECEIVER", "a.example");
    assertThat(home.agent(Form.PAGE).position().position().on()).isTrue();
    Settings settings = Settings.read(home.folder(), Map.of("RECEIVER", "a.example"));
    assertThat(Endpoint.of(settings, Optional.empty()).address())
        .hasToString("https://a.example/x");
    assertThat(
            catchThrowableOfType(
                SettingsException.class,
                () -> Endpoint.of(Settings.read(home.folder(), Map.of()), Optional.empty())))
        .hasMessage(
            "candor.telemetry.url: the environment variable RECEIVER is not set"
                + " (conf/sonar.properties, line 5)");
    assertThat(
            catchThrowableOfType(
                SettingsException.class,
                () -> home("sonar.jdbc.password=${env:PW}").agent(Form.PAGE)))
        .hasMessageContaining("sonar.jdbc.password: the environment variable PW is not set");
  }

  @Test
  void eitherSpellingTurnsItOffAndTheLineIsNamed() {
    for (String key : List.of("sonar.telemetry.enable", "sonar.telemetry.enabled")) {
      Position off = home("\n" + key + "=false\n").position().position();
      assertThat(off.on()).as(key).isFalse();
      assertThat(off.because()).contains(key + "=false", "conf/sonar.properties, line 2");
    }
    assertThat(
            home("sonar.telemetry.enable=true\nsonar.telemetry.enabled=false")
                .position()
                .position()
                .on())
        .isFalse();
    assertThat(home("sonar.telemetry.enable=TRUE\n").position().position().on()).isTrue();
    assertThat(home("#sonar.telemetry.enable=false\n").position().position().on()).isTrue();
    assertThat(home("sonar.telemetry.enabled=false").position().position().problems())
        .singleElement()
        .asString()
        .contains("SonarQube's own daemon does not read it");
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() {
    Home home =
        home("sonar.telemetry.enable=true\n").environment("SONAR_TELEMETRY_ENABLE", "false");
    assertThat(home.position().position().on()).isFalse();
    assertThat(home.position().position().because()).contains("SONAR_TELEMETRY_ENABLE");
  }

  @Test
  void slipsAreOffUntilMendedAndAllAreNamed() {
    for (String key :
        List.of(
            "sonar.telemetry.enabeld",
            "sonar.telemetry.Enabled",
            "sonar_telemetry_enabled",
            "sonar.telemtry.enable",
            "SONAR.TELEMETRY.ENABLE")) {
      Position position = home(key + "=true\n").position().position();
      assertThat(position.on()).as(key).isFalse();
      assertThat(position.problems())
          .singleElement()
          .asString()
          .contains(key, "line 1", "sonar.telemetry.enable");
    }
    Position both =
        home("sonar.telemetry.enable=flase\nsonar.telemetry.enbaled=false").position().position();
    assertThat(both.on()).isFalse();
    assertThat(both.problems()).hasSize(2);
    assertThat(both.problems().get(0)).contains("\"flase\" is neither true nor false", "line 1");
    assertThat(home("sonar.telemetry.url=https://x.example\n").position().position().on()).isTrue();
  }

  @Test
  void aChangeIsSeenWithoutARestartAndNoFileIsOff() throws Exception {
    Home home = home("");
    SonarSwitch position = home.position();
    assertThat(position.position().on()).isTrue();
    home.settings("sonar.telemetry.enable=false");
    assertThat(position.position().on()).isFalse();
    java.nio.file.Files.delete(home.folder().resolve(Settings.FILE));
    assertThat(position.position().on()).isFalse();
    assertThat(position.position().because()).contains("cannot be read");
  }

  @Test
  void decidesWherePingsGoAndWhetherTheServerSendsThereToo() throws Exception {
    String servers = "sonar.telemetry.url=https://a.example/x\n";
    String own = "candor.telemetry.url=https://b.example/x\n";
    Endpoint vendor = Endpoint.of(read("", Map.of()), Optional.empty());
    assertThat(vendor.address()).hasToString(Endpoint.VENDOR);
    assertThat(vendor.alsoServer()).isTrue();
    Endpoint shared = Endpoint.of(read(servers, Map.of()), Optional.empty());
    assertThat(shared.because()).contains("sonar.telemetry.url", "line 1");
    assertThat(shared.alsoServer()).isTrue();
    assertThat(Endpoint.of(read(servers + own, Map.of()), Optional.empty()))
        .returns(false, Endpoint::alsoServer)
        .returns("https://b.example/x", e -> e.address().toString());
    assertThat(
            Endpoint.of(read(servers + "sonar.telemetry.enable=false", Map.of()), Optional.empty()))
        .returns(false, Endpoint::alsoServer);
    assertThat(Endpoint.of(read(servers, Map.of()), Optional.of("https://A.example:443/x/")))
        .returns(true, Endpoint::alsoServer);
  }

  @Test
  void reportsAllProblemsTogetherWithoutSecrets() {
    Home home =
        home(
            """
            candor.telemetry.url=htp://x
            sonar.jdbc.password={b64}!leakword
            sonar.telemetry.frequencyInSeconds=often
            candor.telemetry.form=round
            """);
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                SonarQubeAgent.open(
                    new SonarQubeAgent.Options(
                        home.folder(),
                        folder.resolve("state"),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        folder,
                        folder)));
    assertThat(e.problems()).hasSize(4);
    assertThat(e.problems().get(0))
        .isEqualTo(
            "candor.telemetry.url: \"htp://x\" is not an http(s) address (conf/sonar.properties,"
                + " line 1)");
    assertThat(e).message().doesNotContain("leakword");
  }
}
