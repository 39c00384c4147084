package dev.candor.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** The id by which the receiver tells one instance from another, and nothing else about it. */
@FunctionalInterface
public interface Identity {
  /**
   * The id, always the same for one instance.
   *
   * @param meter what is left of the budget for finding it out
   * @throws Exception if it cannot be told now; there is no ping then
   */
  String id(Meter meter) throws Exception;

  /** A random id of 32 hexadecimal digits, made once and kept in a file. */
  static Identity random(Path file, RandomGenerator random) {
    return meter -> {
      try {
        return Files.readString(file).strip();
      } catch (NoSuchFileException e) {
        String id = Names.hex(random, 16);
        return save(file, id) ? id : Files.readString(file).strip();
      }
    };
  }

  private static boolean save(Path file, String id) throws IOException {
    StateFiles.folder(file.toAbsolutePath().getParent());
    return StateFiles.createOnce(file, id);
  }
}
