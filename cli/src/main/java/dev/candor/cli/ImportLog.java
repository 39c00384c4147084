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
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How many lines of which files are imported, and which are not done with: a small file for each,
 * named by the hash of its content, so a file that was renamed is known and one that changed begins
 * anew.
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
   * @param lines how many lines were read
   * @param open those of them that are not done with: they were refused, or kept without a part
   */
  record Mark(Path note, long lines, Set<Long> open) {
    Mark {
      open = Set.copyOf(open);
    }

    /** Whether there is nothing to do for a line. */
    boolean isDone(long line) {
      return line <= lines && !open.contains(line);
    }
  }

  Mark mark(Path file) throws IOException {
    Path note = folder.resolve(hash(file));
    if (Files.notExists(note)) {
      return new Mark(note, 0, Set.of());
    }
    List<Long> numbers =
        Files.readAllLines(note, StandardCharsets.US_ASCII).stream()
            .filter(line -> line.matches("[0-9]{1,18}"))
            .map(Long::valueOf)
            .toList();
    return numbers.isEmpty()
        ? new Mark(note, 0, Set.of())
        : new Mark(note, numbers.getFirst(), new HashSet<>(numbers.subList(1, numbers.size())));
  }

  /** Notes that so many lines were read, and which of them are not done with. */
  void note(Mark mark, long lines, Collection<Long> open) throws IOException {
    Files.createDirectories(folder);
    Path made = mark.note.resolveSibling(mark.note.getFileName() + ".new");
    List<String> numbers =
        Stream.concat(Stream.of(lines), open.stream()).map(String::valueOf).toList();
    Files.write(made, numbers, StandardCharsets.US_ASCII);
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
