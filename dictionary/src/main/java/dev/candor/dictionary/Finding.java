package dev.candor.dictionary;

import java.util.regex.Pattern;

/**
 * One thing that the sieve did not pass just as it came. Never holds a value of the message.
 *
 * @param reason why
 * @param pointer JSON Pointer (RFC 6901) to the place. Member names in it come from the message, so
 *     it is for the sender's eyes alone
 * @param path the same place in the dictionary's own words, {@code *} for any array index and for
 *     any member name that is not a plain word: safe to count, store and log
 * @param expected what the dictionary wanted there
 * @param line line of the place, from 1; 0 where it has none
 * @param column column of the place in bytes, from 1; 0 where it has none
 */
public record Finding(
    Reason reason, String pointer, String path, String expected, int line, int column) {
  /** A name that may stand in a log: too short and too plain to be a value in disguise. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z][A-Za-z_-]{0,39}");

  /** A member's name as a step of a JSON Pointer. */
  static String step(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /** A member's name as a step of a path. */
  static String plainStep(String name, boolean declared) {
    return "/" + (declared || PLAIN_NAME.matcher(name).matches() ? name : "*");
  }

  /** One sentence: place, then what was expected there. */
  @Override
  public String toString() {
    String place = pointer.isEmpty() ? "the message" : pointer;
    String where = line > 0 ? " (line " + line + ", column " + column + ")" : "";
    return place + ": " + expected + where;
  }
}
