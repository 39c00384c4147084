package dev.candor.dictionary;

import java.util.Locale;

/** The JSON types that a leaf may have, as JSON Schema names them. */
public enum JsonType {
  STRING,
  INTEGER,
  NUMBER,
  BOOLEAN,
  NULL;

  /** The word of JSON Schema for this type, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
