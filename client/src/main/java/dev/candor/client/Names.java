package dev.candor.client;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Random names. */
final class Names {
  private static final int KEY_BYTES = 16;

  private Names() {}

  /** A new message's idempotency key. */
  static String key(RandomGenerator random) {
    return hex(random, KEY_BYTES);
  }

  /** So many random bytes in hexadecimal. */
  static String hex(RandomGenerator random, int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
