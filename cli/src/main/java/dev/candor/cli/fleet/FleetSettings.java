package dev.candor.cli.fleet;

import java.time.LocalDate;

/**
 * What decides a fleet, to the byte.
 *
 * @param instances how many servers ever send something
 * @param days how many days are told, the last of them {@code end}
 * @param seed the fleet's luck
 * @param end the last day, UTC
 */
public record FleetSettings(int instances, int days, long seed, LocalDate end) {

  public FleetSettings {
    if (instances < 1 || days < 1) {
      throw new IllegalArgumentException(
          "a fleet needs at least 1 instance and 1 day, not " + instances + " and " + days);
    }
  }

  /** The first day told. */
  public LocalDate start() {
    return end.minusDays(days - 1L);
  }
}
