package dev.candor.client;

import java.util.Locale;

/** Why a source's members are missing from a ping. */
public enum Omission {
  /** Its time was over. */
  TIMEOUT,
  /** It was not allowed to read what it needs. */
  DENIED,
  /** It broke, or went over its budget of rows or bytes. */
  FAILED,
  /** There is nothing to tell on this instance. */
  NOT_APPLICABLE;

  /** The word that people see: {@code timeout}, {@code not-applicable}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
