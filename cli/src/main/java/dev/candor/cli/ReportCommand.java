package dev.candor.cli;

import dev.candor.collector.ControlClient;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers questions about the data. */
@Command(
    name = "report",
    description = {
      "Runs a report on a data directory; without a name, lists the reports.",
      "Works beside a running receiver too: that one then answers."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor report",
      "  candor report versions",
      "  candor report languages --format csv --output languages.csv"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private Products products = new Products();
  @Mixin private ProductOption product = new ProductOption();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which report.")
  private @Nullable String name;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default), csv, json or parquet.")
  private ReportFormat format = ReportFormat.TABLE;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write there instead of to stdout.")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    products.in(data.path());
    Product of = products.named(product.name());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (name == null) {
      list(of.reports(), out);
      return 0;
    }
    Report report = Reports.named(of, name);
    DataDirectories.mustExist(data.path());
    if (format == ReportFormat.PARQUET && output == null) {
      throw Failure.usage("parquet is not for the terminal: add --output FILE");
    }
    byte[] answer = answer(of, report);
    if (output == null) {
      out.print(new String(answer, StandardCharsets.UTF_8));
      out.flush();
    } else {
      try (OutputStream file = Output.to(output)) {
        file.write(answer);
      }
    }
    return 0;
  }

  private byte[] answer(Product of, Report report) throws IOException {
    int width = output == null ? Terminal.width() : 160;
    String question =
        "report " + product.name() + " " + report.name() + " " + format.word() + " " + width;
    try {
      Optional<byte[]> running = ControlClient.ask(data.path(), question);
      if (running.isPresent()) {
        return running.get();
      }
    } catch (ControlClient.Refused e) {
      throw Failure.of("the running receiver says: " + e.getMessage());
    }
    try (Store store = Store.open(data.path(), products.all(), Clock.systemUTC())) {
      store.trouble().ifPresent(this::warn);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Reports.write(store, of, report, format, width, bytes);
      return bytes.toByteArray();
    }
  }

  private void warn(String trouble) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("candor: this is what is loaded: " + trouble);
    err.flush();
  }

  private static void list(List<Report> reports, PrintWriter out) {
    int widest = reports.stream().mapToInt(report -> report.name().length()).max().orElse(0);
    for (Report report : reports) {
      String gap = " ".repeat(widest - report.name().length() + 2);
      out.println(report.name() + gap + report.title());
      out.println(" ".repeat(widest + 2) + report.question());
    }
    out.flush();
  }
}
