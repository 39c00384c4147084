package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces pseudonyms by a keyed hash, of the same length where that is long enough, so that
 * whoever holds an instance's own database cannot find its people and projects among the pings.
 * Equal pseudonyms stay equal, so history and joins survive. HMAC-SHA-512 with a secret that never
 * leaves the receiver.
 */
public final class Rekeying {
  /** Most characters of a pseudonym: the hash gives one byte for each. */
  static final int MAX_LENGTH = 64;

  private static final String ALGORITHM = "SHA-512";

  /** Bytes that SHA-512 takes at once. */
  private static final int BLOCK = 128;

  /** Enough for the pseudonyms of one message to be hashed once each. */
  private static final int REMEMBERED = 1 << 12;

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

  /** What a pseudonym became in places of this grammar. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Known(StringGrammar fits, byte[] pseudonym, byte[] made) {}

  /** HMAC's two hashes, fed with the key alone: each pseudonym is hashed by copies. */
  private final MessageDigest inner;

  private final MessageDigest outer;

  /**
   * Pseudonyms met lately, each in the one place that its hash gives it. Threads see each other's
   * or not; both are right.
   */
  private final @Nullable Known[] known;

  private Rekeying(MessageDigest inner, MessageDigest outer, int remembered) {
    this.inner = inner;
    this.outer = outer;
    this.known = new Known[remembered];
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
    byte[] key = Arrays.copyOf(secret.length > BLOCK ? sha512().digest(secret) : secret, BLOCK);
    return new Rekeying(fed(key, 0x36), fed(key, 0x5c), REMEMBERED);
  }

  /**
   * The same, for many messages of the same instances: remembers so many more pseudonyms that each
   * need not be hashed anew each day.
   *
   * @param pseudonyms how many, about 200 bytes each
   */
  public Rekeying remembering(int pseudonyms) {
    return new Rekeying(inner, outer, pseudonyms);
  }

  private static MessageDigest fed(byte[] key, int pad) {
    MessageDigest hash = sha512();
    for (byte b : key) {
      hash.update((byte) (b ^ pad));
    }
    return hash;
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /** HMAC-SHA-512 (RFC 2104), with the two blocks of the key hashed once and for all. */
  private byte[] hmac(byte[] input) {
    MessageDigest hash = copy(outer);
    hash.update(copy(inner).digest(input));
    return hash.digest();
  }

  private static MessageDigest copy(MessageDigest hash) {
    try {
      return (MessageDigest) hash.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy " + ALGORITHM, e);
    }
  }

  /**
   * The pseudonym that takes the place of the one that stands here, in plain ASCII.
   *
   * @return null if none can be made to fit
   */
  byte @Nullable [] rekey(byte[] body, int from, int to, StringGrammar fits) {
    int slot = Math.floorMod(hashCode(body, from, to), known.length);
    Known met = known[slot];
    if (met != null
        && met.fits() == fits
        && Arrays.equals(met.pseudonym(), 0, met.pseudonym().length, body, from, to)) {
      return met.made();
    }
    byte[] pseudonym = Arrays.copyOfRange(body, from, to);
    Optional<String> made = rekey(StringGrammar.text(body, from, to), fits::fits);
    if (made.isEmpty()) {
      return null;
    }
    byte[] bytes = StringGrammar.bytes(made.get());
    known[slot] = new Known(fits, pseudonym, bytes);
    return bytes;
  }

  private static int hashCode(byte[] body, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + body[i];
    }
    return hash ^ hash >>> 16;
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
    boolean uuid = pseudonym.length() == UUID_LENGTH && UUID.matcher(pseudonym).matches();
    String alphabet = uuid || isHex(pseudonym) ? HEX : OPEN;
    String layout = uuid ? pseudonym : "x".repeat(pseudonym.length());
    Optional<String> same =
        pseudonym.length() < SHORT ? Optional.empty() : hash(pseudonym, layout, alphabet, fits);
    return same.or(() -> hash(pseudonym, "x".repeat(ROOMY), OPEN, fits));
  }

  private Optional<String> hash(
      String pseudonym, String layout, String alphabet, Predicate<String> fits) {
    byte[] input = pseudonym.getBytes(StandardCharsets.UTF_8);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] hash = hmac(input);
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
}
