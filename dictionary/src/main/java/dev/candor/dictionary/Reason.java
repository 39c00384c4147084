package dev.candor.dictionary;

/** Why the sieve did not pass something just as it came. */
public enum Reason {
  /** The bytes are not one strict JSON object. The message is refused. */
  MALFORMED,
  /** A bound on size or depth is broken. The message is refused. */
  BOUND,
  /** The member that identifies the instance is missing or malformed. The message is refused. */
  MISSING,
  /** The dictionary does not name this member, so it is left out. */
  UNDECLARED,
  /** The value does not fit the grammar of its leaf, so it is left out. */
  GRAMMAR,
  /** The value said more than the dictionary wants to know, so a coarser one took its place. */
  COARSENED;

  /** Whether a message with such a finding is refused as a whole. */
  public boolean refuses() {
    return this == MALFORMED || this == BOUND || this == MISSING;
  }

  /** Whether such a finding means that something was left out. */
  public boolean drops() {
    return this == UNDECLARED || this == GRAMMAR;
  }
}
