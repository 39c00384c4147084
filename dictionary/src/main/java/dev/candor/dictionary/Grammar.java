package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether a single value fits its leaf, and what is left of one that says too much. */
final class Grammar {
  private Grammar() {}

  static boolean fits(Node.Leaf leaf, String value) {
    return leaf.strings().fits(value);
  }

  static boolean fits(Node.Leaf leaf, long value) {
    return (leaf.types().contains(JsonType.INTEGER) || leaf.types().contains(JsonType.NUMBER))
        && isListed(leaf, value);
  }

  static boolean fits(Node.Leaf leaf, double value) {
    return leaf.types().contains(JsonType.NUMBER) && isListed(leaf, value);
  }

  private static boolean isListed(Node.Leaf leaf, double value) {
    return value >= leaf.minimum()
        && value <= leaf.maximum()
        && (leaf.numbers().isEmpty() || leaf.numbers().contains(value + 0.0)); // -0 is 0
  }

  static boolean fits(Node.Leaf leaf, boolean value) {
    return leaf.flags().contains(value);
  }

  /** For values that are no strings: Long, Double, Boolean or null. */
  static boolean fits(Node.Leaf leaf, @Nullable Object value) {
    if (value instanceof Long n) {
      return fits(leaf, n.longValue());
    }
    if (value instanceof Double n) {
      return fits(leaf, n.doubleValue());
    }
    return value instanceof Boolean flag
        ? fits(leaf, flag.booleanValue())
        : leaf.types().contains(JsonType.NULL);
  }

  /** A coarser value that fits where this one does not, if the dictionary has one. */
  static Optional<String> coarsened(Node.Leaf leaf, String value) {
    String kept = value;
    if (leaf.keep().isPresent() && value.length() <= 1000) {
      Matcher matcher = leaf.keep().get().matcher(kept);
      if (matcher.matches() && matcher.group(1) != null) {
        kept = matcher.group(1);
      }
    }
    if (leaf.is(Kind.VERSION) && StringGrammar.couldBeAddress(kept)) {
      kept = StringGrammar.QUAD.matcher(kept).replaceFirst("$1");
    }
    return fits(leaf, kept) ? Optional.of(kept) : leaf.otherwise();
  }

  /** What is said where a coarser value has taken a string's place. */
  static String coarser(Node.Leaf leaf) {
    return "kept coarser: " + expected(leaf);
  }

  /** What the leaf wants, in words. */
  static String expected(Node.Leaf leaf) {
    List<String> wants = new ArrayList<>();
    for (JsonType type : leaf.types()) {
      wants.add(
          switch (type) {
            case STRING -> string(leaf);
            case INTEGER -> "an integer" + number(leaf);
            case NUMBER -> "a number" + number(leaf);
            case BOOLEAN -> leaf.flags().size() > 1 ? "true or false" : flag(leaf);
            case NULL -> "null";
          });
    }
    return "expected " + String.join(", or ", wants);
  }

  private static String number(Node.Leaf leaf) {
    return leaf.numbers().isEmpty()
        ? " from " + plain(leaf.minimum()) + " to " + plain(leaf.maximum())
        : " of " + leaf.numbers().stream().map(Grammar::plain).collect(Collectors.joining(", "));
  }

  private static String flag(Node.Leaf leaf) {
    return leaf.flags().contains(true) ? "true" : "false";
  }

  private static String string(Node.Leaf leaf) {
    String kind = leaf.kinds().stream().map(Kind::word).collect(Collectors.joining(" or "));
    if (!leaf.words().isEmpty()) {
      return leaf.words().size() > 8
          ? "a word of the dictionary's list of " + leaf.words().size()
          : "one of " + String.join(", ", leaf.words());
    }
    return "a "
        + kind
        + " of "
        + (leaf.minLength() > 0 ? "at least " + leaf.minLength() + " and " : "")
        + "at most "
        + leaf.maxLength()
        + " characters that fits "
        + leaf.pattern().map(Pattern::pattern).orElse("");
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e18
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }
}
