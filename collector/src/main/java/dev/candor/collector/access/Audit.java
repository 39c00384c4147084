package dev.candor.collector.access;

import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who did what and when: {@code access/audit.ndjson}, to which lines are only added. No address is
 * in it.
 */
public final class Audit implements AutoCloseable {
  /**
   * One line.
   *
   * @param time when, to the millisecond
   * @param who account, {@code oidc:} and a name, {@code token:} and a token's name, or {@code
   *     nobody}
   * @param action such as {@code view}, {@code export}, {@code sign-in} or {@code erase}
   * @param target what it was done to
   */
  public record Entry(Instant time, String who, String action, String target) {}

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST = 500;

  private final Path file;
  private final FileChannel channel;
  private final Clock clock;

  /** Opens the log in this folder, making it if need be. */
  public Audit(Path folder, Clock clock) throws IOException {
    this.file = PrivateFiles.folder(folder).resolve("audit.ndjson");
    this.channel = PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.clock = clock;
  }

  /** Notes that somebody looked; it is on the disk at the system's leisure. */
  public void looked(String who, String action, String target) {
    write(who, action, target, false);
  }

  /** Notes a change; it is on the disk when this returns. */
  public void changed(String who, String action, String target) {
    write(who, action, target, true);
  }

  private synchronized void write(String who, String action, String target, boolean durable) {
    Entry entry =
        new Entry(clock.instant().truncatedTo(ChronoUnit.MILLIS), who, action, cut(target));
    try {
      byte[] line =
          (JSON.writeValueAsString(entry) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (durable) {
        channel.force(false);
      }
    } catch (IOException e) {
      // What cannot be noted must not happen.
      throw new UncheckedIOException("the audit log cannot be written: " + file, e);
    }
  }

  private static String cut(String target) {
    return target.length() <= LONGEST ? target : target.substring(0, LONGEST) + "…";
  }

  /** The latest entries, newest first. */
  public List<Entry> latest(int most) throws IOException {
    ArrayDeque<Entry> latest = new ArrayDeque<>();
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        try {
          latest.addFirst(JSON.readValue(line, Entry.class));
        } catch (JacksonException e) {
          continue; // A line that a crash cut.
        }
        if (latest.size() > most) {
          latest.removeLast();
        }
      }
    }
    return List.copyOf(latest);
  }

  /** The whole log. */
  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
