package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH in rounds, each method in a JVM of its own on one core, one after the other. */
final class Jmh {
  private Jmh() {}

  /**
   * Operations a second of each method, a value a round.
   *
   * @param size value of the benchmark's parameter {@code size}
   */
  static Map<String, Spread> throughput(
      Setting setting, Class<?> benchmark, int size, List<String> methods)
      throws IOException, RunnerException {
    Map<String, List<Double>> rounds = new LinkedHashMap<>();
    Path java = oneCore(setting);
    for (int round = 0; round < setting.rounds(); round++) {
      for (String method : methods) {
        rounds
            .computeIfAbsent(method, _ -> new ArrayList<>())
            .add(once(setting, java, benchmark, size, method));
      }
      setting.say("    round " + (round + 1) + " of " + setting.rounds());
    }
    Map<String, Spread> spreads = new LinkedHashMap<>();
    rounds.forEach((method, values) -> spreads.put(method, new Spread(values)));
    return spreads;
  }

  private static double once(
      Setting setting, Path java, Class<?> benchmark, int size, String method)
      throws RunnerException {
    TimeValue time = TimeValue.milliseconds(setting.brief() ? 200 : 1000);
    List<RunResult> results =
        List.copyOf(
            new Runner(
                    new OptionsBuilder()
                        .include(
                            "^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
                        .param("size", String.valueOf(size))
                        .mode(Mode.Throughput)
                        .forks(1)
                        .jvm(java.toString())
                        .jvmArgs(
                            "-Xmx512m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
                        .warmupIterations(setting.brief() ? 1 : 3)
                        .warmupTime(time)
                        .measurementIterations(setting.brief() ? 1 : 2)
                        .measurementTime(time)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run());
    return results.getFirst().getPrimaryResult().getScore();
  }

  /** A java command that stays on the first core. */
  private static Path oneCore(Setting setting) throws IOException {
    Path script = setting.work().resolve("java-on-one-core");
    if (!Files.exists(script)) {
      Files.writeString(
          script,
          "#!/bin/sh\nexec taskset -c 0 '"
              + Path.of(System.getProperty("java.home"), "bin", "java")
              + "' \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
    return script;
  }
}
