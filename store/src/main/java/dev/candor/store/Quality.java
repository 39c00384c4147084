package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reports on the data itself, which every product has unless it brings its own of that name. */
final class Quality {
  private static final List<String> NAMES =
      List.of(
          "completeness",
          "requests",
          "refusals",
          "findings",
          "set-aside",
          "clients",
          "repeats",
          "lateness",
          "lag",
          "uptime");

  static final Page PAGE =
      new Page(
          "quality",
          "Data quality",
          "What was refused, left out, late or repeated, and how far the figures can be trusted.",
          List.of(
              "requests",
              "refusals",
              "findings",
              "set-aside",
              "clients",
              "lateness",
              "repeats",
              "lag",
              "uptime"));

  private Quality() {}

  /** The reports, for a product of that dictionary. */
  static List<Report> reports(Dictionary dictionary) {
    List<Report> reports = new ArrayList<>();
    NAMES.forEach(name -> reports.add(Report.parse(name, text(name))));
    reports.add(Filled.report(dictionary));
    return reports;
  }

  private static String text(String name) {
    try (InputStream in = Quality.class.getResourceAsStream("quality/" + name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("the build left out quality/" + name + ".sql");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
