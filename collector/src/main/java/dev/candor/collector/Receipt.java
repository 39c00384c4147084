package dev.candor.collector;

import dev.candor.dictionary.JsonType;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is added to a message: when it came, by which software, and under which idempotency key.
 * Nothing else of a request is kept.
 *
 * @param received when it came
 * @param agent the sender's product and version, if it named one that can be no address
 * @param key its idempotency key, if it had one
 */
public record Receipt(Instant received, Optional<String> agent, Optional<String> key) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern AGENT =
      Pattern.compile("([A-Za-z][A-Za-z0-9._-]{0,39})/([0-9][0-9A-Za-z.+-]{0,39})");
  private static final Pattern FOUR =
      Pattern.compile("(?<![0-9.])([0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3})\\.([0-9]{1,3})(?![0-9])");
  private static final Pattern AFTER_FIRST = Pattern.compile("[ \t(;,]");
  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{8,64}");

  /**
   * Of what a sender said of itself; what does not look like it should is left out.
   *
   * @param userAgent such as {@code SonarQube/9.7.0.61563}
   * @param idempotencyKey 8 to 64 of {@code A-Za-z0-9_-}
   */
  public static Receipt of(
      Instant received, @Nullable String userAgent, @Nullable String idempotencyKey) {
    return new Receipt(
        received,
        Optional.ofNullable(userAgent).flatMap(Receipt::agent),
        Optional.ofNullable(idempotencyKey).filter(key -> KEY.matcher(key).matches()));
  }

  /** The first product and version of a User-Agent, if they look like nothing else. */
  private static Optional<String> agent(String header) {
    Matcher agent = AGENT.matcher(AFTER_FIRST.split(header.strip(), 2)[0]);
    if (!agent.matches() || FOUR.matcher(agent.group(1)).find()) {
      return Optional.empty();
    }
    return Optional.of(agent.group(1) + "/" + withoutAddress(agent.group(2)));
  }

  /** Four numbers that are all at most 255 can be an address: three of them stay. */
  private static String withoutAddress(String version) {
    Matcher four = FOUR.matcher(version);
    boolean address =
        four.find()
            && Integer.parseInt(four.group(2)) <= 255
            && DOT.splitAsStream(four.group(1)).allMatch(part -> Integer.parseInt(part) <= 255);
    return address ? version.substring(0, four.end(1)) : version;
  }

  /** The time of receipt: ISO-8601 in UTC to the millisecond. */
  String time() {
    return TIME.format(received);
  }

  /** A product may mean something else by a member of that name. */
  private static boolean takes(MessageType type, String name, String value) {
    return type.root().members().entrySet().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name))
        .allMatch(
            member ->
                member.getKey().equals(name)
                    && member.getValue() instanceof Node.Leaf leaf
                    && leaf.types().contains(JsonType.STRING)
                    && leaf.strings().fits(value));
  }

  /** Members to add to the stored message. */
  public Map<String, String> members(MessageType type) {
    Map<String, String> members = new LinkedHashMap<>();
    String time = time();
    if (takes(type, "timestamp", time)) {
      members.put("timestamp", time);
    }
    if (takes(type, "type", type.name())) {
      members.put("type", type.name());
    }
    members.put("_received", time);
    agent.ifPresent(value -> members.put("_agent", value));
    key.ifPresent(value -> members.put("_key", value));
    return members;
  }
}
