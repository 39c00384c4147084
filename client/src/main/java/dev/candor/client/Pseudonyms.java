package dev.candor.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stand-ins for people and things of a product that has raw ids only: a keyed hash (HMAC-SHA-256)
 * under a secret that never leaves the instance. Equal ids have equal stand-ins; nobody without the
 * secret can try out which id it was.
 */
public final class Pseudonyms {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final SecretKeySpec secret;

  private Pseudonyms(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * Under a secret kept in a file, which is made the first time, readable by its owner alone.
   *
   * @param random where a new secret comes from: a {@link java.security.SecureRandom} in earnest
   * @throws IOException if the file can be neither read nor made
   */
  public static Pseudonyms stored(Path file, RandomGenerator random) throws IOException {
    String hex;
    try {
      hex = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      StateFiles.folder(file.toAbsolutePath().getParent());
      StateFiles.createOnce(file, Names.hex(random, SECRET_BYTES));
      hex = Files.readString(file).strip();
    }
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IOException(file + ": expected a secret of 64 hexadecimal digits");
    }
    return new Pseudonyms(HexFormat.of().parseHex(hex));
  }

  /** The stand-in: 32 hexadecimal digits. */
  public String of(String id) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] hash = mac.doFinal(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
