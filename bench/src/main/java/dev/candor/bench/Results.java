package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was found, in the order in which it was found; as Markdown and pictures. */
final class Results {
  /** One target and how near to it we are. */
  private record Ratio(String what, String against, String ratio, String target, boolean reached) {}

  private final Setting setting;
  private final Path folder;
  private final List<Ratio> ratios = new ArrayList<>();
  private final StringBuilder details = new StringBuilder();

  Results(Setting setting, Path folder) {
    this.setting = setting;
    this.folder = folder;
  }

  /** A ratio that should be at least so much. */
  void ratio(String what, String against, Spread ratio, double atLeast) {
    add(
        what,
        against,
        ratio + " times",
        "at least " + Spread.plain(atLeast),
        ratio.median() >= atLeast);
  }

  /** A ratio that should be at most so much. */
  void atMost(String what, String against, Spread ratio, double most) {
    add(what, against, ratio + " times", "at most " + Spread.plain(most), ratio.median() <= most);
  }

  /** A figure with a unit that should be at most so much. */
  void bound(String what, Spread figure, String unit, double most) {
    add(
        what,
        "",
        figure + " " + unit,
        "at most " + Spread.plain(most) + " " + unit,
        figure.median() <= most);
  }

  private void add(String what, String against, String ratio, String target, boolean reached) {
    ratios.add(new Ratio(what, against, ratio, target, reached));
    setting.say(
        "  "
            + what
            + (against.isEmpty() ? "" : " against " + against)
            + ": "
            + ratio
            + ", "
            + target
            + (reached ? "" : " (not reached)"));
  }

  /** Figures to look up. */
  void table(String title, List<String> columns, List<List<String>> rows) {
    StringBuilder table = new StringBuilder("### " + title + "\n\n");
    table.append(row(columns)).append(row(columns.stream().map(_ -> "---").toList()));
    rows.forEach(row -> table.append(row(row)));
    details.append(table).append('\n');
    setting.say(table.toString().strip().indent(2).stripTrailing());
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** A sentence about how something was measured. */
  void note(String text) {
    details.append(text).append("\n\n");
    setting.say("  " + text);
  }

  /** Draws a picture, if this Java can: it needs fonts. */
  void picture(Picture picture) throws IOException {
    Files.createDirectories(folder);
    try {
      Path file = picture.write(folder);
      details.append("![").append(picture.name()).append("](").append(file.getFileName());
      details.append(")\n\n");
    } catch (LinkageError | InternalError e) {
      setting.say("  no picture \"" + picture.name() + "\": this Java finds no fonts");
    }
  }

  /** Writes {@code results.md}. */
  void write(String machine) throws IOException {
    StringBuilder page = new StringBuilder("# Results of the benchmarks\n\n");
    if (setting.brief()) {
      page.append("A short run: it shows that everything works. Its times mean nothing.\n\n");
    }
    page.append(machine).append("\n\n## Targets\n\n");
    page.append("Median of ").append(setting.rounds()).append(" rounds (least–most).\n\n");
    page.append(row(List.of("what", "against", "measured", "target", "reached")));
    page.append(row(List.of("---", "---", "---", "---", "---")));
    for (Ratio ratio : ratios) {
      page.append(
          row(
              List.of(
                  ratio.what,
                  ratio.against,
                  ratio.ratio,
                  ratio.target,
                  setting.brief() ? "-" : ratio.reached ? "yes" : "**no**")));
    }
    page.append("\n## Measurements\n\n").append(details);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("results.md"), page.toString().stripTrailing() + "\n");
  }
}
