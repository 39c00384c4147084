package dev.candor.store;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which part of the data a report is asked of. It narrows the product's {@code instance} by its
 * facts, and {@code instance_day} by its facts and its day; likewise each kept table of sums, which
 * is one with a column {@code day} and all facets, but without {@code id}.
 *
 * @param from first day; empty for the very first
 * @param to last day; empty for the very last
 * @param where the value that a column must have, such as {@code edition} → {@code community}
 * @param numbers values for the reports' parameters, in the place of their defaults
 */
public record Scope(
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Map<String, String> where,
    Map<String, Long> numbers) {
  /** All of it. */
  public static final Scope ALL = new Scope(Optional.empty(), Optional.empty(), Map.of(), Map.of());

  public Scope {
    where = Collections.unmodifiableMap(new TreeMap<>(where));
    numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
  }

  /** Whether it is all of the data. */
  public boolean isAll() {
    return equals(ALL);
  }

  /** Whether days are left out. */
  public boolean hasDays() {
    return from.isPresent() || to.isPresent();
  }

  /** The same of all days. */
  Scope withoutDays() {
    return new Scope(Optional.empty(), Optional.empty(), where, numbers);
  }

  /** The same of instances whatever their facts. */
  Scope withoutFacts() {
    return new Scope(from, to, Map.of(), numbers);
  }

  /** The same with no numbers but these. */
  Scope withNumbers(Predicate<String> names) {
    Map<String, Long> kept = new TreeMap<>(numbers);
    kept.keySet().removeIf(names.negate());
    return new Scope(from, to, where, kept);
  }

  /** Whether instances or days are left out. */
  boolean isNarrow() {
    return from.isPresent() || to.isPresent() || !where.isEmpty();
  }

  String days() {
    return from.map(day -> " AND day >= DATE '" + day + "'").orElse("")
        + to.map(day -> " AND day <= DATE '" + day + "'").orElse("");
  }

  String facts() {
    StringBuilder sql = new StringBuilder();
    where.forEach(
        (column, value) ->
            sql.append(" AND ")
                .append(Columns.name(column))
                .append(" = ")
                .append(Columns.text(value)));
    return sql.toString();
  }

  /** As {@link #facts} of a table that has only these; a report on it fails if others are asked. */
  String sums(List<String> facets) {
    for (String column : where.keySet()) {
      if (!facets.contains(column)) {
        return " AND error(" + Columns.text("sums cannot be narrowed by " + column) + ")";
      }
    }
    return facts();
  }
}
