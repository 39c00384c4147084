package dev.candor.cli;

import dev.candor.cli.fleet.Fleet;
import dev.candor.cli.fleet.FleetSettings;
import dev.candor.cli.fleet.Message;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes up a fleet's messages. */
@Command(
    name = "simulate",
    description = {
      "Makes up the messages of a fleet of SonarQube servers: releases adopted sooner or later, "
          + "growth, silence, opt-outs. The same options give the same bytes.",
      "To a file it writes a line a message, in an envelope that says when it arrived: "
          + "{\"received\":…,\"message\":…,\"agent\":…,\"body\":{…}}. \"candor import\" reads them."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor simulate --instances 400 --days 120 --output fleet.ndjson.gz",
      "  candor simulate --instances 50 --url http://127.0.0.1:7700/sonarqube"
    })
final class Simulate implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--instances",
      paramLabel = "N",
      defaultValue = "100",
      description = "Servers in the fleet (default: ${DEFAULT-VALUE}).")
  private int instances;

  @Option(
      names = "--days",
      paramLabel = "M",
      defaultValue = "30",
      description = "Days to tell (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The fleet's luck (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--end",
      paramLabel = "DATE",
      description = "Last day, UTC, as 2026-01-31 (default: today, until now).")
  private @Nullable LocalDate end;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write there; compressed if it ends in .gz; - for stdout (default).")
  private String output = "-";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Send the messages of the last day to a receiver instead.")
  private @Nullable URI url;

  @Override
  public Integer call() throws IOException {
    LocalDate last = end != null ? end : LocalDate.now(Clock.systemUTC());
    Fleet fleet;
    try {
      fleet = new Fleet(new FleetSettings(instances, days, seed, last));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
    if (url != null) {
      if (url.getHost() == null) {
        throw Failure.usage(
            "--url: expected http://HOST:PORT/PRODUCT, without an underscore in HOST");
      }
      return send(fleet, url);
    }
    write(fleet, last);
    return 0;
  }

  private int send(Fleet fleet, URI receiver) {
    List<Message> messages = fleet.lastDay();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try (ProgressBar progress = Progress.bar("Sending", messages.size());
        Sender sender = new Sender(receiver)) {
      sender.send(messages, progress::step);
      err.println(sender.summary());
      return sender.failed() ? 1 : 0;
    }
  }

  private void write(Fleet fleet, LocalDate last) throws IOException {
    try (OutputStream out = new BufferedOutputStream(target(), 1 << 16)) {
      // What is yet to come today has not happened.
      Instant now = Clock.systemUTC().instant();
      boolean untilNow = last.equals(LocalDate.ofInstant(now, ZoneOffset.UTC));
      fleet.tell(
          message -> {
            if (untilNow && message.received().isAfter(now)) {
              return;
            }
            try {
              out.write(message.envelope().getBytes(StandardCharsets.UTF_8));
              out.write('\n');
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private OutputStream target() throws IOException {
    if (output.equals("-")) {
      return System.out;
    }
    OutputStream file = Output.to(Path.of(output));
    return output.endsWith(".gz") ? new GZIPOutputStream(file, 1 << 16) : file;
  }
}
