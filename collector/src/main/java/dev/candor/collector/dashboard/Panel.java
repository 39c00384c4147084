package dev.candor.collector.dashboard;

import dev.candor.store.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page shows it.
 *
 * @param report which
 * @param heads headings of the table's columns
 * @param rows the table, shortened if it is long
 * @param more rows that were left out of the table
 * @param data what is drawn, as JSON; null if it is a table or figures alone
 * @param figures the rows as figures; empty if it is no report of figures
 * @param href the report's own page, with the same filters
 * @param asOf when it was reckoned, such as {@code 14:03:20 UTC}
 * @param withheld whether small groups were folded or withheld
 * @param failure why there is no answer; empty where there is only to be said that, null where
 *     there is an answer
 * @param ignored what is to be said of filters that do not narrow it; empty for nothing
 */
public record Panel(
    Report report,
    List<String> heads,
    List<List<Cell>> rows,
    int more,
    @Nullable String data,
    List<Figure> figures,
    String href,
    String asOf,
    boolean withheld,
    @Nullable String failure,
    String ignored) {

  /** A report that cannot be answered. */
  static Panel failed(Report report, String href, String why) {
    return new Panel(report, List.of(), List.of(), 0, null, List.of(), href, "", false, why, "");
  }

  /**
   * A cell.
   *
   * @param text as people read it
   * @param number whether it is a number
   * @param href where it leads; null for nowhere
   * @param note what is to be said of it, such as that its day is not over; empty for nothing
   */
  public record Cell(String text, boolean number, @Nullable String href, String note) {
    private static final int SHORT = 12;

    /** Whether it stays in one line however narrow the table gets, as days do. */
    public boolean isShort() {
      return text.length() <= SHORT && note.isEmpty();
    }
  }

  /**
   * A number that stands by itself.
   *
   * @param name what it is
   * @param value the number as people read it
   * @param beside what to hold it against; empty for nothing
   * @param meaning what it counts; empty if that is not told
   * @param href the report that has more of it; null for none
   */
  public record Figure(
      String name, String value, String beside, String meaning, @Nullable String href) {
    private static final int FITS = 13;

    /** Whether its number needs more room than figures have beside each other. */
    public boolean isLong() {
      return value.length() > FITS;
    }
  }

  /**
   * The same, saying that it is not narrowed by these.
   *
   * @param filters their names in words; empty for none
   * @param day the as-of day; empty if nothing came yet
   */
  Panel withIgnored(String filters, String day) {
    String said =
        filters.isEmpty()
            ? ""
            : "Not narrowed by "
                + filters
                + (filters.startsWith("from") && !day.isEmpty() ? ": this is as of " + day : "")
                + ".";
    return new Panel(report, heads, rows, more, data, figures, href, asOf, withheld, failure, said);
  }

  /** An id of the page's own for this panel's parts. */
  public String id() {
    return "report-" + report.name();
  }

  /** Whether that column holds numbers. */
  public boolean isNumber(int column) {
    return rows.stream().anyMatch(row -> row.get(column).number());
  }

  /** Whether there is nothing to show. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }
}
