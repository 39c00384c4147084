package dev.candor.cli;

import dev.candor.store.Lifetime;
import picocli.CommandLine.Option;

/** How long messages are kept. */
final class LifetimeOptions {
  @Option(
      names = "--keep-after-opt-out",
      description =
          "Keep what an instance sent when it opts out (default: it is erased, and only the "
              + "opt-out itself stays).")
  private boolean keepAfterOptOut;

  @Option(
      names = "--retention",
      paramLabel = "DAYS",
      defaultValue = "400",
      description = "Keep messages for so many days (default: ${DEFAULT-VALUE}); 0 for ever.")
  private int days = 400;

  Lifetime lifetime() {
    try {
      return new Lifetime(!keepAfterOptOut, days);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--retention: " + e.getMessage());
    }
  }
}
