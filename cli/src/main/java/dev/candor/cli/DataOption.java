package dev.candor.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The data directory. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "candor-data",
      description = "Data directory (default: ./${DEFAULT-VALUE}).")
  private Path path = Path.of("candor-data");

  Path path() {
    return path;
  }
}
