package dev.candor.client;

import dev.candor.dictionary.MessageWriter;

/** Facts for one or more top-level members of the ping. */
@FunctionalInterface
public interface Source {
  /**
   * Writes this source's members. Runs on a thread of its own, which is interrupted when its time
   * is over; call {@link Meter#row} for each row so that the budget holds.
   *
   * @param out where to write; what the dictionary does not admit is left out and noted
   * @param meter what is left of the budget
   * @throws Exception for whatever reason: the source's members are then left out of this ping, and
   *     the reason is shown. Only a {@link SourceException}'s own words are shown, of any other
   *     exception the class alone, since its message might hold a value
   */
  void collect(MessageWriter out, Meter meter) throws Exception;
}
