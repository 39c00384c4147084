package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page "What information is sent?", written from the dictionary alone. */
public final class DictionaryPage {
  private static final List<String> HEADINGS =
      List.of("Field", "Kind", "What it is", "Why", "Since", "Example");

  private record Row(String path, Node.Leaf leaf) {}

  /**
   * A part of the page: a table.
   *
   * @param message kind of message that it is about
   * @param title heading; empty if it has none
   * @param rows for each field what {@link #headings} say
   */
  public record Section(MessageType message, String title, List<List<String>> rows) {}

  private DictionaryPage() {}

  /** What the columns of each table are. */
  public static List<String> headings() {
    return HEADINGS;
  }

  /**
   * What the page calls the value that follows from a word.
   *
   * @param object the place of both
   * @param word one of the choice's cases
   */
  public static String path(String object, Node.Choice choice, String word) {
    return object + "." + choice.value() + " (where " + choice.key() + " is " + word + ")";
  }

  /** The page's tables. */
  public static List<Section> sections(Dictionary dictionary) {
    List<Section> sections = new ArrayList<>();
    for (MessageType type : dictionary.messages()) {
      groups(type)
          .forEach(
              (group, rows) ->
                  sections.add(
                      new Section(type, group, rows.stream().map(DictionaryPage::cells).toList())));
    }
    return List.copyOf(sections);
  }

  /** The page as GitHub-flavoured Markdown. */
  public static String markdown(Dictionary dictionary) {
    StringBuilder page = new StringBuilder();
    page.append("# What information does ").append(dictionary.title()).append(" send?\n\n");
    page.append(dictionary.description()).append("\n");
    for (MessageType type : dictionary.messages()) {
      page.append("\n## ")
          .append(type.title())
          .append("\n\n")
          .append(type.description())
          .append('\n');
      groups(type)
          .forEach(
              (group, rows) -> {
                page.append(group.isEmpty() ? "" : "\n### " + group + "\n").append('\n');
                page.append(line(HEADINGS)).append("|---".repeat(HEADINGS.size())).append("|\n");
                rows.forEach(row -> page.append(line(cells(row))));
              });
    }
    return page.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("<", "&lt;"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** The page as one HTML file that asks for nothing else. */
  public static String html(Dictionary dictionary) {
    StringBuilder page = new StringBuilder();
    String title = "What information does " + dictionary.title() + " send?";
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
        .append(escape(title))
        .append("</title>\n<style>\n")
        .append(
            "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}\n")
        .append("div{overflow-x:auto}table{border-collapse:collapse;width:100%}\n")
        .append(
            "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8886}\n")
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(escape(title))
        .append("</h1>\n<p>")
        .append(escape(dictionary.description()))
        .append("</p>\n");
    for (MessageType type : dictionary.messages()) {
      page.append("<h2>")
          .append(escape(type.title()))
          .append("</h2>\n<p>")
          .append(escape(type.description()))
          .append("</p>\n");
      groups(type)
          .forEach(
              (group, rows) -> {
                page.append(group.isEmpty() ? "" : "<h3>" + escape(group) + "</h3>\n");
                page.append("<div><table>\n<thead>").append(tableRow("th", HEADINGS));
                page.append("</thead>\n<tbody>\n");
                rows.forEach(row -> page.append(tableRow("td", cells(row))));
                page.append("</tbody>\n</table></div>\n");
              });
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static String tableRow(String tag, List<String> cells) {
    return cells.stream()
        .map(cell -> "<" + tag + ">" + escape(cell) + "</" + tag + ">")
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }

  private static List<String> cells(Row row) {
    Node.Leaf leaf = row.leaf();
    return List.of(
        row.path(),
        leaf.kinds().stream().map(Kind::word).collect(Collectors.joining(", ")),
        leaf.description(),
        leaf.why(),
        leaf.since(),
        leaf.examples().get(0));
  }

  private static Map<String, List<Row>> groups(MessageType type) {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    type.root()
        .members()
        .forEach(
            (name, node) -> {
              List<Row> rows = groups.computeIfAbsent(group(node), g -> new ArrayList<>());
              collect(name, node, rows);
            });
    return groups;
  }

  private static String group(Node node) {
    if (node instanceof Node.Leaf leaf) {
      return leaf.group();
    }
    return node instanceof Node.Arr list ? list.group() : ((Node.Obj) node).group();
  }

  private static void collect(String path, Node node, List<Row> rows) {
    if (node instanceof Node.Leaf leaf) {
      rows.add(new Row(path, leaf));
    } else if (node instanceof Node.Arr list) {
      collect(path + "[]", list.items(), rows);
    } else if (node instanceof Node.Obj object) {
      object.members().forEach((name, child) -> collect(path + "." + name, child, rows));
      object
          .choice()
          .ifPresent(
              choice ->
                  choice
                      .cases()
                      .forEach((word, leaf) -> rows.add(new Row(path(path, choice, word), leaf))));
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
