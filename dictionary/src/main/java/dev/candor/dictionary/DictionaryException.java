package dev.candor.dictionary;

import java.util.List;

/** A dictionary that cannot be used; says everything that is wrong with it, each with its place. */
public final class DictionaryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  DictionaryException(List<String> problems) {
    super("the dictionary cannot be used:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * Each problem: JSON Pointer into the dictionary, a colon, what is wrong and what would be right.
   */
  public List<String> problems() {
    return problems;
  }
}
