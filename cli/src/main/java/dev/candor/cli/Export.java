package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.Switch;
import dev.candor.client.Telemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a ping to a file. */
@Command(
    name = "export",
    description =
        "Writes a SonarQube's ping to a file, to be carried to the receiver by hand and taken in "
            + "there by \"candor import\". For servers that reach no network. Obeys the switch: where "
            + "telemetry is off, writes the opt-out that is owed, once, and nothing else.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  candor export --home /opt/sonarqube ping.json.gz",
      "  candor import ping.json.gz --data candor-data     at the receiver"
    })
final class Export implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Parameters(paramLabel = "FILE", description = "Where to; compressed if it ends in .gz.")
  private Path file = Path.of("ping.json.gz");

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Telemetry telemetry = home.telemetry(home.agent())) {
      Switch.Position position = telemetry.position();
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (!position.on()) {
        if (telemetry.exportOptOut(file).isEmpty()) {
          throw Failure.of("telemetry is off, and no opt-out is owed: " + position.because());
        }
        out.println("Wrote the opt-out to " + file + "; it counts as sent: carry it there.");
        int left = telemetry.status().owed().size();
        if (left > 0) {
          out.println(left + " more for former ids of this server: export to another file.");
        }
        out.flush();
        return 0;
      }
      Optional<Message> message = telemetry.export(file);
      if (message.isEmpty()) {
        throw Failure.of("no ping could be made: " + Send.whyNot(telemetry));
      }
      out.println("Wrote " + file + "; it counts as this day's ping.");
      out.flush();
      return 0;
    }
  }
}
