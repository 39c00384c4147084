package dev.candor.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Reports that are looked at together.
 *
 * @param name in addresses: lower-case letters and hyphens
 * @param title heading
 * @param intro what the page is for, in a sentence
 * @param reports names of its reports in order
 */
public record Page(String name, String title, String intro, List<String> reports) {
  public Page {
    reports = List.copyOf(reports);
  }

  /** The name of the page that shows its reports for a single instance. */
  public static final String ONE_INSTANCE = "instance";

  /** Whether its reports are shown for a single instance only. */
  public boolean isForOneInstance() {
    return name.equals(ONE_INSTANCE);
  }

  /**
   * Reads a product's pages. Each begins with {@code # name: title}, then one line that introduces
   * it, then the names of its reports, one on a line.
   *
   * @throws IllegalArgumentException if a line is not of that form
   */
  public static List<Page> parse(String text) {
    List<Page> pages = new ArrayList<>();
    String[] head = {};
    String intro = "";
    List<String> reports = new ArrayList<>();
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      if (line.startsWith("# ")) {
        add(pages, head, intro, reports);
        head = line.substring(2).split(": ", 2);
        if (head.length < 2) {
          throw new IllegalArgumentException("pages: \"" + line + "\": expected \"# name: title\"");
        }
        intro = "";
        reports = new ArrayList<>();
      } else if (intro.isEmpty()) {
        intro = line.strip();
      } else {
        reports.add(line.strip());
      }
    }
    add(pages, head, intro, reports);
    return List.copyOf(pages);
  }

  private static void add(List<Page> pages, String[] head, String intro, List<String> reports) {
    if (head.length == 2) {
      pages.add(new Page(head[0], head[1], intro, reports));
    }
  }
}
