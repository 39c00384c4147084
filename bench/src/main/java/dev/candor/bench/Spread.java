package dev.candor.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The same measurement, once for each round. */
record Spread(List<Double> rounds) {
  Spread {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("a measurement needs at least one round");
    }
  }

  static Spread of(double... rounds) {
    List<Double> all = new ArrayList<>();
    for (double round : rounds) {
      all.add(round);
    }
    return new Spread(all);
  }

  /** This one divided by that, round by round: both were measured side by side. */
  Spread over(Spread other) {
    return new Spread(
        IntStream.range(0, Math.min(rounds.size(), other.rounds.size()))
            .mapToObj(i -> rounds.get(i) / other.rounds.get(i))
            .toList());
  }

  Spread times(double factor) {
    return new Spread(rounds.stream().map(value -> value * factor).toList());
  }

  Spread plus(Spread other) {
    return new Spread(
        IntStream.range(0, Math.min(rounds.size(), other.rounds.size()))
            .mapToObj(i -> rounds.get(i) + other.rounds.get(i))
            .toList());
  }

  /** A rate for a time, or a time for a rate. */
  Spread inverse() {
    return new Spread(rounds.stream().map(value -> 1 / value).toList());
  }

  double median() {
    List<Double> sorted = new ArrayList<>(rounds);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double least() {
    return Collections.min(rounds);
  }

  double most() {
    return Collections.max(rounds);
  }

  /** Median and, in brackets, the least and the most. */
  @Override
  public String toString() {
    return rounds.size() == 1
        ? plain(median())
        : plain(median()) + " (" + plain(least()) + "–" + plain(most()) + ")";
  }

  /** Three digits that mean something. */
  static String plain(double value) {
    double size = Math.abs(value);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
