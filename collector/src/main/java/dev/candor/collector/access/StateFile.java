package dev.candor.collector.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A JSON file of ours that is replaced as a whole. */
final class StateFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StateFile() {}

  /**
   * What the file holds; empty if there is none.
   *
   * @param otherwise what follows from moving the file away, in words
   * @throws IOException if it cannot be read or is damaged; says what may be done
   */
  static <T> Optional<T> read(Path file, Class<T> type, String otherwise) throws IOException {
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    Optional<T> held;
    try {
      held = Optional.ofNullable(JSON.readValue(bytes, type));
    } catch (JacksonException e) {
      throw damaged(file, bytes, otherwise, e);
    }
    if (held.isEmpty()) {
      throw damaged(file, bytes, otherwise, null);
    }
    return held;
  }

  private static IOException damaged(
      Path file,
      byte[] bytes,
      String otherwise,
      @org.jspecify.annotations.Nullable JacksonException cause) {
    String place =
        cause == null || cause.getLocation() == null || cause.getLocation().getLineNr() < 1
            ? ""
            : " at line "
                + cause.getLocation().getLineNr()
                + ", column "
                + cause.getLocation().getColumnNr();
    return new IOException(
        file
            + (bytes.length == 0 ? " is empty" : " is damaged" + place)
            + ": restore it from a backup, or move it away: "
            + otherwise,
        cause);
  }
}
