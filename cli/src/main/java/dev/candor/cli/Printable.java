package dev.candor.cli;

/** Text from outside, made fit for a terminal: no control characters, bounded. */
final class Printable {
  private static final int MOST = 300;

  private Printable() {}

  static String of(String text) {
    String safe = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return safe.length() <= MOST ? safe : safe.substring(0, MOST) + "…";
  }
}
