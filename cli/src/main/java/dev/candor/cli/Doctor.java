package dev.candor.cli;

import dev.candor.client.Omission;
import dev.candor.client.SourceOutcome;
import dev.candor.client.Switch;
import dev.candor.client.Telemetry;
import dev.candor.client.Transport;
import dev.candor.sonarqube.SonarQube;
import dev.candor.sonarqube.agent.Endpoint;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks for what keeps a server's telemetry from working. */
@Command(
    name = "doctor",
    description =
        "Checks a SonarQube's settings, switch, installation, database, endpoint, proxy, TLS, clock "
            + "and permissions, and says what to mend. Sends an empty check, and nothing about the server.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing to mend", "1:something to mend"},
    footerHeading = "%nExample:%n",
    footer = "  candor doctor --home /opt/sonarqube")
final class Doctor implements Callable<Integer> {
  private static final Duration MOST_SKEW = Duration.ofMinutes(5);

  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  private int faults;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SonarQubeAgent agent = home.agent();
    say(true, "settings", "conf/sonar.properties is in order");
    permissions();
    try (Telemetry telemetry = home.view(agent)) {
      Switch.Position position = telemetry.position();
      say(true, "switch", (position.on() ? "on: " : "off: ") + position.because());
      position.problems().forEach(problem -> say(false, "switch", problem));
      sources(telemetry, agent);
      endpoint(agent, position.on());
    }
    Objects.requireNonNull(spec).commandLine().getOut().flush();
    return faults == 0 ? 0 : 1;
  }

  private void say(boolean well, String what, String words) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf("%-4s  %-12s  %s%n", well ? "ok" : "MEND", what, words);
    faults += well ? 0 : 1;
  }

  private void permissions() throws IOException {
    Path settings = home.home().resolve("conf/sonar.properties");
    if (settings.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(settings).contains(PosixFilePermission.OTHERS_READ)) {
      say(
          false,
          "permissions",
          settings
              + " may be read by everyone on this machine, and can hold a password: chmod o-r");
    }
    Path state = home.state().toAbsolutePath();
    Path there = state;
    while (Files.notExists(there)) {
      there = Objects.requireNonNull(there.getParent());
    }
    boolean writable = Files.isWritable(there) && Files.isDirectory(there);
    say(
        writable,
        "permissions",
        writable
            ? "the state directory " + state + " can be written"
            : "the state directory "
                + state
                + " cannot be written: give it to this user, or --state");
  }

  private void sources(Telemetry telemetry, SonarQubeAgent agent)
      throws IOException, InterruptedException {
    dev.candor.client.Preview preview = telemetry.preview(OutputStream.nullOutputStream());
    for (SourceOutcome outcome : preview.sources()) {
      boolean well = outcome.omitted().filter(why -> why != Omission.NOT_APPLICABLE).isEmpty();
      String what = "source";
      if (well) {
        say(true, what, outcome.toString());
      } else {
        String why = outcome.omitted().orElseThrow().word() + ": " + outcome.detail();
        say(
            false,
            what,
            outcome.name() + ", " + why + " (database: " + agent.databaseOrigin() + ")");
      }
    }
    preview
        .findings()
        .forEach(finding -> say(true, "dictionary", finding.pointer() + " " + finding.expected()));
  }

  private void endpoint(SonarQubeAgent agent, boolean on) throws InterruptedException {
    Transport transport = agent.transport();
    say(true, "endpoint", transport.address() + ", by " + agent.endpoint().because());
    if (agent.endpoint().alsoServer()) {
      say(false, "endpoint", Endpoint.twoSenders(transport.address()));
    }
    Optional<String> problem = transport.problem();
    say(problem.isEmpty(), "proxy", problem.or(transport::proxy).orElse("none"));
    if (!on) {
      say(true, "endpoint", "not tried, since telemetry is off");
      return;
    }
    if (problem.isPresent()) {
      say(false, "endpoint", "not tried, since nothing is sent until the proxy is mended");
      return;
    }
    Transport.Probe probe = transport.probe(SonarQube.dictionary().product(), Clock.systemUTC());
    say(probe.finding() != Transport.Finding.NONE, "endpoint", probe.words());
    probe
        .ahead()
        .ifPresent(
            ahead ->
                say(
                    ahead.abs().compareTo(MOST_SKEW) <= 0,
                    "clock",
                    ahead.abs().compareTo(MOST_SKEW) <= 0
                        ? "agrees with the receiver's"
                        : "is "
                            + ahead.abs().toMinutes()
                            + " minutes "
                            + (ahead.isNegative() ? "behind" : "before")
                            + " the receiver's: let it be set by NTP"));
  }
}
