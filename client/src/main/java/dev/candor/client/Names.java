package dev.candor.client;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Random names. */
final class Names {
  private Names() {}

  /** So many random bytes in hexadecimal. */
  static String hex(RandomGenerator random, int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
