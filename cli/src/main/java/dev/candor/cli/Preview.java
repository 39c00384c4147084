package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.Omission;
import dev.candor.client.SourceOutcome;
import dev.candor.client.Telemetry;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.JsonTree;
import dev.candor.sonarqube.SonarQube;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a ping would be now. */
@Command(
    name = "preview",
    description =
        "Shows what would be sent now, as JSON, whatever the switch says. Sends and keeps nothing.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:complete", "1:a part is missing; why is said on standard error"},
    footerHeading = "%nExample:%n",
    footer = {
      "  candor preview --home /opt/sonarqube",
      "  candor preview --home /opt/sonarqube --annotated | less",
      "  candor preview --home /opt/sonarqube --diff"
    })
final class Preview implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Option(
      names = "--annotated",
      description = "Beside each field what it is and why it is collected; lists are shortened.")
  private boolean annotated;

  @Option(names = "--diff", description = "Only what differs from the last ping that was sent.")
  private boolean diff;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (Telemetry telemetry = home.view(home.agent())) {
      dev.candor.client.Preview preview = telemetry.preview(body);
      Object now = Objects.requireNonNull(JsonTree.read(body.toByteArray()));
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (diff) {
        PingText.diff(last(telemetry), now).forEach(out::println);
      } else if (annotated) {
        PingText.annotated(SonarQube.dictionary().message("ping"), now).forEach(out::println);
      } else {
        out.println(PingText.pretty(now));
      }
      out.flush();
      return complaints(preview);
    }
  }

  private static Object last(Telemetry telemetry) throws IOException {
    Optional<Message> last =
        telemetry.status().sent().stream()
            .filter(message -> message.type().equals("ping"))
            .filter(message -> message.outcome() == Message.Outcome.ACCEPTED)
            .reduce((older, newer) -> newer);
    if (last.isEmpty()) {
      return Map.of();
    }
    try (InputStream in = last.get().json()) {
      return Objects.requireNonNull(JsonTree.read(in.readAllBytes()));
    }
  }

  private int complaints(dev.candor.client.Preview preview) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    List<SourceOutcome> missing =
        preview.sources().stream()
            .filter(s -> s.omitted().filter(why -> why != Omission.NOT_APPLICABLE).isPresent())
            .toList();
    for (SourceOutcome outcome : missing) {
      err.println(
          "candor: "
              + outcome.name()
              + " is left out, "
              + outcome.omitted().orElseThrow().word()
              + ": "
              + outcome.detail());
    }
    for (Finding finding : preview.findings()) {
      err.println("candor: " + finding.pointer() + ": " + finding.expected());
    }
    if (!preview.complete()) {
      err.println("candor: without the server's id nothing would be sent");
    }
    err.flush();
    return missing.isEmpty() && preview.complete() ? 0 : 1;
  }
}
