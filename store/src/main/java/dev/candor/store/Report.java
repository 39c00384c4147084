package dev.candor.store;

/**
 * A question in SQL over a product's views. Its file begins with the header lines {@code --
 * title:}, {@code -- question:} and {@code -- chart:}.
 *
 * @param name the file's name without {@code .sql}
 * @param title heading
 * @param question what it answers, as a question
 * @param chart how to draw it: {@code bars|lines|table|heat x=COLUMN y=COLUMN [series=COLUMN]}
 * @param sql the whole file
 */
public record Report(String name, String title, String question, String chart, String sql) {

  /**
   * Reads a report.
   *
   * @throws IllegalArgumentException if a header line is missing
   */
  public static Report parse(String name, String sql) {
    return new Report(
        name,
        header(name, sql, "title"),
        header(name, sql, "question"),
        header(name, sql, "chart"),
        sql);
  }

  private static String header(String name, String sql, String key) {
    return sql.lines()
        .takeWhile(line -> line.startsWith("--"))
        .filter(line -> line.startsWith("-- " + key + ": "))
        .map(line -> line.substring(key.length() + 5).strip())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "report " + name + ".sql: lacks the header line \"-- " + key + ": …\""));
  }
}
