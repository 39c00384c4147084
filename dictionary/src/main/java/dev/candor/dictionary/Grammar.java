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
  /** Four numbers that could be an IP address; the first three are kept. */
  private static final Pattern QUAD =
      Pattern.compile("^((?:[0-9]{1,3}\\.){2}[0-9]{1,3})\\.[0-9]{1,3}$");

  private Grammar() {}

  static boolean fits(Node.Leaf leaf, String value) {
    if (leaf.is(Kind.VERSION) && couldBeAddress(value)) {
      return false;
    }
    if (!leaf.words().isEmpty()) {
      return leaf.words().contains(value);
    }
    return leaf.pattern().isPresent()
        && value.length() <= leaf.maxLength()
        && leaf.pattern().get().matcher(value).matches();
  }

  static boolean fits(Node.Leaf leaf, long value) {
    return (leaf.types().contains(JsonType.INTEGER) || leaf.types().contains(JsonType.NUMBER))
        && value >= leaf.minimum()
        && value <= leaf.maximum();
  }

  static boolean fits(Node.Leaf leaf, double value) {
    return leaf.types().contains(JsonType.NUMBER)
        && value >= leaf.minimum()
        && value <= leaf.maximum();
  }

  /** For values that are no strings: Long, Double, Boolean or null. */
  static boolean fits(Node.Leaf leaf, @Nullable Object value) {
    if (value instanceof Long n) {
      return fits(leaf, n.longValue());
    }
    if (value instanceof Double n) {
      return fits(leaf, n.doubleValue());
    }
    return leaf.types().contains(value == null ? JsonType.NULL : JsonType.BOOLEAN);
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
    if (leaf.is(Kind.VERSION) && couldBeAddress(kept)) {
      kept = QUAD.matcher(kept).replaceFirst("$1");
    }
    return fits(leaf, kept) ? Optional.of(kept) : leaf.otherwise();
  }

  private static boolean couldBeAddress(String value) {
    if (value.length() > 15 || !QUAD.matcher(value).matches()) {
      return false;
    }
    for (String part : value.split("\\.", -1)) {
      if (Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  /** What the leaf wants, in words. */
  static String expected(Node.Leaf leaf) {
    List<String> wants = new ArrayList<>();
    for (JsonType type : leaf.types()) {
      wants.add(
          switch (type) {
            case STRING -> string(leaf);
            case INTEGER ->
                "an integer from " + plain(leaf.minimum()) + " to " + plain(leaf.maximum());
            case NUMBER ->
                "a number from " + plain(leaf.minimum()) + " to " + plain(leaf.maximum());
            case BOOLEAN -> "true or false";
            case NULL -> "null";
          });
    }
    return "expected " + String.join(", or ", wants);
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
        + " of at most "
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
