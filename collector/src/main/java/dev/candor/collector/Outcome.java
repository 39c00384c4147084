package dev.candor.collector;

/** What became of a request. */
enum Outcome {
  /** Kept without the loss of a value (a coarser one may have taken its place). */
  KEPT,
  /** Kept without some of its values. */
  TRIMMED,
  /** Answered with what is wrong with it. */
  REFUSED,
  /** Came without a good ingest key, where one is needed. */
  FORBIDDEN,
  /** Could not be kept now; the sender should come again. */
  UNAVAILABLE,
  /** The sender went away, or took too long, before its message was whole. */
  ABORTED;

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
