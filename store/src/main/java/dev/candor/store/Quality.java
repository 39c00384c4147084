package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  static final String NAME = "quality";

  private static final List<String> OF_HEARTBEATS = List.of("completeness", "lateness", "repeats");

  private static final List<String> ON_PAGE =
      List.of(
          "requests",
          "refusals",
          "findings",
          "set-aside",
          "clients",
          "lateness",
          "repeats",
          "lag",
          "uptime");

  private Quality() {}

  /** The reports, for a product of that dictionary. */
  static List<Report> reports(Dictionary dictionary, Optional<Timeline> timeline) {
    Template template =
        new Template(
            Map.of("heartbeat", Columns.text(timeline.map(of -> of.heartbeat().name()).orElse(""))),
            Map.of());
    List<Report> reports = new ArrayList<>();
    for (String name : NAMES) {
      if (timeline.isPresent() || !OF_HEARTBEATS.contains(name)) {
        reports.add(Report.parse(name, template.fill("quality/" + name + ".sql")));
      }
    }
    reports.add(Filled.report(dictionary));
    return reports;
  }

  /** The page that shows those of them that there are. */
  static Page page(List<Report> reports) {
    return new Page(
        NAME,
        "Data quality",
        "What was refused, left out, late or repeated, and how far the figures can be trusted.",
        ON_PAGE.stream()
            .filter(name -> reports.stream().anyMatch(report -> report.name().equals(name)))
            .toList());
  }
}
