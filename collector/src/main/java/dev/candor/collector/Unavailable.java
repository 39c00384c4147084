package dev.candor.collector;

/** The receiver cannot take a message now; the sender should come again. */
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1L;

  Unavailable(String message) {
    super(message, null, false, false);
  }
}
