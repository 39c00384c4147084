package dev.candor.collector;

import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the control socket of a data directory is: systems allow such paths about 100 bytes. */
final class ControlPath {
  private static final int MAX = 100;
  private static final String SOCKET = "control.sock";

  private ControlPath() {}

  /** A place for the socket; noted in {@code control.path} if it is not in the directory itself. */
  static Path choose(Path data) throws IOException {
    forget(data);
    Path near = near(data);
    if (near.toString().getBytes(StandardCharsets.UTF_8).length <= MAX) {
      return near;
    }
    Path far = Files.createTempDirectory("candor-").resolve(SOCKET);
    PrivateFiles.create(note(data), far.toString().getBytes(StandardCharsets.UTF_8), false);
    return far;
  }

  /** Where the socket should be, whether or not someone listens there. */
  static Path find(Path data) throws IOException {
    if (Files.notExists(note(data))) {
      return near(data);
    }
    String noted = new String(Files.readAllBytes(note(data)), StandardCharsets.UTF_8);
    // A note that a power cut tore names no socket; nobody listens there.
    return noted.indexOf('\0') < 0 && noted.endsWith("/" + SOCKET) ? Path.of(noted) : near(data);
  }

  static void forget(Path data) throws IOException {
    if (Files.exists(note(data))) {
      Path far = find(data);
      Files.deleteIfExists(far);
      Path folder = far.getParent();
      if (folder != null && folder.getFileName().toString().startsWith("candor-")) {
        Files.deleteIfExists(folder);
      }
      Files.deleteIfExists(note(data));
    }
  }

  private static Path near(Path data) {
    return data.toAbsolutePath().normalize().resolve(SOCKET);
  }

  private static Path note(Path data) {
    return data.resolve("control.path");
  }
}
