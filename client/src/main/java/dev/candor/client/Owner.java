package dev.candor.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whose a state directory is: a file in it says so. A directory that somebody else made, or that
 * was copied, is not touched: its opt-outs would be for an instance that is still there.
 */
final class Owner {
  static final String FILE = "owner";

  private final Path file;
  private final String product;
  private final String words;

  /**
   * An owner.
   *
   * @param instance what tells one of the product from another on this machine; may be empty
   */
  Owner(Path state, String product, String instance) {
    this.file = state.resolve(FILE);
    this.product = product;
    this.words = (product + " " + instance).strip().replaceAll("\\p{Cntrl}+", " ");
  }

  /**
   * Makes sure that the directory is not another's.
   *
   * @throws IOException if it is, or that cannot be told
   */
  void check() throws IOException {
    String theirs;
    try {
      theirs = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: whose state directory is it?", e);
    }
    // The product alone: it did not say yet which instance it is.
    if (!theirs.isEmpty() && !theirs.equals(words) && !theirs.equals(product)) {
      throw new IOException(
          "the state directory "
              + file.toAbsolutePath().getParent()
              + " belongs to "
              + theirs.replaceAll("\\p{Cntrl}", " ")
              + ", not to "
              + words
              + ": give another state directory; if that one has become this one, delete the file "
              + file.toAbsolutePath());
    }
  }

  /** From now on it is this one's. */
  void note() throws IOException {
    if (Files.notExists(file) || !Files.readString(file).strip().equals(words)) {
      StateFiles.folder(file.toAbsolutePath().getParent());
      StateFiles.replace(file, words + "\n");
    }
  }
}
