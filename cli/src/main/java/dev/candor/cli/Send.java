package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.Switch;
import dev.candor.client.Telemetry;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends a ping before its time. */
@Command(
    name = "send",
    description =
        "Sends a SonarQube's ping now, due or not. Obeys the switch: where telemetry is off, sends "
            + "the opt-out that is owed, and nothing else.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the receiver has it, or the running agent will send it",
      "1:it was not sent"
    },
    footerHeading = "%nExample:%n",
    footer = "  candor send --now --home /opt/sonarqube")
final class Send implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Option(names = "--now", description = "Now, and not when it is due. This is all it can do.")
  private boolean now;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!now) {
      throw Failure.usage("a running agent sends when a ping is due; to send one now, add --now");
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    SonarQubeAgent agent = home.agent();
    try (Telemetry telemetry = home.telemetry(agent)) {
      Switch.Position position = telemetry.position();
      if (!position.on() && telemetry.status().owed().isEmpty()) {
        throw Failure.of("telemetry is off, and no opt-out is owed: " + position.because());
      }
      if (position.on()) {
        HomeOptions.onlySender(agent);
      }
      if (!telemetry.leads()) {
        telemetry.request();
        out.println(
            "The agent that runs for this server will send "
                + (position.on() ? "a ping" : "the opt-out")
                + " within half a minute.");
        out.flush();
        return 0;
      }
      if (!position.on()) {
        return optOut(telemetry, out);
      }
      Optional<Message> message = telemetry.sendNow();
      if (message.isEmpty()) {
        throw Failure.of("no ping could be made: " + whyNot(telemetry));
      }
      out.println(Sent.line(message.get()));
      out.flush();
      return message.get().outcome() == Message.Outcome.ACCEPTED ? 0 : 1;
    }
  }

  private static int optOut(Telemetry telemetry, PrintWriter out)
      throws IOException, InterruptedException {
    List<Message> sent = telemetry.optOutNow();
    sent.forEach(message -> out.println(Sent.line(message)));
    out.flush();
    return telemetry.status().owed().isEmpty() ? 0 : 1;
  }

  /** What the last collecting said. */
  static String whyNot(Telemetry telemetry) throws IOException {
    return telemetry.status().collecting().stream().skip(1).findFirst().orElse("it is off");
  }
}
