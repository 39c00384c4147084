package dev.candor.cli.fleet;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The two ways in which instants are written. */
final class Times {
  private static final DateTimeFormatter PRODUCT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'+0000'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /** As the product writes it: seconds, and always {@code +0000}. */
  static String product(Instant instant) {
    return PRODUCT.format(instant);
  }

  static String millis(Instant instant) {
    return MILLIS.format(instant);
  }
}
