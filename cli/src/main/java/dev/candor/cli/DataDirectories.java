package dev.candor.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks on data directories. */
final class DataDirectories {
  private DataDirectories() {}

  /** A mistyped directory should not look like one without data. */
  static void mustExist(Path data) {
    if (!Files.isDirectory(data)) {
      throw Failure.of(
          "no data directory "
              + data
              + ": name one with --data DIR (\"candor serve\" and \"candor import\" make one)");
    }
  }
}
