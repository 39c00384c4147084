package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.Switch;
import dev.candor.client.Telemetry;
import java.io.IOException;
import java.io.PrintWriter;
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
    description = "Sends a SonarQube's ping now, due or not. Obeys the switch.",
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
    try (Telemetry telemetry = home.telemetry(home.onlySender())) {
      Switch.Position position = telemetry.position();
      if (!position.on()) {
        throw Failure.of("telemetry is off: " + position.because());
      }
      if (!telemetry.leads()) {
        telemetry.request();
        out.println("The agent that runs for this server will send a ping within half a minute.");
        out.flush();
        return 0;
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

  /** What the last collecting said. */
  static String whyNot(Telemetry telemetry) throws IOException {
    return telemetry.status().collecting().stream().skip(1).findFirst().orElse("it is off");
  }
}
