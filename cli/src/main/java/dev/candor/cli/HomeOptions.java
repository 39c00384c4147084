package dev.candor.cli;

import dev.candor.client.FileLease;
import dev.candor.client.Telemetry;
import dev.candor.sonarqube.agent.Endpoint;
import dev.candor.sonarqube.agent.Form;
import dev.candor.sonarqube.agent.SettingsException;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command is about, and where its agent keeps what it must remember. */
final class HomeOptions {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "The SonarQube's folder (default: $SONARQUBE_HOME).")
  private @Nullable Path home;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "The agent's own folder (default: $STATE_DIRECTORY, as systemd sets it, else one for this "
              + "server under $XDG_STATE_HOME/candor or ~/.local/state/candor).")
  private @Nullable Path state;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where pings go (default: candor.telemetry.url, else sonar.telemetry.url of "
              + "conf/sonar.properties, else the documented address).")
  private @Nullable String url;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description =
          "page: the documented members; sonarqube: those of a SonarQube 9.7 on the wire (default: "
              + "candor.telemetry.form, else page).")
  private @Nullable Form form;

  /** The server's folder. */
  Path home() {
    if (home != null) {
      return home;
    }
    String variable = System.getenv("SONARQUBE_HOME");
    if (variable == null || variable.isBlank()) {
      throw Failure.usage("which SonarQube? Give its folder by --home DIR or $SONARQUBE_HOME");
    }
    return Path.of(variable);
  }

  /** The agent's state directory. */
  Path state() {
    if (state != null) {
      return state;
    }
    String systemd = System.getenv("STATE_DIRECTORY");
    if (systemd != null && !systemd.isBlank()) {
      return Path.of(systemd.split(":", -1)[0]);
    }
    Path root = stateHome();
    CRC32 hash = new CRC32();
    hash.update(home().toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
    return root.resolve("candor")
        .resolve(String.format(Locale.ROOT, "sonarqube-%08x", hash.getValue()));
  }

  private static Path stateHome() {
    String base = System.getenv("XDG_STATE_HOME");
    if (base != null && Path.of(base.strip()).isAbsolute()) { // another is to be ignored, it says
      return Path.of(base.strip());
    }
    return userHome()
        .map(user -> user.resolve(".local").resolve("state"))
        .orElseThrow(
            () ->
                Failure.usage(
                    "this user has no home to keep the agent's state in: give its folder by --state"
                        + " DIR or $STATE_DIRECTORY"));
  }

  /** The user's home; empty where there is none, which Java calls "?". */
  private static Optional<Path> userHome() {
    return Optional.of(Path.of(System.getProperty("user.home", ""))).filter(Path::isAbsolute);
  }

  private SonarQubeAgent.Options options() {
    return new SonarQubeAgent.Options(
        home(),
        state(),
        Optional.ofNullable(url),
        Optional.ofNullable(form),
        environment(),
        Path.of("/"),
        userHome().orElse(Path.of("/")));
  }

  static Map<String, String> environment() {
    return System.getenv();
  }

  /** The server's agent, or all that is wrong with its settings. */
  SonarQubeAgent agent() {
    try {
      return SonarQubeAgent.open(options());
    } catch (SettingsException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  /** The server's agent, where nobody else sends for the same server to the same place. */
  SonarQubeAgent onlySender() {
    SonarQubeAgent agent = agent();
    onlySender(agent);
    return agent;
  }

  /** Makes sure that nobody else sends for the same server to the same place. */
  static void onlySender(SonarQubeAgent agent) {
    if (agent.endpoint().alsoServer()) {
      throw Failure.of(Endpoint.twoSenders(agent.transport().address()));
    }
  }

  /** For one command: it takes the lease at once where no agent runs, and never from one. */
  Telemetry telemetry(SonarQubeAgent agent) {
    Clock clock = Clock.systemUTC();
    Telemetry.Builder builder =
        agent.telemetry(clock).lease(new FileLease(state().resolve("lease"), Duration.ZERO, clock));
    return usable(builder::build);
  }

  /** For one command that only looks. */
  Telemetry view(SonarQubeAgent agent) {
    return usable(agent.telemetry(Clock.systemUTC())::view);
  }

  /** What is wrong with the state directory is for the user to mend. */
  static Telemetry usable(Supplier<Telemetry> built) {
    try {
      return built.get();
    } catch (IllegalStateException e) {
      throw Failure.of(String.valueOf(e.getMessage()));
    }
  }
}
