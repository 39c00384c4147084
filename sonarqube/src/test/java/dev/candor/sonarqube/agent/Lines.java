package dev.candor.sonarqube.agent;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A log that can be read afterwards. */
final class Lines implements System.Logger {
  private final StringBuilder lines = new StringBuilder();

  synchronized String text() {
    return lines.toString();
  }

  @Override
  public String getName() {
    return "test";
  }

  @Override
  public boolean isLoggable(Level level) {
    return true;
  }

  @Override
  public synchronized void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    lines.append(level).append(' ').append(message).append(thrown).append('\n');
  }

  @Override
  public synchronized void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... values) {
    String text = values == null ? format : MessageFormat.format(String.valueOf(format), values);
    lines.append(level).append(' ').append(text).append('\n');
  }
}
