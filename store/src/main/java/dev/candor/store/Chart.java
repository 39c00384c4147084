package dev.candor.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to draw a report: {@code bars|lines|area|heat|figures|table x=COLUMN y=COLUMN[,COLUMN…]
 * [series=COLUMN] [value=COLUMN]}.
 *
 * @param kind what it looks like
 * @param x column along the x axis; for a heat map the one from left to right
 * @param y columns of numbers; for a heat map the one from top to bottom
 * @param series column whose values part the rows into several lines
 * @param value for a heat map the column of numbers
 */
public record Chart(
    Kind kind,
    Optional<String> x,
    List<String> y,
    Optional<String> series,
    Optional<String> value) {

  /**
   * What a chart looks like. Figures are the rows themselves: {@code x} names a figure, the first
   * of {@code y} is its number, and the others stand beside it under their own names. Columns
   * {@code meaning} and {@code report}, if there are, tell what it counts and which report has more
   * of it.
   */
  public enum Kind {
    BARS,
    LINES,
    AREA,
    HEAT,
    FIGURES,
    TABLE
  }

  public Chart {
    y = List.copyOf(y);
  }

  /**
   * Reads the header line of a report.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static Chart parse(String text) {
    String[] words = text.strip().split(" +", -1);
    Kind kind = null;
    for (Kind each : Kind.values()) {
      if (each.name().toLowerCase(java.util.Locale.ROOT).equals(words[0])) {
        kind = each;
      }
    }
    if (kind == null) {
      throw new IllegalArgumentException(
          "expected bars, lines, area, heat, figures or table first");
    }
    Optional<String> x = Optional.empty();
    List<String> y = new ArrayList<>();
    Optional<String> series = Optional.empty();
    Optional<String> value = Optional.empty();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      if (pair.length < 2 || pair[1].isEmpty()) {
        throw new IllegalArgumentException(
            "expected x=COLUMN, y=COLUMN, series=COLUMN or value=COLUMN");
      }
      switch (pair[0]) {
        case "x" -> x = Optional.of(pair[1]);
        case "y" -> y.addAll(List.of(pair[1].split(",", -1)));
        case "series" -> series = Optional.of(pair[1]);
        case "value" -> value = Optional.of(pair[1]);
        default ->
            throw new IllegalArgumentException(
                "expected x=COLUMN, y=COLUMN, series=COLUMN or value=COLUMN");
      }
    }
    if (kind != Kind.TABLE && (x.isEmpty() || y.isEmpty())) {
      throw new IllegalArgumentException("expected x=COLUMN and y=COLUMN");
    }
    if (kind == Kind.HEAT && value.isEmpty()) {
      throw new IllegalArgumentException("expected value=COLUMN");
    }
    return new Chart(kind, x, y, series, value);
  }
}
