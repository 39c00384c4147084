package dev.candor.collector.dashboard;

import java.util.function.UnaryOperator;

/**
 * What all templates share.
 *
 * @param assets the address of a style sheet or script by its name
 */
public record Site(UnaryOperator<String> assets) {
  /** Where a style sheet or script is. */
  public String asset(String name) {
    return assets.apply(name);
  }
}
