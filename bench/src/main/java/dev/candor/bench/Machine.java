package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The machine that measures, so that figures are read in its light. */
final class Machine {
  private Machine() {}

  /** Cores, memory, versions; a line each. */
  static String describe() throws IOException {
    return String.join(
        "\n",
        "- cores: " + Runtime.getRuntime().availableProcessors() + ", " + processor(),
        "- memory: " + memory(),
        "- system: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "- Java: " + System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private static String processor() throws IOException {
    return line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
  }

  private static String memory() throws IOException {
    return line("/proc/meminfo", "MemTotal")
        .map(text -> Long.parseLong(text.replaceAll("\\D", "")) / (1024.0 * 1024.0))
        .map(size -> String.format(Locale.ROOT, "%.1f GiB", size))
        .orElse("unknown");
  }

  private static java.util.Optional<String> line(String file, String key) throws IOException {
    if (!Files.isReadable(Path.of(file))) {
      return java.util.Optional.empty();
    }
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    }
  }
}
