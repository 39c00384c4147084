package dev.candor.cli;

import picocli.CommandLine.Option;

/** Which product. */
final class ProductOption {
  @Option(
      names = "--product",
      paramLabel = "P",
      defaultValue = "sonarqube",
      description = "Which product (default: ${DEFAULT-VALUE}).")
  private String name = "sonarqube";

  String name() {
    return name;
  }
}
