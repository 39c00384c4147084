package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which product. */
final class ProductOption {
  private static final String DEFAULT = "sonarqube";

  @Option(
      names = "--product",
      paramLabel = "P",
      description = "Which product (default: " + DEFAULT + ").")
  private @Nullable String name;

  String name() {
    return name == null ? DEFAULT : name;
  }

  /** Whose messages these are: with several products somebody has to say so. */
  Dictionary ofMessages(Products products) {
    if (name == null && products.all().size() > 1) {
      throw Failure.usage(
          "whose messages are these? Name one of %s with --product"
              .formatted(products.allDictionaries().stream().map(Dictionary::product).toList()));
    }
    return products.named(name()).dictionary();
  }
}
