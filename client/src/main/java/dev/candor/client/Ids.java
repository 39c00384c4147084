package dev.candor.client;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ids that a dictionary admits, and random ones among them. */
final class Ids {
  private static final int USUAL_BYTES = 16;
  private static final int LEAST_BITS = 64;
  private static final int MOST_LENGTH = 128;
  private static final int TRIES = 8;
  private static final List<String> ALPHABETS =
      List.of(
          "0123456789abcdef",
          "0123456789ABCDEF",
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
          "0123456789abcdefghijklmnopqrstuvwxyz",
          "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
          "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
          "abcdefghijklmnopqrstuvwxyz",
          "0123456789");

  private final List<Node.Leaf> leaves;

  /** Those that fit in the heartbeat and the opt-out. */
  Ids(Dictionary dictionary) {
    this.leaves =
        Stream.of(dictionary.heartbeat(), dictionary.optOut())
            .flatMap(Optional::stream)
            .map(type -> type.root().members().get(type.id()))
            .filter(Node.Leaf.class::isInstance)
            .map(Node.Leaf.class::cast)
            .collect(Collectors.toList());
  }

  /** What an id must be, for people. */
  String expected() {
    return leaves.stream()
        .map(
            leaf ->
                leaf.pattern()
                    .map(pattern -> "what fits " + pattern.pattern())
                    .orElse("a word of its list"))
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  boolean fit(String id) {
    return leaves.stream().allMatch(leaf -> leaf.strings().fits(id));
  }

  /**
   * One of at least 2^64 that no other instance has: 32 hexadecimal digits where they fit, else a
   * UUID, else digits or letters of a length that fits. Empty where none of these does.
   */
  Optional<String> random(RandomGenerator random) {
    UUID uuid = uuid(random);
    List<String> usual =
        List.of(
            Names.hex(random, USUAL_BYTES),
            uuid.toString(),
            uuid.toString().toUpperCase(Locale.ROOT),
            "urn:uuid:" + uuid);
    Optional<String> fits = usual.stream().filter(this::fit).findFirst();
    for (String alphabet : ALPHABETS) {
      int least = (int) Math.ceil(LEAST_BITS / (Math.log(alphabet.length()) / Math.log(2)));
      for (int i = 0; fits.isEmpty() && i < (MOST_LENGTH - least + 1) * TRIES; i++) {
        fits = Optional.of(text(random, alphabet, least + i / TRIES)).filter(this::fit);
      }
    }
    return fits;
  }

  private static UUID uuid(RandomGenerator random) {
    long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
    long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    return new UUID(high, low);
  }

  private static String text(RandomGenerator random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
