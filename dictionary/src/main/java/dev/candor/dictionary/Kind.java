package dev.candor.dictionary;

import java.util.Locale;

/**
 * What kind of fact a leaf of the dictionary is. The set is closed, and there is no kind for free
 * text: that is what keeps sentences, addresses and names out.
 */
public enum Kind {
  /** A stable technical identifier that stands for a person or a thing and names neither. */
  PSEUDONYM,
  /** A version number, such as {@code 9.7.0.61563}. */
  VERSION,
  /** One short token, or one of an enumeration. */
  WORD,
  /** A number of things, or a measured quantity. */
  COUNT,
  /** Yes or no. */
  FLAG,
  /** A day or an instant. */
  DATE;

  /** The word by which dictionaries name this kind, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
