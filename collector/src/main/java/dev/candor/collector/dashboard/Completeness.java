package dev.candor.collector.dashboard;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which days are not wholly there: the as-of day, going by when pings usually come, and days on
 * which the receiver did not run all the time.
 *
 * @param day the as-of day; empty if nothing came yet
 * @param percent how much of its pings is there; empty if there are no days to go by
 * @param up percent of each earlier day that the receiver ran, as far as it was counted
 */
record Completeness(Optional<LocalDate> day, Optional<Double> percent, Map<LocalDate, Double> up) {
  /** Nothing is known to be incomplete. */
  static final Completeness UNKNOWN =
      new Completeness(Optional.empty(), Optional.empty(), Map.of());

  /** A stop to update it is not worth a mark. */
  private static final double WHOLE = 98;

  Completeness {
    up = Collections.unmodifiableMap(new TreeMap<>(up));
  }

  /** What to say of a row whose column {@code day}, {@code week} or {@code month} begins there. */
  Optional<String> note(String column, LocalDate start) {
    if (day.isEmpty()) {
      return Optional.empty();
    }
    return switch (column) {
      case "day" -> day(start);
      case "week" -> span(start, start.plusWeeks(1));
      case "month" -> span(start, start.plusMonths(1));
      default -> Optional.empty();
    };
  }

  /** The start of the span that comes so many spans after this one. */
  static LocalDate after(String column, LocalDate start, long spans) {
    return switch (column) {
      case "week" -> start.plusWeeks(spans);
      case "month" -> start.plusMonths(spans);
      default -> start.plusDays(spans);
    };
  }

  private Optional<String> day(LocalDate one) {
    if (day.get().equals(one)) {
      String known = percent.map(p -> text(p) + " % complete").orElse("may not be over");
      return percent.isPresent() && percent.get() > 99.5 ? Optional.empty() : Optional.of(known);
    }
    return Optional.ofNullable(up.get(one))
        .filter(percent -> percent < WHOLE)
        .map(percent -> "receiver ran " + text(percent) + " % of the day");
  }

  private Optional<String> span(LocalDate start, LocalDate end) {
    double there = 0;
    for (LocalDate each = start; each.isBefore(end); each = each.plusDays(1)) {
      there += share(each);
    }
    long all = ChronoUnit.DAYS.between(start, end);
    return there > all * WHOLE / 100
        ? Optional.empty()
        : Optional.of(text(there) + " of " + all + " days");
  }

  private double share(LocalDate one) {
    LocalDate last = day.orElseThrow();
    if (one.equals(last)) {
      return percent.orElse(0.0) / 100;
    }
    return one.isAfter(last) ? 0 : up.getOrDefault(one, 100.0) / 100;
  }

  private static String text(double number) {
    String one = String.format(Locale.ROOT, "%.1f", number);
    return one.endsWith(".0") ? one.substring(0, one.length() - 2) : one;
  }
}
