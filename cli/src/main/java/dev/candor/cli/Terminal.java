package dev.candor.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What can be known of the terminal. */
final class Terminal {
  private static final int DEFAULT_WIDTH = 100;
  private static final int LEAST = 40;

  private Terminal() {}

  @SuppressWarnings("SystemConsoleNull") // Null it still may be, says its contract.
  static boolean interactive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Columns of the terminal: from {@code COLUMNS}, else asked of it, else a hundred. */
  static int width() {
    int width = number(System.getenv().getOrDefault("COLUMNS", ""));
    if (width == 0 && interactive()) {
      width = asked();
    }
    return width == 0 ? DEFAULT_WIDTH : Math.max(LEAST, width);
  }

  private static int asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroy();
        return 0;
      }
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return number(said.strip().replaceFirst(".* ", ""));
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }
}
