package dev.candor.cli;

import static dev.candor.store.ReceiptClock.EARLIEST;

import dev.candor.dictionary.Finding;
import dev.candor.store.ReceiptClock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A message to import and what is known of its receipt. Two forms of line:
 *
 * <ul>
 *   <li>the message itself, as it went over the wire or with the members {@code timestamp} and
 *       {@code type} that a receiver adds;
 *   <li>an envelope, {@code {"received":"2026-01-31T08:00:00.000Z","message":"ping","agent":
 *       "SonarQube/9.9.8.100196","body":{…}}}: the first three are optional, {@code body} comes
 *       last and is exactly what was sent.
 * </ul>
 *
 * @param body the message
 * @param received when it arrived, if that is said
 * @param message its type, if that is said
 * @param agent who sent it, if that is said
 * @param names its top-level members; empty for an envelope's body
 * @param from how many bytes went before the message
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody changes the bytes.
record Envelope(
    byte[] body,
    Optional<Instant> received,
    Optional<String> message,
    Optional<String> agent,
    Set<String> names,
    int from) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Reads a line; what is broken in it is the sieve's to say, so it comes back as it is. */
  static Envelope open(byte[] line) {
    Fields fields = new Fields();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          JsonToken value = parser.nextToken();
          if (name.equals("body") && value == JsonToken.START_OBJECT && fields.enveloped()) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            return fields.enveloping(unwrapped(line, from), from);
          }
          fields.add(name, value == JsonToken.VALUE_STRING ? parser.getString() : null);
          parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      return new Envelope(
          line, Optional.empty(), Optional.empty(), Optional.empty(), fields.names, 0);
    }
    return fields.plain(line);
  }

  /**
   * When it counts as received: as it says itself, else now.
   *
   * @throws IllegalArgumentException if it says a time that cannot be one of receipt
   */
  Instant received(ReceiptClock clock) {
    return received.isEmpty()
        ? clock.instant()
        : clock.believed(received.get()).orElseThrow(() -> unbelievable(clock));
  }

  /** Where a finding in this message is: its line and column in the file, from 1. */
  int[] place(byte[] line, Finding finding) {
    int lines = 0;
    int column = 0;
    for (int i = 0; i < from; i++) {
      lines += line[i] == '\n' ? 1 : 0;
      column = line[i] == '\n' ? 0 : column + 1;
    }
    return new int[] {
      lines + finding.line(), finding.line() == 1 ? column + finding.column() : finding.column()
    };
  }

  private IllegalArgumentException unbelievable(ReceiptClock clock) {
    return new IllegalArgumentException(
        "/%s: expected a time of receipt from %s until now, %s; a message without one counts as received now"
            .formatted(names.isEmpty() ? "received" : "timestamp", EARLIEST, clock.instant()));
  }

  /** The body is the last member: what follows it is the envelope's own brace. */
  private static byte[] unwrapped(byte[] line, int from) {
    int to = line.length;
    while (to > from && line[to - 1] <= ' ') {
      to--;
    }
    return Arrays.copyOfRange(line, from, line[to - 1] == '}' ? to - 1 : to);
  }

  /** Members read so far. */
  private static final class Fields {
    final Set<String> names = new HashSet<>();
    private @Nullable String received;
    private @Nullable String message;
    private @Nullable String agent;
    private @Nullable String timestamp;

    void add(String name, @Nullable String value) {
      names.add(name);
      switch (name) {
        case "received" -> received = value;
        case "message" -> message = value;
        case "agent" -> agent = value;
        case "timestamp" -> timestamp = value;
        default -> {}
      }
    }

    boolean enveloped() {
      return Set.of("received", "message", "agent").containsAll(names);
    }

    Envelope enveloping(byte[] body, int from) {
      return new Envelope(
          body,
          instant("received", received),
          Optional.ofNullable(message),
          Optional.ofNullable(agent),
          Set.of(),
          from);
    }

    Envelope plain(byte[] line) {
      return new Envelope(
          line, instant("timestamp", timestamp), Optional.empty(), Optional.empty(), names, 0);
    }

    private static Optional<Instant> instant(String name, @Nullable String text) {
      try {
        return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "/" + name + ": expected an instant such as 2026-01-31T08:00:00.000Z", e);
      }
    }
  }
}
