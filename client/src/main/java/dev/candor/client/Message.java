package dev.candor.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * One message in the state directory: waiting to be sent, or sent, or given up.
 *
 * @param created when it was collected
 * @param type what kind of message it is: {@code ping}, {@code opt-out}
 * @param key its idempotency key: the same at each attempt
 * @param id the instance's id in it
 * @param body the exact bytes for the wire; the file may be gone where nothing was sent
 * @param attempts how often sending was tried
 * @param next not to be tried before; meaningful while it waits
 * @param to where it was sent; empty before the first attempt
 * @param answer the last answer or failure in words; empty before the first attempt
 * @param at when that was
 * @param outcome where it stands
 */
public record Message(
    Instant created,
    String type,
    String key,
    String id,
    Path body,
    int attempts,
    Instant next,
    String to,
    String answer,
    Instant at,
    Outcome outcome) {

  /** Where a message stands. */
  public enum Outcome {
    /** Not yet taken by the receiver. */
    WAITING,
    /** The receiver has it. */
    ACCEPTED,
    /** The receiver will not have it; it is not tried again. */
    REFUSED,
    /** It grew too old or was one too many, and is not tried again. */
    DROPPED,
    /** Written to a file, to be carried by hand. */
    EXPORTED
  }

  /** Whether the body is compressed on the wire. */
  public boolean gzip() {
    return body.toString().endsWith(".gz");
  }

  /** The message as JSON. */
  public InputStream json() throws IOException {
    InputStream raw = Files.newInputStream(body);
    return gzip() ? new GZIPInputStream(raw) : raw;
  }

  /** Whether sending it was begun. */
  boolean tried() {
    return attempts > 0;
  }

  Message tried(Outcome now, String where, String said, Instant when, Instant again) {
    return new Message(created, type, key, id, body, attempts + 1, again, where, said, when, now);
  }

  /** Not taken yet: to be tried again then. */
  Message again(String said, Instant when, Instant then) {
    return new Message(
        created, type, key, id, body, attempts, then, to, said, when, Outcome.WAITING);
  }

  Message ended(Outcome now, String said, Instant when) {
    return new Message(created, type, key, id, body, attempts, next, to, said, when, now);
  }

  Message in(Path folder) {
    Path moved = folder.resolve(String.valueOf(body.getFileName()));
    return new Message(created, type, key, id, moved, attempts, next, to, answer, at, outcome);
  }

  /** The name of its files, without what follows the first dot. */
  String name() {
    String file = String.valueOf(body.getFileName());
    return file.substring(0, file.indexOf('.'));
  }

  /** What is written beside the body, a line each. */
  String meta() {
    Map<String, String> lines = new TreeMap<>();
    lines.put("created", created.toString());
    lines.put("type", type);
    lines.put("key", key);
    lines.put("id", id);
    lines.put("file", String.valueOf(body.getFileName()));
    lines.put("attempts", Integer.toString(attempts));
    lines.put("next", next.toString());
    lines.put("to", to);
    lines.put("answer", answer);
    lines.put("at", at.toString());
    lines.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (name, value) ->
            text.append(name)
                .append('=')
                .append(value.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\"))
                .append('\n'));
    return text.toString();
  }

  /** Reads what {@link #meta} wrote; empty if it is no such file. */
  static Optional<Message> read(Path folder, String meta) {
    try {
      Properties lines = new Properties();
      lines.load(new StringReader(meta));
      return Optional.of(
          new Message(
              Instant.parse(lines.getProperty("created", "")),
              lines.getProperty("type", ""),
              lines.getProperty("key", ""),
              lines.getProperty("id", ""),
              folder.resolve(lines.getProperty("file", "?")),
              Integer.parseInt(lines.getProperty("attempts", "0")),
              Instant.parse(lines.getProperty("next", "")),
              lines.getProperty("to", ""),
              lines.getProperty("answer", ""),
              Instant.parse(lines.getProperty("at", "")),
              Outcome.valueOf(lines.getProperty("outcome", "").toUpperCase(Locale.ROOT))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
