package dev.candor.store;

import java.io.IOException;
import java.sql.Timestamp;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as CSV (RFC 4180). Texts come from senders: one that a spreadsheet would run as a
 * formula begins with an apostrophe here, which spreadsheets do not show.
 */
public final class Csv {
  private static final Pattern FORMULA =
      Pattern.compile("(?s)\\s*[=+\\-@＝＋－＠].*|(?s)[\\t\\r\\n].*");

  private final Appendable out;
  private final String lineEnd;

  /**
   * Writes there.
   *
   * @param lineEnd {@code "\r\n"} for files of the network, as RFC 4180 has it, {@code "\n"} for
   *     programs that are fed by a pipe
   */
  public Csv(Appendable out, String lineEnd) {
    this.out = out;
    this.lineEnd = lineEnd;
  }

  /** Writes columns and rows. */
  public void all(ReportResult result) throws IOException {
    line(result.columns());
    for (List<@Nullable Object> row : result.rows()) {
      line(row);
    }
  }

  /** Writes a row; what is null is an empty cell. */
  public void line(List<? extends @Nullable Object> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      out.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
    }
    // A row of one empty cell would be a blank line, which readers skip.
    out.append(cells.size() == 1 && cells.getFirst() == null ? "\"\"" : "").append(lineEnd);
  }

  private static String cell(@Nullable Object value) {
    String text =
        switch (value) {
          case null -> "";
          case Timestamp time -> time.toString().replaceFirst("\\.0$", "");
          default -> value.toString();
        };
    if (!(value instanceof Number) && FORMULA.matcher(text).matches()) {
      text = "'" + text;
    }
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
