package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found, in the order in which it was found; as Markdown and pictures. */
final class Results {
  private static final String BEGIN = "<!-- results -->";
  private static final String END = "<!-- end of results -->";

  /** One target and how near to it we are. */
  private record Ratio(String what, String against, String ratio, String target, boolean reached) {}

  private final Setting setting;
  private final Path folder;
  private final List<Ratio> ratios = new ArrayList<>();
  private final StringBuilder details = new StringBuilder();
  private final List<Path> pictures = new ArrayList<>();

  /** Pings of 8 KB that are taken and loaded in a second; 0 if that was not measured. */
  private double rate;

  /** Bytes of the store for an instance and day; 0 if that was not measured. */
  private double bytes;

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
      pictures.add(file);
      details.append("![").append(picture.name()).append("](").append(file.getFileName());
      details.append(")\n\n");
    } catch (LinkageError | InternalError e) {
      setting.say("  no picture \"" + picture.name() + "\": this Java finds no fonts");
    }
  }

  /** How many pings of 8 KB are taken and loaded in a second. */
  void rate(double pings) {
    rate = pings;
  }

  /** How many bytes of the disk an instance takes a day. */
  void disk(double bytesOfDay) {
    bytes = bytesOfDay;
  }

  /** Writes {@code results.md}. */
  void write(String machine) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("results.md"), "# Results of the benchmarks\n\n" + text(machine));
  }

  /** Puts the results between the marks of a page, and the pictures into a folder beside it. */
  void publish(String machine, Path page, String images) throws IOException {
    String old = Files.readString(page);
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(page + " lacks the lines " + BEGIN + " and " + END);
    }
    String text = text(machine).replace("](perf-", "](" + images + "/perf-");
    Files.writeString(
        page, old.substring(0, begin + BEGIN.length()) + "\n\n" + text + "\n" + old.substring(end));
    Path folderOfImages = Files.createDirectories(page.resolveSibling(images));
    for (Path picture : pictures) {
      Files.copy(
          picture,
          folderOfImages.resolve(picture.getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String text(String machine) {
    StringBuilder page = new StringBuilder();
    if (setting.brief()) {
      page.append("A short run: it shows that everything works. Its times mean nothing.\n\n");
    }
    page.append(machine).append("\n\n## Targets\n\n");
    page.append("Medians of ").append(setting.rounds()).append(" rounds (least–most).\n\n");
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
    if (rate > 0 && bytes > 0 && !setting.brief()) {
      page.append("\n## What this machine holds\n\n").append(capacity());
    }
    return page.append("\n## Measurements\n\n").append(details).toString().stripTrailing() + "\n";
  }

  /** By the rate of 8 KB pings and the disk that the simulated fleet took. */
  private String capacity() {
    StringBuilder table = new StringBuilder();
    table.append(
        row(
            List.of(
                "instances, a ping a day each",
                "of what it takes",
                "all of them at once: taken after",
                "disk, a year of everything")));
    table.append(row(List.of("---", "---", "---", "---")));
    for (int instances : new int[] {1000, 10_000, 100_000, 1_000_000, 10_000_000}) {
      double seconds = instances / rate;
      table.append(
          row(
              List.of(
                  String.format(Locale.ROOT, "%,d", instances),
                  Spread.plain(100 * seconds / 86_400) + " %",
                  seconds < 120
                      ? Spread.plain(seconds) + " s"
                      : Spread.plain(seconds / 60) + " min",
                  Spread.plain(instances * bytes * 365 / 1e9) + " GB")));
    }
    return table.toString();
  }
}
