package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command as the launcher runs it: its very last lines, on the jars that the build packed and
 * with the archive of loaded classes that it makes; only that no build is looked for.
 */
final class Packed {
  private static final Path CLI = Path.of("").toAbsolutePath();
  private static final Map<String, String> SOMEWHERE_ELSE =
      Map.of(
          "CANDOR_JAVA_OPTS",
          "-Duser.language=ar -Duser.country=EG -Duser.timezone=Asia/Kathmandu");

  private final Path folder;

  /** Makes {@code candor} in a folder, in which it then runs, and where its files are. */
  Packed(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    assertThat(CLI.resolve("target/lib")).as("what the phase \"package\" makes").isDirectory();
    String launcher = Files.readString(CLI.resolveSibling("candor"));
    String names =
        """
        #!/usr/bin/env bash
        set -euo pipefail
        jdk='%s' home='%s' lib='%s' cache='%s'
        """
            .formatted(
                System.getProperty("java.home"),
                CLI.getParent(),
                CLI.resolve("target/lib"),
                folder.resolve("candor.aot"));
    String warmUp = part(launcher, "\nwarm_up() {\n", "\n}\n") + "\n}\n";
    script("warm-up", names + warmUp + "warm_up\n");
    script("candor", names + "exec " + launcher.substring(launcher.lastIndexOf("exec ") + 5));
    assertThat(run("./warm-up").exitCode()).isZero();
    assertThat(folder.resolve("candor.aot")).exists();
  }

  private static String part(String text, String from, String to) {
    int start = text.indexOf(from);
    assertThat(start).as("\"%s\" in the launcher", from.strip()).isPositive();
    return text.substring(start, text.indexOf(to, start));
  }

  private void script(String name, String text) throws IOException {
    Files.setPosixFilePermissions(
        Files.writeString(folder.resolve(name), text),
        PosixFilePermissions.fromString("rwx------"));
  }

  /** How a shell command is begun in the folder. */
  ProcessBuilder shell(String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"));
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    builder.environment().putAll(SOMEWHERE_ELSE);
    builder.environment().put("TMPDIR", temporary.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().remove("XDG_STATE_HOME");
    builder
        .environment()
        .merge("CANDOR_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary, (a, b) -> a + " " + b);
    return builder;
  }

  /** Runs a shell command in the folder to its end. */
  Door run(String command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        shell(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(command + " ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Door(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Starts a shell command that goes on, and waits until it says this. */
  Running start(String command, String ready) throws IOException {
    Path err = Files.createTempFile(folder, "err", "");
    // The shell gives way to the command, which thus hears that it is to stop.
    Process process = shell("exec " + command).redirectError(err.toFile()).start();
    Running running = new Running(process, err, new ArrayList<>());
    var out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      running.said().add(line);
      if (line.contains(ready)) {
        Thread.ofPlatform().daemon().start(() -> out.lines().forEach(more -> {}));
        return running;
      }
    }
    throw new AssertionError(command + ": " + running.said() + Files.readString(err));
  }

  /** A command that goes on until it is told to stop. */
  record Running(Process process, Path err, List<String> said) implements AutoCloseable {
    /** Tells it to stop, and gives its exit code. */
    int stop() throws InterruptedException {
      process.toHandle().destroy();
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
