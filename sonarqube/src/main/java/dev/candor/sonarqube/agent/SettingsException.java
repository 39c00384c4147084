package dev.candor.sonarqube.agent;

import java.util.List;

/** Settings that cannot be used: every problem, each with its place and the mend. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // an immutable list of strings
  private final List<String> problems;

  SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  SettingsException(String problem) {
    this(List.of(problem));
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
