package dev.candor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server process of its own that tells its port when it is ready. */
final class Service implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");

  private final Process process;
  private final int port;
  private final Optional<Path> recording;

  private Service(Process process, int port, Optional<Path> recording) {
    this.process = process;
    this.port = port;
    this.recording = recording;
  }

  /**
   * The real {@code candor serve} on a data directory.
   *
   * @param java options for its JVM
   * @param cores the cores it may use, such as {@code 0} or {@code 0-1}; empty for all
   */
  static Service candor(Setting setting, Path data, List<String> java, String cores)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (!cores.isEmpty()) {
      command.addAll(List.of("taskset", "-c", cores));
    }
    command.addAll(
        List.of(
            setting.home().resolve("candor").toString(),
            "serve",
            "--data",
            data.toString(),
            "--ingest",
            "127.0.0.1:0",
            "--dashboard",
            "off"));
    List<String> options = new ArrayList<>(java);
    Optional<Path> recording =
        setting.recordings().map(folder -> folder.resolve(data.getFileName() + ".jfr"));
    recording.ifPresent(_ -> options.add("-XX:StartFlightRecording:settings=profile"));
    return start(
        setting, command, recording, Map.of("CANDOR_JAVA_OPTS", String.join(" ", options)));
  }

  /** The same Jetty with a handler of {@link PeerServer}. */
  static Service peer(Setting setting, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PeerServer.class.getName()));
    command.addAll(Arrays.asList(arguments));
    return start(setting, command, Optional.empty(), Map.of());
  }

  private static Service start(
      Setting setting,
      List<String> command,
      Optional<Path> recording,
      Map<String, String> environment)
      throws IOException {
    Path log = Files.createTempFile(setting.work(), "service-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line;
    while ((line = out.readLine()) != null) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        Thread.ofVirtual().start(() -> drain(out));
        return new Service(process, Integer.parseInt(address.group(1)), recording);
      }
    }
    process.destroy();
    throw new IOException("it did not start: " + command + "\n" + Files.readString(log));
  }

  /** Reads what it says, so that it is never held up by that. */
  private static void drain(BufferedReader out) {
    try {
      while (out.readLine() != null) {
        // Nobody asks for it.
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Seconds of a core that it has used so far. */
  double cpu() {
    return cpu(process.toHandle());
  }

  static double cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().map(time -> time.toMillis() / 1000.0).orElse(0.0);
  }

  /** Asks it to end, and waits until it has. */
  @Override
  public void close() {
    try {
      if (recording.isPresent()) {
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(pid()),
                "JFR.dump",
                "filename=" + recording.get())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      }
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
