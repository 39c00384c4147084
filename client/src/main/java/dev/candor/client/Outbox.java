package dev.candor.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The messages of the state directory, in two folders: {@code outbox} for those that wait, {@code
 * sent} for the others. Each is a body and, beside it, what is known of it.
 *
 * <p>A kill at any step neither loses nor doubles one: a message exists once its body is in {@code
 * outbox} under its name, which is one rename; its account is written before. It is settled once
 * its account is in {@code sent}; what then is left of the move, the next start does.
 */
final class Outbox {
  /** Writes a body. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String META = ".meta";

  private final Path waiting;
  private final Path sent;
  private final Path draft;
  private final OutboxLimits limits;
  private final Clock clock;

  Outbox(Path state, OutboxLimits limits, Clock clock) {
    this.waiting = state.resolve("outbox");
    this.sent = state.resolve("sent");
    this.draft = state.resolve("message.tmp");
    this.limits = limits;
    this.clock = clock;
  }

  /** Makes the folders and finishes what a kill left half done. */
  void open() throws IOException {
    StateFiles.folder(waiting);
    StateFiles.folder(sent);
    for (Path meta : files(waiting)) {
      Optional<Message> message = read(waiting, meta);
      boolean settled = Files.exists(sent.resolve(meta.getFileName()));
      if (settled && message.isPresent() && Files.exists(message.get().body())) {
        StateFiles.move(message.get().body(), message.get().in(sent).body());
      }
      if (settled || message.isEmpty() || !Files.exists(message.get().body())) {
        Files.delete(meta);
      }
    }
  }

  /** Keeps a new message durably, to be sent. */
  Message put(String type, String id, String key, boolean gzip, Body body) throws IOException {
    Instant now = clock.instant();
    String name = STAMP.format(now) + "-" + type + "-" + key;
    Path file = waiting.resolve(name + ".json" + (gzip ? ".gz" : ""));
    Message message =
        new Message(now, type, key, id, file, 0, now, "", "", now, Message.Outcome.WAITING);
    write(draft, gzip, body);
    StateFiles.replace(waiting.resolve(name + META), message.meta());
    StateFiles.move(draft, file);
    return message;
  }

  /**
   * Writes a message straight to a file of its own, and notes it as exported.
   *
   * @param body its bytes for the wire
   * @param to the file to be carried
   * @param carried what is written there
   */
  Message export(String type, String id, String key, Body body, Path to, Body carried)
      throws IOException {
    Instant now = clock.instant();
    String name = STAMP.format(now) + "-" + type + "-" + key;
    Path file = sent.resolve(name + ".json.gz");
    write(draft, true, body);
    write(to, to.toString().endsWith(".gz"), carried);
    Message message =
        new Message(
            now,
            type,
            key,
            id,
            file,
            0,
            now,
            "",
            "written to a file",
            now,
            Message.Outcome.EXPORTED);
    StateFiles.move(draft, file);
    StateFiles.replace(sent.resolve(name + META), message.meta());
    return message;
  }

  private static void write(Path file, boolean gzip, Body body) throws IOException {
    try (FileChannel channel = StateFiles.create(file, StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      if (gzip) {
        GZIPOutputStream packed = new GZIPOutputStream(out, 1 << 13);
        body.writeTo(packed);
        packed.finish();
      } else {
        body.writeTo(out);
      }
      out.flush();
      channel.force(true);
    }
  }

  /** Those that wait, oldest first. */
  List<Message> waiting() throws IOException {
    return messages(waiting).stream()
        .filter(message -> Files.exists(message.body()))
        .filter(message -> !Files.exists(sent.resolve(message.name() + META)))
        .collect(Collectors.toList());
  }

  /** The sent log, oldest first. */
  List<Message> sent() throws IOException {
    return messages(sent);
  }

  /** Everything, oldest first. */
  List<Message> all() throws IOException {
    List<Message> all = new ArrayList<>(sent());
    all.addAll(waiting());
    all.sort(Comparator.comparing(Message::created));
    return all;
  }

  /** Notes an attempt that has to be made again. */
  void retry(Message message) throws IOException {
    StateFiles.replace(waiting.resolve(message.name() + META), message.meta());
  }

  /** Notes how a message ended and moves it to the sent log. */
  void settle(Message message) throws IOException {
    StateFiles.replace(sent.resolve(message.name() + META), message.in(sent).meta());
    StateFiles.move(message.body(), message.in(sent).body());
    Files.delete(waiting.resolve(message.name() + META));
  }

  /** Takes back a message that must not be sent any more: nothing of it stays. */
  void withdraw(Message message) throws IOException {
    Files.delete(message.body());
    Files.delete(waiting.resolve(message.name() + META));
    StateFiles.sync(waiting);
  }

  /** Ends a message that is not meant any more; what may have left stays in the sent log. */
  void giveUp(Message message, String why) throws IOException {
    if (message.tried()) {
      settle(message.ended(Message.Outcome.DROPPED, "not sent again: " + why, clock.instant()));
    } else {
      withdraw(message);
    }
  }

  /**
   * Ends what waits too long or is too much, and forgets what was sent long ago.
   *
   * @param lasting those that neither age nor number ends
   */
  void prune(Predicate<Message> lasting) throws IOException {
    Instant now = clock.instant();
    List<Message> all = waiting();
    all.removeIf(lasting);
    long bytes = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      Message message = all.get(i);
      bytes += Files.size(message.body());
      Duration age = Duration.between(message.created(), now);
      String why =
          age.compareTo(limits.waitingAge()) > 0
              ? "could not be sent for " + limits.waitingAge().toDays() + " days"
              : "gave way to newer messages";
      boolean newest = i == all.size() - 1;
      boolean tooMany = all.size() - i > limits.waiting();
      boolean tooMuch = !newest && bytes > limits.waitingBytes();
      if (tooMany || tooMuch || age.compareTo(limits.waitingAge()) > 0) {
        settle(message.ended(Message.Outcome.DROPPED, "not sent: " + why, now));
      }
    }
    forget(now);
  }

  private void forget(Instant now) throws IOException {
    List<Message> all = sent();
    long bytes = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      Message message = all.get(i);
      bytes += Files.exists(message.body()) ? Files.size(message.body()) : 0;
      boolean old = message.created().plus(limits.sentAge()).isBefore(now);
      // The newest of all stays: it says when the last ping was.
      if (i < all.size() - 1 && (old || bytes > limits.sentBytes())) {
        Files.deleteIfExists(message.body());
        Files.delete(sent.resolve(message.name() + META));
      }
    }
  }

  private static List<Message> messages(Path folder) throws IOException {
    List<Message> messages = new ArrayList<>();
    for (Path meta : files(folder)) {
      read(folder, meta).ifPresent(messages::add);
    }
    messages.sort(Comparator.comparing(Message::created));
    return messages;
  }

  private static Optional<Message> read(Path folder, Path meta) throws IOException {
    try {
      return Message.read(folder, Files.readString(meta));
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty(); // settled meanwhile
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(META))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
