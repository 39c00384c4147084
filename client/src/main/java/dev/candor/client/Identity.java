package dev.candor.client;

import dev.candor.dictionary.Dictionary;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
    return kept(file, () -> Names.hex(random, 16), id -> true);
  }

  /**
   * An id that is made once and kept in a file.
   *
   * @param fits what a kept one must be; one that is not could never be sent, and gives way
   */
  private static Identity kept(Path file, Supplier<String> made, Predicate<String> fits) {
    return meter -> {
      String id = "";
      try {
        id = Files.readString(file).strip();
      } catch (NoSuchFileException e) {
        // Made below.
      }
      if (!id.isEmpty() && fits.test(id)) {
        return id;
      }
      StateFiles.folder(file.toAbsolutePath().getParent());
      if (Files.exists(file)) {
        StateFiles.replace(file, made.get());
      } else {
        StateFiles.createOnce(file, made.get());
      }
      return Files.readString(file).strip();
    };
  }

  /**
   * A random id in the form that a dictionary wants, made once and kept in a file.
   *
   * @throws IllegalArgumentException if no random id fits there
   */
  static Identity random(Path file, RandomGenerator random, Dictionary dictionary) {
    Ids ids = new Ids(dictionary);
    if (ids.random(random).isEmpty()) {
      throw new IllegalArgumentException(
          "no random id of 64 bits or more fits the dictionary's: give the instance's id by"
              + " identity(…)");
    }
    return kept(file, () -> ids.random(random).orElseThrow(), ids::fit);
  }
}
