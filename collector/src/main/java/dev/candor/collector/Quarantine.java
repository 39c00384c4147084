package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.store.PrivateFiles;
import dev.candor.store.RetentionRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Whole bodies of messages that lost something or were refused, kept apart for some days so that
 * they can be sifted again once the dictionary has been mended. Off unless asked for; only the
 * receiver's own user may read them. One file a message: a line of what the receiver added, then
 * the body.
 *
 * <p>Files lie in {@code quarantine/<product>/<message>/<day>/} of the data directory.
 */
final class Quarantine {
  private static final Logger LOG = System.getLogger("dev.candor.collector");

  /** Days: what is too old by more was not let go of daily. */
  private static final long LONG = 7;

  private static final AtomicLong SERIAL = new AtomicLong();

  private final Path root;
  private final int days;
  private final long maxBytes;
  private final Clock clock;
  private final AtomicLong size = new AtomicLong();

  Quarantine(Path data, int days, long maxBytes, Clock clock) {
    this.root = data.resolve("quarantine");
    this.days = days;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /** Keeps a body; a quarantine that is full or broken keeps none, and the message goes its way. */
  void keep(Dictionary product, MessageType type, Receipt receipt, byte[] body) {
    byte[] bytes = whole(receipt, type, body);
    if (size.addAndGet(bytes.length) > maxBytes) {
      size.addAndGet(-bytes.length);
      return;
    }
    Path day =
        root.resolve(product.product())
            .resolve(type.name())
            .resolve(LocalDate.ofInstant(receipt.received(), ZoneOffset.UTC).toString());
    String name =
        receipt.received().toEpochMilli()
            + "-"
            + ProcessHandle.current().pid()
            + "-"
            + SERIAL.incrementAndGet();
    try {
      Path made = PrivateFiles.create(day.resolve(name + ".new"), bytes, false);
      Files.move(made, day.resolve(name + ".ping"));
    } catch (IOException e) {
      size.addAndGet(-bytes.length);
      LOG.log(Level.WARNING, "a message could not be put into quarantine", e);
    }
  }

  private static byte[] whole(Receipt receipt, MessageType type, byte[] body) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length + 200);
    for (Map.Entry<String, String> member : receipt.members(type).entrySet()) {
      if (member.getKey().startsWith("_")) {
        whole.writeBytes(
            (member.getKey() + "=" + member.getValue() + " ").getBytes(StandardCharsets.US_ASCII));
      }
    }
    whole.write('\n');
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  /**
   * Deletes what is too old, and measures the rest.
   *
   * @throws RetentionRefused as of {@link #letGo}; the rest is measured all the same
   */
  void prune(boolean sure) throws IOException {
    try {
      Instant now = clock.instant();
      letGo(root, LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(days - 1L), sure, now);
    } finally {
      measure();
    }
  }

  private void measure() throws IOException {
    long left = 0;
    for (Path file : files(root)) {
      left += Files.size(file);
    }
    size.set(left);
  }

  /**
   * Deletes what a quarantine holds from before this day.
   *
   * @param sure whether to delete however many
   * @return how many bodies
   * @throws RetentionRefused if they are more than half of all, some of them a week too old, and
   *     nobody is sure: it may be the clock that is wrong
   */
  static long letGo(Path root, LocalDate keepFrom, boolean sure, Instant now) throws IOException {
    List<Path> all = files(root);
    List<Path> due = all.stream().filter(file -> isBefore(day(file), keepFrom)).toList();
    boolean isLong = due.stream().anyMatch(file -> isBefore(day(file), keepFrom.minusDays(LONG)));
    if (!sure && isLong && due.size() > all.size() / 2) {
      throw new RetentionRefused(due.size(), all.size(), keepFrom, now);
    }
    for (Path file : due) {
      Files.deleteIfExists(file);
      dropIfEmpty(day(file));
    }
    return due.size();
  }

  private static Path day(Path file) {
    return file.resolveSibling(".").normalize();
  }

  /** All bodies kept below a folder, oldest first. */
  static List<Path> files(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** When a body was received; the beginning of time if its file's name does not tell. */
  static Instant received(Path file) {
    String name = file.getFileName().toString();
    String millis = name.substring(0, Math.max(0, name.indexOf('-')));
    return millis.matches("[0-9]{1,15}")
        ? Instant.ofEpochMilli(Long.parseLong(millis))
        : Instant.MIN;
  }

  private static boolean isBefore(Path day, LocalDate oldest) {
    try {
      return LocalDate.parse(day.getFileName().toString()).isBefore(oldest);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  static void dropIfEmpty(Path day) throws IOException {
    try (Stream<Path> left = Files.list(day)) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(day);
  }
}
