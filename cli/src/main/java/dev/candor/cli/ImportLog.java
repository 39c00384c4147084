package dev.candor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How many lines of which files are imported: a small file for each, named by the hash of its
 * content, so a file that was renamed is known and one that changed begins anew.
 */
final class ImportLog {
  private final Path folder;

  ImportLog(Path folder) {
    this.folder = folder;
  }

  /**
   * Where a file stands.
   *
   * @param note the small file
   * @param lines how many lines are done
   */
  record Mark(Path note, long lines) {}

  Mark mark(Path file) throws IOException {
    Path note = folder.resolve(hash(file));
    if (Files.notExists(note)) {
      return new Mark(note, 0);
    }
    String text = Files.readString(note, StandardCharsets.US_ASCII).strip();
    return new Mark(note, text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0);
  }

  /** Notes that so many lines are done. */
  void note(Mark mark, long lines) throws IOException {
    Files.createDirectories(folder);
    Path made = mark.note.resolveSibling(mark.note.getFileName() + ".new");
    Files.writeString(made, lines + "\n", StandardCharsets.US_ASCII);
    Files.move(made, mark.note, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String hash(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
