package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
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

  private static final byte[] HEX = StringGrammar.bytes("0123456789abcdef");
  private static final byte[] OPEN =
      StringGrammar.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
  private static final int ATTEMPTS = 64;

  /**
   * Fewer characters than this cannot keep hashes apart; such pseudonyms grow to {@link #ROOMY}.
   */
  private static final int SHORT = 8;

  private static final int ROOMY = 20;

  private static final int UUID_LENGTH = 36;

  /** What a pseudonym became in places of this grammar. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Known(StringGrammar grammar, byte[] pseudonym, byte[] made) {
    boolean is(byte[] body, int from, int to, StringGrammar fits) {
      return grammar == fits && pseudonym.length == to - from && Bytes.at(body, from, pseudonym);
    }
  }

  /** HMAC's two hashes, fed with the key alone: each pseudonym is hashed by copies. */
  private final MessageDigest inner;

  private final MessageDigest outer;

  /**
   * Pseudonyms met lately, each in one of the two places that its hash gives it: the first is the
   * later one's. Threads see each other's or not; both are right.
   */
  private final @Nullable Known[] known;

  private Rekeying(MessageDigest inner, MessageDigest outer, int remembered) {
    this.inner = inner;
    this.outer = outer;
    this.known = new Known[(remembered + 1) / 2 * 2];
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
    long hash = Integer.toUnsignedLong(Bytes.hash(body, from, to));
    int slot = (int) (hash * (known.length / 2) >>> 32) * 2;
    Known met = known[slot];
    if (met != null && met.is(body, from, to, fits)) {
      return met.made();
    }
    Known older = known[slot + 1];
    if (older != null && older.is(body, from, to, fits)) {
      return older.made();
    }
    byte[] pseudonym = Arrays.copyOfRange(body, from, to);
    byte[] made = rekey(pseudonym, pseudonym.length, fits::fits);
    if (made != null) {
      known[slot + 1] = met;
      known[slot] = new Known(fits, pseudonym, made);
    }
    return made;
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
    byte[] bytes = pseudonym.getBytes(StandardCharsets.UTF_8);
    return Optional.ofNullable(
            rekey(bytes, pseudonym.length(), made -> fits.test(StringGrammar.text(made))))
        .map(StringGrammar::text);
  }

  private byte @Nullable [] rekey(byte[] pseudonym, int length, Predicate<byte[]> fits) {
    boolean uuid = isHex(pseudonym, true);
    byte[] alphabet = uuid || isHex(pseudonym, false) ? HEX : OPEN;
    byte[] same = length < SHORT ? null : hash(pseudonym, length, uuid, alphabet, fits);
    return same != null ? same : hash(pseudonym, ROOMY, false, OPEN, fits);
  }

  private byte @Nullable [] hash(
      byte[] pseudonym, int length, boolean uuid, byte[] alphabet, Predicate<byte[]> fits) {
    byte[] hash = pseudonym;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      hash = hmac(hash);
      byte[] made = new byte[length];
      for (int i = 0; i < length; i++) {
        made[i] = uuid && isHyphen(i) ? (byte) '-' : alphabet[hash[i] & alphabet.length - 1];
      }
      if (fits.test(made)) {
        return made;
      }
    }
    return null;
  }

  /** Whether it is made of lower hexadecimal digits, or is a UUID of such. */
  private static boolean isHex(byte[] pseudonym, boolean uuid) {
    if (uuid ? pseudonym.length != UUID_LENGTH : pseudonym.length == 0) {
      return false;
    }
    for (int i = 0; i < pseudonym.length; i++) {
      byte b = pseudonym[i];
      boolean hex = b >= '0' && b <= '9' || b >= 'a' && b <= 'f';
      if (uuid && isHyphen(i) ? b != '-' : !hex) {
        return false;
      }
    }
    return true;
  }

  /** Whether a UUID has a hyphen there. */
  private static boolean isHyphen(int at) {
    return at == 8 || at == 13 || at == 18 || at == 23;
  }
}
