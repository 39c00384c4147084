package dev.candor.collector.dashboard;

import java.util.List;

/**
 * What a page can be narrowed by, and what is chosen.
 *
 * @param days whether days narrow it
 * @param facets facts of an instance
 * @param numbers numbers that the page's reports take
 * @param from first day; empty for the very first
 * @param to last day; empty for the very last
 * @param chosen whether anything is chosen
 * @param day the as-of day; empty if nothing came yet
 * @param complete percent of that day's pings that are here, going by the days before; empty if
 *     there are none
 * @param nothing whether nothing came yet
 * @param setup what to do so that something comes
 * @param lines what to set for that
 * @param places what stands for what in these lines, in sentences
 * @param wrong what is wrong with what was chosen; empty for nothing
 */
public record Filters(
    boolean days,
    List<Facet> facets,
    List<Field> numbers,
    String from,
    String to,
    boolean chosen,
    String day,
    String complete,
    boolean nothing,
    String setup,
    List<String> lines,
    List<String> places,
    String wrong) {

  /** The same with days as they were typed, and what is wrong. */
  Filters mistaken(String newWrong, String typedFrom, String typedTo) {
    return new Filters(
        days, facets, numbers, typedFrom, typedTo, true, day, complete, nothing, setup, lines,
        places, newWrong);
  }

  /** A fact, its values and the one that is chosen. */
  public record Facet(String name, String label, List<String> values, String chosen) {}

  /** A number and what it means. */
  public record Field(String name, String label, String value) {}
}
