package dev.candor.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one line on stderr and an exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  Failure(int exitCode, @Nullable String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command could not do its work. */
  static Failure of(String message) {
    return new Failure(1, message);
  }

  /** The command was asked for something that makes no sense. */
  static Failure usage(@Nullable String message) {
    return new Failure(2, message);
  }

  int exitCode() {
    return exitCode;
  }
}
