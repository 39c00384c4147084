package dev.candor.cli;

import dev.candor.collector.ControlSocket;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Runs reports and writes their rows. */
final class Reports {
  private Reports() {}

  /** The report of that name. */
  static Report named(Product product, String name) {
    return product
        .report(name)
        .orElseThrow(
            () ->
                Failure.usage(
                    "no report \""
                        + Printable.of(name)
                        + "\": expected one of "
                        + String.join(
                            ", ", product.reports().stream().map(Report::name).toList())));
  }

  /** Answers {@code report PRODUCT NAME FORMAT WIDTH} for other processes. */
  static ControlSocket.Command command(Store store, Products products) {
    return (words, out) -> {
      if (words.size() != 4 || !words.get(3).matches("[0-9]{1,4}")) {
        throw new IllegalArgumentException("expected: report PRODUCT NAME FORMAT WIDTH");
      }
      Product product = products.named(words.get(0));
      ReportFormat format = ReportFormat.valueOf(words.get(2).toUpperCase(Locale.ROOT));
      try {
        store.load();
      } catch (IOException e) {
        // The loader's thread logs it; what is loaded can be asked all the same.
      }
      write(
          store,
          product,
          named(product, words.get(1)),
          format,
          Integer.parseInt(words.get(3)),
          out);
    };
  }

  /** Writes a report's rows. */
  static void write(
      Store store, Product product, Report report, ReportFormat format, int width, OutputStream out)
      throws IOException {
    if (format == ReportFormat.TABLE) {
      PrintWriter text = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      print(store, product, report, width, Integer.MAX_VALUE, text);
      return;
    }
    Path folder = Files.createTempDirectory("candor-report-");
    Path file = folder.resolve("report");
    try {
      export(store, product, report, format, file);
      Files.copy(file, out);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void export(
      Store store, Product product, Report report, ReportFormat format, Path file)
      throws IOException {
    store.export(product.name(), report, format.word(), file);
  }

  /** Prints a report as a table below its title and question. */
  static void print(
      Store store, Product product, Report report, int width, int mostRows, PrintWriter out)
      throws IOException {
    ReportResult result = store.run(product.name(), report);
    out.println(report.title() + " (" + report.name() + ")");
    out.println(report.question());
    List<List<@Nullable Object>> rows = result.rows();
    if (rows.isEmpty()) {
      out.println("  no rows");
    } else {
      List<List<@Nullable Object>> shown = rows.subList(0, Math.min(rows.size(), mostRows));
      new Table(result.columns(), shown, bar(report, result.columns()))
          .lines(width)
          .forEach(out::println);
      if (shown.size() < rows.size()) {
        out.println("… and " + (rows.size() - shown.size()) + " more rows");
      }
    }
    out.flush();
  }

  /** The column of numbers that the report's header draws. */
  private static OptionalInt bar(Report report, List<String> columns) {
    int index = report.chart().y().isEmpty() ? -1 : columns.indexOf(report.chart().y().getFirst());
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }
}
