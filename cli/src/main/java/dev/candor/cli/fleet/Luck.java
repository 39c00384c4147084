package dev.candor.cli.fleet;

import java.util.List;
import java.util.random.RandomGenerator;

/** The draws that a server's life is made of. */
final class Luck {
  private static final String HEX = "0123456789abcdef";
  private static final String OPEN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  private final RandomGenerator random;

  Luck(RandomGenerator random) {
    this.random = random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  double unit() {
    return random.nextDouble();
  }

  /** Log-normal: half of all draws are below the median, a few are far above it. */
  int skewed(double median, double sigma, int least, int most) {
    double drawn = median * StrictMath.exp(sigma * random.nextGaussian());
    return (int) Math.clamp(Math.round(drawn), least, (long) most);
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** One of the values, by weights that need not sum to anything. */
  <T> T weighted(List<Weighted<T>> values) {
    double sum = 0;
    for (Weighted<T> value : values) {
      sum += value.weight;
    }
    double left = random.nextDouble() * sum;
    for (Weighted<T> value : values) {
      left -= value.weight;
      if (left < 0) {
        return value.value;
      }
    }
    return values.getLast().value;
  }

  record Weighted<T>(T value, double weight) {}

  static <T> Weighted<T> of(T value, double weight) {
    return new Weighted<>(value, weight);
  }

  String hex(int length) {
    return drawn(HEX, length);
  }

  /** A 20-character id as Elasticsearch makes them: the first two come from the time. */
  String timeId() {
    return "AY" + drawn(OPEN, 17) + OPEN.charAt(random.nextInt(52));
  }

  String uuid() {
    return hex(8)
        + "-"
        + hex(4)
        + "-4"
        + hex(3)
        + "-"
        + "89ab".charAt(random.nextInt(4))
        + hex(3)
        + "-"
        + hex(12);
  }

  private String drawn(String alphabet, int length) {
    StringBuilder drawn = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      drawn.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return drawn.toString();
  }
}
