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
 * @param data what is drawn, as JSON; null if it is a table alone
 * @param href the report's own page, with the same filters
 * @param asOf when it was reckoned, such as {@code 14:03:20 UTC}
 * @param withheld whether small groups were folded or withheld
 */
public record Panel(
    Report report,
    List<String> heads,
    List<List<Cell>> rows,
    int more,
    @Nullable String data,
    String href,
    String asOf,
    boolean withheld) {

  /**
   * A cell.
   *
   * @param text as people read it
   * @param number whether it is a number
   * @param href where it leads; null for nowhere
   */
  public record Cell(String text, boolean number, @Nullable String href) {}

  /** An id of the page's own for this panel's parts. */
  public String id() {
    return "report-" + report.name();
  }

  /** Whether there is nothing to show. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }
}
