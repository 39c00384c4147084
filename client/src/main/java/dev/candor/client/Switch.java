package dev.candor.client;

import java.util.List;

/**
 * Whether anything may be sent. Asked again before each collecting and each sending, so a change is
 * seen without a restart.
 */
@FunctionalInterface
public interface Switch {
  /** Where the switch stands now. A switch that throws counts as off. */
  Position position();

  /**
   * Where a switch stands.
   *
   * @param on whether pings may be sent
   * @param because what decided, in a sentence: a line of a file, a variable, a default
   * @param problems what to mend about the switch's setting, one sentence each
   */
  record Position(boolean on, String because, List<String> problems) {
    public Position {
      problems = List.copyOf(problems);
    }
  }

  /** A switch that only {@code DO_NOT_TRACK=1} can turn off. */
  static Switch alwaysOn() {
    return () -> new Position(true, "the program has no switch of its own", List.of());
  }
}
