package dev.candor.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Rows as text that fits a terminal: numbers to the right, words to the left and shortened where
 * they must be, and a bar beside one column of numbers.
 */
final class Table {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
  private static final int GAP = 2;
  private static final int MOST_BAR = 40;
  private static final int LEAST_BAR = 8;
  private static final int LEAST_WORD = 6;

  private final List<String> columns;
  private final List<List<@Nullable Object>> rows;
  private final OptionalInt bar;
  private final int[] decimals;

  /**
   * A table.
   *
   * @param bar index of the column that gets a bar
   */
  Table(List<String> columns, List<List<@Nullable Object>> rows, OptionalInt bar) {
    this.columns = columns;
    this.rows = rows;
    this.bar = bar;
    this.decimals = new int[columns.size()];
    for (List<@Nullable Object> row : rows) {
      for (int i = 0; i < decimals.length; i++) {
        decimals[i] = Math.max(decimals[i], decimals(row.get(i)));
      }
    }
  }

  /** How many decimals a number needs, two at most; a column shows all its numbers alike. */
  private static int decimals(@Nullable Object value) {
    if (!(value instanceof Double || value instanceof Float || value instanceof BigDecimal)) {
      return 0;
    }
    long hundredths = Math.round(((Number) value).doubleValue() * 100);
    return hundredths % 100 == 0 ? 0 : hundredths % 10 == 0 ? 1 : 2;
  }

  /** Its lines, none wider than that many characters while there is any room for its columns. */
  List<String> lines(int width) {
    int[] widths = widths();
    int free = width - total(widths);
    if (free < 0) {
      shrink(widths, -free);
      free = width - total(widths);
    }
    int room = Math.min(MOST_BAR, free - GAP);
    boolean bars = bar.isPresent() && room >= LEAST_BAR && greatest() > 0;
    List<String> lines = new ArrayList<>(rows.size() + 2);
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      rule.append(i == 0 ? "" : " ".repeat(GAP)).append("─".repeat(widths[i]));
    }
    lines.add(line(columns, widths, ""));
    lines.add(rule.toString());
    for (List<@Nullable Object> row : rows) {
      List<String> cells = new ArrayList<>(row.size());
      for (int i = 0; i < row.size(); i++) {
        cells.add(text(row.get(i), decimals[i]));
      }
      String drawn = bars ? bar(number(row.get(bar.getAsInt())) / greatest(), room) : "";
      lines.add(line(cells, widths, drawn));
    }
    return lines;
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = length(columns.get(i));
      for (List<@Nullable Object> row : rows) {
        widths[i] = Math.max(widths[i], length(text(row.get(i), decimals[i])));
      }
    }
    return widths;
  }

  private static int total(int[] widths) {
    int total = GAP * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  /** Takes from the widest column of words, one character at a time. */
  private void shrink(int[] widths, int excess) {
    for (int left = excess; left > 0; left--) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (!numeric(i) && widths[i] > LEAST_WORD && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        return;
      }
      widths[widest]--;
    }
  }

  private String line(List<String> cells, int[] widths, String tail) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cut(cells.get(i), widths[i]);
      String pad = " ".repeat(widths[i] - length(cell));
      line.append(i == 0 ? "" : " ".repeat(GAP));
      line.append(numeric(i) ? pad + cell : cell + pad);
    }
    return (tail.isEmpty() ? line : line.append(" ".repeat(GAP)).append(tail))
        .toString()
        .stripTrailing();
  }

  private boolean numeric(int column) {
    boolean any = false;
    for (List<@Nullable Object> row : rows) {
      Object value = row.get(column);
      if (value != null && !(value instanceof Number)) {
        return false;
      }
      any |= value != null;
    }
    return any;
  }

  private double greatest() {
    double greatest = 0;
    for (List<@Nullable Object> row : rows) {
      greatest = Math.max(greatest, number(row.get(bar.orElseThrow())));
    }
    return greatest;
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? Math.max(0, number.doubleValue()) : 0;
  }

  /** A bar of eighths of a character; what is there at all shows at least one eighth. */
  static String bar(double share, int room) {
    if (share <= 0) {
      return "";
    }
    int eighths = Math.max(1, (int) Math.round(Math.min(1, share) * room * 8));
    String full = "█".repeat(eighths / 8);
    return eighths % 8 == 0 ? full : full + EIGHTHS.charAt(eighths % 8);
  }

  private static String text(@Nullable Object value, int decimals) {
    return switch (value) {
      case null -> "";
      case Number number when decimals > 0 || fractional(number) ->
          grouped("%,." + decimals + "f", number.doubleValue());
      case Number number -> grouped("%,d", number.longValue());
      case List<?> list ->
          String.join(", ", list.stream().map(item -> text((@Nullable Object) item, 0)).toList());
      default -> value.toString().replaceAll("\\p{Cntrl}", " ");
    };
  }

  private static boolean fractional(Number number) {
    return number instanceof Double || number instanceof Float || number instanceof BigDecimal;
  }

  private static String grouped(String format, Object number) {
    return String.format(Locale.ROOT, format, number).replace(',', ' ');
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String cut(String text, int width) {
    return length(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }
}
