package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.OptOut;
import dev.candor.client.Switch;
import dev.candor.client.Telemetry;
import dev.candor.sonarqube.agent.Endpoint;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says how a server's telemetry stands. */
@Command(
    name = "status",
    description =
        "Says whether a SonarQube's telemetry is on and why, when the last ping was and the next "
            + "will be, what waits, and what collecting cost.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well, on or off",
      "1:something is to be mended, or an opt-out has not arrived yet"
    },
    footerHeading = "%nExample:%n",
    footer = "  candor status --home /opt/sonarqube")
final class Status implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Override
  public Integer call() throws IOException {
    SonarQubeAgent agent = home.agent();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (Telemetry telemetry = home.view(agent)) {
      dev.candor.client.Status status = telemetry.status();
      Switch.Position position = status.position();
      out.println("Telemetry is " + (position.on() ? "on" : "off") + ": " + position.because());
      position.problems().forEach(problem -> out.println("  to mend: " + problem));
      out.println(
          "Endpoint: " + agent.transport().address() + ", by " + agent.endpoint().because());
      agent.transport().proxy().ifPresent(proxy -> out.println("  through the proxy " + proxy));
      Optional<String> blocked = agent.transport().problem();
      blocked.ifPresent(problem -> out.println("  to mend, nothing is sent: " + problem));
      if (agent.endpoint().alsoServer()) {
        out.println("  to mend: " + Endpoint.twoSenders(agent.transport().address()));
      }
      pings(out, status);
      status.owed().forEach(owed -> owed(out, owed));
      boolean well =
          position.problems().isEmpty()
              && !agent.endpoint().alsoServer()
              && status.owed().isEmpty()
              && blocked.isEmpty();
      out.flush();
      return well ? 0 : 1;
    }
  }

  private static void owed(PrintWriter out, OptOut owed) {
    out.println(
        "  to mend: the opt-out has not arrived at "
            + owed.to()
            + owed.message()
                .filter(message -> !message.answer().isEmpty())
                .map(message -> ": " + Printable.of(message.answer()))
                .orElse("; it was not tried yet"));
    out.println(
        "           A running agent tries until it arrives; \"candor send --now\" tries once, and"
            + " \"candor export\" writes it to a file.");
  }

  private void pings(PrintWriter out, dev.candor.client.Status status) {
    Instant now = Clock.systemUTC().instant();
    out.println("Last ping: " + status.lastPing().map(at -> ago(at, now)).orElse("none yet"));
    out.println(
        "Next ping: "
            + status
                .nextPing()
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS) + (at.isBefore(now) ? ", due" : ""))
                .orElse(
                    status.position().on()
                        ? "once the agent has been up for a while"
                        : "none while it is off"));
    List<Message> waiting = status.waiting();
    out.println("Outbox: " + (waiting.isEmpty() ? "empty" : waiting.size() + " waiting"));
    for (Message message : waiting) {
      out.println(
          "  "
              + message.type()
              + " of "
              + ago(message.created(), now)
              + ", "
              + message.attempts()
              + " attempts"
              + (message.answer().isEmpty() ? "" : ", last: " + message.answer())
              + "; next try "
              + message.next().truncatedTo(ChronoUnit.SECONDS));
    }
    if (!status.sent().isEmpty()) {
      Message last = status.sent().getLast();
      out.println("Last settled: " + Sent.line(last));
    }
    if (!status.collecting().isEmpty()) {
      out.println("Last collecting:");
      status.collecting().forEach(line -> out.println("  " + Printable.of(line)));
    }
  }

  private static String ago(Instant at, Instant now) {
    Duration since = Duration.between(at, now);
    String words =
        since.isNegative()
            ? "in the future: the clock went back"
            : since.toHours() < 1
                ? since.toMinutes() + " minutes ago"
                : since.toHours() < 48
                    ? since.toHours() + " hours ago"
                    : since.toDays() + " days ago";
    return at.truncatedTo(ChronoUnit.SECONDS) + " (" + words + ")";
  }
}
