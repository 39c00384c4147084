package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH in rounds, each method in a JVM of its own, one after the other.
 *
 * @param mode operations a second, or seconds for each
 * @param size value of the benchmark's parameter {@code size}
 * @param oneCore whether to stay on the first core
 */
record Jmh(Setting setting, Class<?> benchmark, Mode mode, int size, boolean oneCore) {
  /** What each method scored, a value a round. */
  record Scores(Map<String, Spread> methods) {
    Spread of(String method) {
      return Objects.requireNonNull(methods.get(method), method);
    }
  }

  Scores run(List<String> methods) throws IOException, RunnerException {
    Map<String, List<Double>> rounds = new LinkedHashMap<>();
    Path java = java();
    for (int round = 0; round < setting.rounds(); round++) {
      for (String method : methods) {
        rounds.computeIfAbsent(method, _ -> new ArrayList<>()).add(once(java, method));
      }
      setting.say("    round " + (round + 1) + " of " + setting.rounds());
    }
    Map<String, Spread> spreads = new LinkedHashMap<>();
    rounds.forEach((method, values) -> spreads.put(method, new Spread(values)));
    return new Scores(spreads);
  }

  private double once(Path java, String method) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(setting.brief() ? 200 : 1000);
    boolean shots = mode == Mode.SingleShotTime;
    return List.copyOf(
            new Runner(
                    new OptionsBuilder()
                        .include(
                            "^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
                        .param("size", String.valueOf(size))
                        .mode(mode)
                        .timeUnit(TimeUnit.SECONDS)
                        .forks(1)
                        .jvm(java.toString())
                        .jvmArgs(
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-Djava.io.tmpdir=" + setting.work(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow")
                        .warmupIterations(setting.brief() || shots ? 1 : 2)
                        .warmupTime(time)
                        .measurementIterations(setting.brief() ? 1 : 2)
                        .measurementTime(time)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run())
        .getFirst()
        .getPrimaryResult()
        .getScore();
  }

  private Path java() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!oneCore) {
      return java;
    }
    Path script = setting.work().resolve("java-on-one-core");
    if (!Files.exists(script)) {
      Files.writeString(script, "#!/bin/sh\nexec taskset -c 0 '" + java + "' \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
    return script;
  }
}
