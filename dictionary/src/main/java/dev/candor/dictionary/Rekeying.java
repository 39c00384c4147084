package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces pseudonyms by a keyed hash, of the same length where that is long enough, so that
 * whoever holds an instance's own database cannot find its people and projects among the pings.
 * Equal pseudonyms stay equal, so history and joins survive. HMAC-SHA-512 with a secret that never
 * leaves the receiver.
 */
public final class Rekeying {
  /** Most characters of a pseudonym: the hash gives one byte for each. */
  static final int MAX_LENGTH = 64;

  private static final String ALGORITHM = "HmacSHA512";
  private static final String HEX = "0123456789abcdef";
  private static final String OPEN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  private static final int ATTEMPTS = 64;

  /**
   * Fewer characters than this cannot keep hashes apart; such pseudonyms grow to {@link #ROOMY}.
   */
  private static final int SHORT = 8;

  private static final int ROOMY = 20;

  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int UUID_LENGTH = 36;

  /** Keyed and never fed: each pseudonym is hashed by a copy, which saves the keying. */
  private final Mac keyed;

  private Rekeying(Mac keyed) {
    this.keyed = keyed;
  }

  /**
   * With this secret.
   *
   * @param secret at least 32 random bytes
   * @throws IllegalArgumentException if it is shorter
   */
  public static Rekeying of(byte[] secret) {
    if (secret.length < 32) {
      throw new IllegalArgumentException(
          "the secret has " + secret.length + " bytes: at least 32 are needed");
    }
    try {
      Mac keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(secret, ALGORITHM));
      return new Rekeying(keyed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /**
   * The pseudonym that takes the place of this one: as long, hexadecimal if it was, with the
   * hyphens of a UUID where they were. One of fewer than 8 characters, or whose grammar hardly any
   * hash of its length fits, becomes one of 20.
   *
   * @param fits the grammar of the place; a hash that by chance does not fit is hashed again
   * @return empty if none can be made to fit
   */
  Optional<String> rekey(String pseudonym, Predicate<String> fits) {
    Mac mac = mac();
    boolean uuid = pseudonym.length() == UUID_LENGTH && UUID.matcher(pseudonym).matches();
    String alphabet = uuid || isHex(pseudonym) ? HEX : OPEN;
    String layout = uuid ? pseudonym : "x".repeat(pseudonym.length());
    Optional<String> same =
        pseudonym.length() < SHORT
            ? Optional.empty()
            : hash(mac, pseudonym, layout, alphabet, fits);
    return same.or(() -> hash(mac, pseudonym, "x".repeat(ROOMY), OPEN, fits));
  }

  private static Optional<String> hash(
      Mac mac, String pseudonym, String layout, String alphabet, Predicate<String> fits) {
    byte[] input = pseudonym.getBytes(StandardCharsets.UTF_8);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] hash = mac.doFinal(input);
      StringBuilder made = new StringBuilder(layout.length());
      for (int i = 0; i < layout.length(); i++) {
        boolean hyphen = layout.charAt(i) == '-';
        made.append(hyphen ? '-' : alphabet.charAt(hash[i] & (alphabet.length() - 1)));
      }
      if (fits.test(made.toString())) {
        return Optional.of(made.toString());
      }
      input = hash;
    }
    return Optional.empty();
  }

  private static boolean isHex(String pseudonym) {
    return !pseudonym.isEmpty() && pseudonym.chars().allMatch(c -> HEX.indexOf(c) >= 0);
  }

  private Mac mac() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy " + ALGORITHM, e);
    }
  }
}
