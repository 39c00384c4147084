package dev.candor.collector;

import dev.candor.dictionary.Rekeying;
import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret under which pseudonyms are replaced: 32 random bytes in {@code secret/rekey.key} of
 * the data directory, made at the first start. Lose it and history no longer joins with what comes
 * after; whoever has it and an instance's database can find that instance's people in the store.
 */
public final class RekeySecret {
  private static final int SIZE = 32;

  private RekeySecret() {}

  /**
   * The re-keying of this data directory; its secret is made if there is none.
   *
   * @throws IOException if the file cannot be read or made, or does not hold a secret
   */
  public static Rekeying in(Path data, SecureRandom random) throws IOException {
    Path file = data.resolve("secret").resolve("rekey.key");
    if (Files.notExists(file)) {
      create(file, random);
    }
    byte[] secret = Files.readAllBytes(file);
    if (secret.length != SIZE) {
      throw new IOException(
          file
              + " has "
              + secret.length
              + " bytes instead of "
              + SIZE
              + ": restore it from a backup");
    }
    if (Arrays.equals(secret, new byte[SIZE])) {
      throw new IOException(
          file + " holds nothing but zeros, as after a power cut: restore it from a backup");
    }
    return Rekeying.of(secret);
  }

  private static void create(Path file, SecureRandom random) throws IOException {
    byte[] secret = new byte[SIZE];
    random.nextBytes(secret);
    Path made = PrivateFiles.create(file.resolveSibling("rekey.key.new"), secret, true);
    try {
      // A link is made whole or not at all, and never takes another one's place.
      Files.createLink(file, made);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster: its secret is the one.
    } catch (UnsupportedOperationException e) {
      Files.write(file, secret, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
    } finally {
      Files.deleteIfExists(made);
    }
    PrivateFiles.sync(file.toAbsolutePath().getParent());
  }
}
