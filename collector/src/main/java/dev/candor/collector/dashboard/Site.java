package dev.candor.collector.dashboard;

import java.util.function.UnaryOperator;

/**
 * What all templates share.
 *
 * @param assets the address of a style sheet or script by its name
 * @param threshold groups of fewer instances are folded for viewers
 */
public record Site(UnaryOperator<String> assets, int threshold) {
  /** Where a style sheet or script is. */
  public String asset(String name) {
    return assets.apply(name);
  }
}
