package dev.candor.cli;

import dev.candor.client.Message;
import dev.candor.client.Status;
import dev.candor.client.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what was sent. */
@Command(
    name = "sent",
    description =
        "Lists what was sent for a SonarQube in the last 90 days: when, where to, the answer. With "
            + "a day, prints the messages themselves, byte for byte.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  candor sent --home /opt/sonarqube",
      "  candor sent --home /opt/sonarqube 2026-11-24"
    })
final class Sent implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "DATE",
      description = "A day in UTC, such as 2026-11-24.")
  private @Nullable LocalDate day;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (Telemetry telemetry = home.view(home.agent())) {
      Status status = telemetry.status();
      List<Message> sent =
          Stream.concat(status.sent().stream(), tried(status))
              .filter(
                  message ->
                      day == null
                          || day.equals(message.created().atZone(ZoneOffset.UTC).toLocalDate()))
              .toList();
      for (Message message : sent) {
        if (day == null) {
          out.println(line(message));
        } else if (Files.exists(message.body())) {
          try (InputStream in = message.json()) {
            out.println(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
      if (sent.isEmpty()) {
        out.println(day == null ? "Nothing was sent yet." : "Nothing was sent on " + day + ".");
      }
      out.flush();
      return 0;
    }
  }

  /** Opt-outs on their way: they were sent and not taken. */
  private static Stream<Message> tried(Status status) {
    return status.owed().stream()
        .flatMap(owed -> owed.message().stream())
        .filter(message -> message.attempts() > 0);
  }

  /** One message on one line. */
  static String line(Message message) {
    return message.at().truncatedTo(ChronoUnit.SECONDS)
        + "  "
        + message.type()
        + "  "
        + message.outcome().name().toLowerCase(Locale.ROOT)
        + (message.to().isEmpty() ? "" : "  " + message.to())
        + (message.answer().isEmpty() ? "" : "  " + Printable.of(message.answer()))
        + (message.attempts() > 1 ? "  after " + message.attempts() + " attempts" : "");
  }
}
