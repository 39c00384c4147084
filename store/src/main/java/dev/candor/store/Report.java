package dev.candor.store;

import java.util.List;
import java.util.Optional;

/**
 * A question in SQL over a product's views. Its file begins with header lines: {@code -- title:},
 * {@code -- question:} and {@code -- chart:}, and as needed {@code -- counts:}, {@code -- sums:},
 * {@code -- within:}, {@code -- parts:}, {@code -- single:}, {@code -- parameter:}, {@code --
 * filters:} and {@code -- note:}.
 *
 * @param name the file's name without {@code .sql}
 * @param title heading
 * @param question what it answers, as a question
 * @param chart how to draw it
 * @param counts columns with numbers of instances, the first with how many stand behind the whole
 *     row; empty for a report about single instances
 * @param sums columns that may be added up where rows of few instances fold into one; empty if rows
 *     cannot be added up
 * @param within columns within whose values rows fold, such as each day by itself; empty if all
 *     fold together
 * @param parts those of {@code counts} that together make the first, so that one alone could be
 *     reckoned from the others; all of them unless the header says which or {@code none}
 * @param single columns with a value of a single instance, such as a maximum
 * @param parameters numbers that whoever asks may give; the SQL has them by {@code getvariable}
 * @param filters by what it can be narrowed, if its file says so: {@code days}, {@code facts} of
 *     instances, both or {@code none}; empty to go by the tables that it reads
 * @param note what it covers and what it cannot know; empty for none
 * @param sql the whole file
 */
public record Report(
    String name,
    String title,
    String question,
    Chart chart,
    List<String> counts,
    List<String> sums,
    List<String> within,
    List<String> parts,
    List<String> single,
    List<Parameter> parameters,
    Optional<List<String>> filters,
    String note,
    String sql) {

  public Report {
    counts = List.copyOf(counts);
    sums = List.copyOf(sums);
    within = List.copyOf(within);
    parts = List.copyOf(parts);
    single = List.copyOf(single);
    parameters = List.copyOf(parameters);
  }

  /**
   * A number that whoever asks may give: {@code -- parameter: name 1000 What it means}.
   *
   * @param name lower-case letters and underscores
   * @param otherwise what it is if nobody says
   * @param label what it means
   */
  public record Parameter(String name, long otherwise, String label) {}

  /**
   * Reads a report.
   *
   * @throws IllegalArgumentException if a header line is missing or makes no sense
   */
  public static Report parse(String name, String sql) {
    String title = required(name, sql, "title");
    String question = required(name, sql, "question");
    String drawn = required(name, sql, "chart");
    Chart chart;
    try {
      chart = Chart.parse(drawn);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("report " + name + ".sql: chart: " + e.getMessage(), e);
    }
    return new Report(
        name,
        title,
        question,
        chart,
        words(sql, "counts"),
        words(sql, "sums"),
        words(sql, "within"),
        parts(sql),
        words(sql, "single"),
        header(sql, "parameter").map(line -> parameter(name, line)).stream().toList(),
        header(sql, "filters").map(_ -> words(sql, "filters")),
        header(sql, "note").orElse(""),
        sql);
  }

  private static Parameter parameter(String report, String line) {
    String[] words = line.split(" +", 3);
    if (words.length < 3 || !words[0].matches("[a-z_]+") || !words[1].matches("[0-9]{1,15}")) {
      throw new IllegalArgumentException(
          "report " + report + ".sql: parameter: expected a name, a number and what it means");
    }
    return new Parameter(words[0], Long.parseLong(words[1]), words[2]);
  }

  /** Whether it tells of single instances, so that only analysts may see it. */
  public boolean isAboutSingleInstances() {
    return counts.isEmpty();
  }

  private static String required(String name, String sql, String key) {
    return header(sql, key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "report " + name + ".sql: lacks the header line \"-- " + key + ": …\""));
  }

  private static List<String> words(String sql, String key) {
    return header(sql, key).map(text -> List.of(text.split("[ ,]+"))).orElse(List.of());
  }

  private static List<String> parts(String sql) {
    if (header(sql, "parts").isPresent()) {
      return words(sql, "parts").stream().filter(word -> !word.equals("none")).toList();
    }
    return words(sql, "counts").stream().skip(1).toList();
  }

  private static Optional<String> header(String sql, String key) {
    return sql.lines()
        .takeWhile(line -> line.startsWith("--"))
        .filter(line -> line.startsWith("-- " + key + ": "))
        .map(line -> line.substring(key.length() + 5).strip())
        .findFirst();
  }
}
