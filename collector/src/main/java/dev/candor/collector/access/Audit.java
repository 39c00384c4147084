package dev.candor.collector.access;

import dev.candor.store.PrivateFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
  public record Entry(Instant time, String who, String action, String target) {
    public Entry {
      Objects.requireNonNull(time, "time");
      Objects.requireNonNull(who, "who");
      Objects.requireNonNull(action, "action");
      Objects.requireNonNull(target, "target");
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST = 500;

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");

  private final Path file;
  private final Clock clock;
  private Opened opened;

  /**
   * The file that is written to, which another may take the place of.
   *
   * @param key which file of the disk it is; null where the system has no such thing
   * @param torn whether its last line has no end
   */
  private record Opened(FileChannel channel, @Nullable Object key, boolean torn) {
    Opened mended() {
      return new Opened(channel, key, false);
    }

    Opened broken() {
      return new Opened(channel, key, true);
    }
  }

  /**
   * The latest of the log.
   *
   * @param entries newest first
   * @param damaged how many lines of it cannot be read
   */
  public record Latest(List<Entry> entries, long damaged) {
    public Latest {
      entries = List.copyOf(entries);
    }
  }

  /** Opens the log in this folder, making it if need be. */
  public Audit(Path folder, Clock clock) throws IOException {
    this.file = PrivateFiles.folder(folder).resolve("audit.ndjson");
    this.clock = clock;
    this.opened = open(file);
  }

  private static Opened open(Path file) throws IOException {
    FileChannel channel =
        PrivateFiles.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try {
      boolean torn = isTorn(file);
      if (torn) {
        LOG.log(
            Level.WARNING,
            "the last line of {0} is torn; what follows has a line of its own",
            file);
      }
      return new Opened(channel, key(file), torn);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isTorn(Path file) throws IOException {
    try (FileChannel read = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return read.size() > 0
          && (read.read(last, read.size() - 1) != 1 || last.get(0) != (byte) '\n');
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
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
      followRenaming();
      ByteBuffer bytes =
          ByteBuffer.wrap(
              ((opened.torn() ? "\n" : "") + JSON.writeValueAsString(entry) + "\n")
                  .getBytes(StandardCharsets.UTF_8));
      opened = opened.broken();
      while (bytes.hasRemaining()) {
        opened.channel().write(bytes);
      }
      opened = opened.mended();
      if (durable) {
        opened.channel().force(false);
      }
    } catch (IOException e) {
      // What cannot be noted must not happen.
      throw new UncheckedIOException("the audit log cannot be written: " + file, e);
    }
  }

  /** A log that was moved away, as logrotate does, is begun anew under its name. */
  private void followRenaming() throws IOException {
    boolean same;
    try {
      same = Objects.equals(key(file), opened.key());
    } catch (NoSuchFileException e) {
      same = false;
    }
    if (!same) {
      Opened before = opened;
      opened = open(file);
      before.channel().close();
      PrivateFiles.sync(file.toAbsolutePath().getParent());
    }
  }

  private static String cut(String target) {
    return target.length() <= LONGEST ? target : target.substring(0, LONGEST) + "…";
  }

  /** The latest entries; lines that a crash tore are left out and counted. */
  public Latest latest(int most) throws IOException {
    ArrayDeque<Entry> latest = new ArrayDeque<>();
    long damaged = 0;
    try (BufferedReader lines = reader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<Entry> entry = entry(line);
        if (entry.isPresent()) {
          latest.addFirst(entry.get());
          if (latest.size() > most) {
            latest.removeLast();
          }
        } else if (!line.isBlank()) {
          damaged++;
        }
      }
    } catch (NoSuchFileException e) {
      // It was moved away just now; the next entry begins a new one.
    }
    return new Latest(List.copyOf(latest), damaged);
  }

  /** Any bytes are some text: a torn character must not hide the lines around it. */
  private BufferedReader reader() throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            Files.newInputStream(file),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)));
  }

  private static Optional<Entry> entry(String line) {
    try {
      return Optional.ofNullable(JSON.readValue(line.replaceFirst("^\\uFEFF", ""), Entry.class));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** The whole log as it stands. */
  public byte[] bytes() throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  @Override
  public synchronized void close() throws IOException {
    opened.channel().close();
  }
}
