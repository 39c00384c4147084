package dev.candor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary folder that the launcher made for this process alone. The database's driver unpacks
 * its library into it, 60 MB at each start, which must not be left behind.
 */
final class Scratch {
  private static final String NAME = "candor-";

  private Scratch() {}

  /** Has the folder deleted however the process ends, unless it is killed. */
  static void begin() {
    Runtime.getRuntime().addShutdownHook(new Thread(Scratch::clear, "candor-scratch"));
  }

  /** Deletes the files in it, and the folder if nothing else is in it. */
  static void clear() {
    Path own = Path.of(System.getProperty("java.io.tmpdir"));
    if (!String.valueOf(own.getFileName()).startsWith(NAME)) {
      return;
    }
    try {
      List<Path> files;
      try (Stream<Path> all = Files.list(own)) {
        files = all.filter(Files::isRegularFile).toList();
      }
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(own);
    } catch (IOException e) {
      System.getLogger("dev.candor.cli")
          .log(System.Logger.Level.DEBUG, "the temporary folder stays", e);
    }
  }
}
