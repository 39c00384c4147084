package dev.candor.cli;

import dev.candor.collector.Sink;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts messages that did not come over HTTP through the sieve and into the store. */
final class Filing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern AGENT =
      Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}/[0-9]{1,5}(\\.[0-9]{1,6}){0,3}");
  private static final Pattern ADDRESS = Pattern.compile(".*/([0-9]{1,3}\\.){3}[0-9]{1,3}");

  private final Dictionary dictionary;
  private final Sieve sieve;
  private final Sink sink;

  Filing(Dictionary dictionary, Sieve sieve, Sink sink) {
    this.dictionary = dictionary;
    this.sieve = sieve;
    this.sink = sink;
  }

  /**
   * Files one message; returns when it is durable, or refused.
   *
   * @param key what makes a second import of the same message count once
   */
  Sifted file(
      byte[] body, MessageType type, Instant received, Optional<String> agent, Optional<String> key)
      throws IOException {
    Sifted sifted = sieve.sift(body, type);
    if (sifted instanceof Sifted.Kept kept) {
      Map<String, String> members = new LinkedHashMap<>();
      members.put("timestamp", TIME.format(received));
      members.put("type", type.name());
      members.put("_received", TIME.format(received));
      agent.filter(Filing::plain).ifPresent(value -> members.put("_agent", value));
      key.ifPresent(value -> members.put("_key", value));
      sink.append(dictionary, kept.type(), kept.with(members));
    }
    return sifted;
  }

  /** A product and its version, and nothing that could be an address. */
  private static boolean plain(String agent) {
    return AGENT.matcher(agent).matches() && !ADDRESS.matcher(agent).matches();
  }
}
