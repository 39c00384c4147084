package dev.candor.collector.dashboard;

import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps small groups from viewers. Where a report's rows add up, those with fewer instances than
 * the threshold fold into one row, "other", together with as many of the next as it takes for that
 * row to reach the threshold itself: else it could be reckoned from the rest. They do so within
 * each day, or whatever the report folds within. Elsewhere the small numbers are withheld, and
 * where only one of a row's parts would be, the next smallest as well.
 *
 * @param least fewest instances that a viewer may see as a group
 */
record Threshold(int least) {
  /** Stands in a cell whose number is not shown. */
  enum Withheld {
    /** Fewer instances than the threshold, or a value of a single one. */
    WITHHELD;

    @Override
    public String toString() {
      return "withheld";
    }
  }

  static final String OTHER = "other";

  /** The answer as a viewer may see it. */
  ReportResult apply(Report report, ReportResult result) {
    List<Integer> counts = indexes(result, report.counts());
    List<List<@Nullable Object>> rows = hideSingle(report, result);
    rows =
        report.sums().isEmpty()
            ? mask(rows, counts, indexes(result, report.parts()))
            : fold(rows, counts, indexes(result, report.sums()), indexes(result, report.within()));
    return new ReportResult(result.columns(), Collections.unmodifiableList(rows));
  }

  private static List<Integer> indexes(ReportResult result, List<String> names) {
    return names.stream().map(result.columns()::indexOf).filter(index -> index >= 0).toList();
  }

  private static List<List<@Nullable Object>> hideSingle(Report report, ReportResult result) {
    List<Integer> single = indexes(result, report.single());
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : result.rows()) {
      List<@Nullable Object> shown = new ArrayList<>(row);
      single.forEach(index -> shown.set(index, Withheld.WITHHELD));
      rows.add(shown);
    }
    return rows;
  }

  private boolean isSmall(@Nullable Object count) {
    return count instanceof Number number && number.longValue() > 0 && number.longValue() < least;
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private List<List<@Nullable Object>> fold(
      List<List<@Nullable Object>> rows,
      List<Integer> counts,
      List<Integer> sums,
      List<Integer> within) {
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> groups = new LinkedHashMap<>();
    for (List<@Nullable Object> row : rows) {
      List<@Nullable Object> group = new ArrayList<>();
      within.forEach(index -> group.add(row.get(index)));
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
    }
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (List<List<@Nullable Object>> group : groups.values()) {
      List<List<@Nullable Object>> folded = fold(group, counts.getFirst(), sums, within);
      counts.stream().skip(1).forEach(count -> hideSmall(folded, count));
      all.addAll(folded);
    }
    return all;
  }

  private List<List<@Nullable Object>> fold(
      List<List<@Nullable Object>> rows, int count, List<Integer> sums, List<Integer> within) {
    List<Integer> bySize = bySize(rows, count);
    TreeSet<Integer> out = new TreeSet<>();
    long folded = 0;
    for (int i : bySize) {
      if (isSmall(rows.get(i).get(count)) || (!out.isEmpty() && folded < least)) {
        out.add(i);
        folded += number(rows.get(i).get(count));
      }
    }
    if (out.isEmpty()) {
      return rows;
    }
    List<List<@Nullable Object>> kept = new ArrayList<>();
    List<List<@Nullable Object>> gone = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      (out.contains(i) ? gone : kept).add(rows.get(i));
    }
    kept.add(sum(gone, sums, within, folded));
    return kept;
  }

  /** Withholds the small ones of a column whose sum is known, and others until that hides them. */
  private void hideSmall(List<List<@Nullable Object>> rows, int count) {
    long hidden = 0;
    boolean any = false;
    for (int i : bySize(rows, count)) {
      long number = number(rows.get(i).get(count));
      if (number > 0 && (number < least || (any && hidden < least))) {
        rows.get(i).set(count, Withheld.WITHHELD);
        hidden += number;
        any = true;
      }
    }
  }

  private static List<Integer> bySize(List<List<@Nullable Object>> rows, int count) {
    List<Integer> bySize = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      bySize.add(i);
    }
    bySize.sort(Comparator.comparingLong(i -> number(rows.get(i).get(count))));
    return bySize;
  }

  private List<@Nullable Object> sum(
      List<List<@Nullable Object>> rows, List<Integer> sums, List<Integer> within, long instances) {
    List<@Nullable Object> other = new ArrayList<>();
    for (int column = 0; column < rows.getFirst().size(); column++) {
      if (within.contains(column)) {
        other.add(rows.getFirst().get(column));
      } else if (sums.contains(column)) {
        BigDecimal sum = BigDecimal.ZERO;
        for (List<@Nullable Object> row : rows) {
          if (row.get(column) instanceof Number number) {
            sum = sum.add(new BigDecimal(number.toString()));
          }
        }
        // All groups together may still be too few.
        other.add(instances < least ? Withheld.WITHHELD : plain(sum));
      } else {
        int at = column;
        boolean text = rows.stream().anyMatch(row -> row.get(at) instanceof String);
        other.add(text ? OTHER : null);
      }
    }
    return other;
  }

  private static Number plain(BigDecimal sum) {
    return sum.scale() > 0 ? (Number) sum.doubleValue() : (Number) sum.longValueExact();
  }

  private List<List<@Nullable Object>> mask(
      List<List<@Nullable Object>> rows, List<Integer> counts, List<Integer> parts) {
    for (List<@Nullable Object> row : rows) {
      if (isSmall(row.get(counts.getFirst()))) {
        for (int i = 0; i < row.size(); i++) {
          if (row.get(i) instanceof Number && !isKey(row, i, counts)) {
            row.set(i, Withheld.WITHHELD);
          }
        }
        continue;
      }
      List<Integer> small = counts.stream().filter(index -> isSmall(row.get(index))).toList();
      if (small.size() == 1 && parts.containsAll(small) && parts.size() > 1) {
        Stream.concat(Stream.of(counts.getFirst()), parts.stream())
            .filter(index -> !small.contains(index) && number(row.get(index)) > 0)
            .min(Comparator.comparingLong(index -> number(row.get(index))))
            .ifPresent(index -> row.set(index, Withheld.WITHHELD));
      }
      small.forEach(index -> row.set(index, Withheld.WITHHELD));
    }
    return rows;
  }

  /** Columns before the first count say what the row is about. */
  private static boolean isKey(List<@Nullable Object> row, int index, List<Integer> counts) {
    return index < counts.getFirst() && index < row.size();
  }
}
