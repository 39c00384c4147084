package dev.candor.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /**
   * The wish not to be tracked, if it is among these variables: {@code DO_NOT_TRACK} with any value
   * but an empty one, 0 and false.
   *
   * @return what to say of it; the value where that is a plain word
   */
  static Optional<String> doNotTrack(Map<String, String> environment) {
    String value = environment.getOrDefault("DO_NOT_TRACK", "").strip();
    boolean tracked = value.isEmpty() || value.equals("0") || value.equalsIgnoreCase("false");
    String shown = value.matches("[A-Za-z0-9]{1,12}") ? "=" + value : "";
    return tracked ? Optional.empty() : Optional.of("DO_NOT_TRACK" + shown + " in the environment");
  }

  /** A switch that only {@code DO_NOT_TRACK} can turn off. */
  static Switch alwaysOn() {
    return () -> new Position(true, "the program has no switch of its own", List.of());
  }
}
