package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The strings that fit a leaf: the words of an enumeration, or those that match a pattern. A
 * version that could be an IP address does not.
 */
public final class StringGrammar {
  /** Four numbers that could be an IP address; the first three are a group. */
  static final Pattern QUAD = Pattern.compile("^((?:[0-9]{1,3}\\.){2}[0-9]{1,3})\\.[0-9]{1,3}$");

  private static final String OCTET = "(?:[0-9]{1,2}|[01][0-9]{2}|2[0-4][0-9]|25[0-5])";
  private static final Expression ADDRESS =
      ExpressionReader.read("^" + OCTET + "(?:\\." + OCTET + "){3}$").orElseThrow();

  private static final int LONGEST_WORD = 200;

  private final Set<String> words;
  private final Optional<Pattern> pattern;
  private final int minLength;
  private final int maxLength;
  private final boolean noAddress;

  /** The same again as a table, if it can be one. */
  private final Optional<Automaton> automaton;

  StringGrammar(
      Set<String> words,
      Optional<Pattern> pattern,
      int minLength,
      int maxLength,
      boolean noAddress) {
    this.words = words;
    this.pattern = pattern;
    this.minLength = words.isEmpty() ? minLength : 0;
    this.maxLength = words.isEmpty() ? maxLength : Integer.MAX_VALUE;
    this.noAddress = noAddress;
    this.automaton =
        expression(words, pattern)
            .map(all -> noAddress ? Expression.butNot(all, ADDRESS) : all)
            .flatMap(Automaton::of);
  }

  private static Optional<Expression> expression(Set<String> words, Optional<Pattern> pattern) {
    if (words.isEmpty()) {
      return pattern.flatMap(regex -> ExpressionReader.read(regex.pattern()));
    }
    boolean plain = words.stream().allMatch(word -> isPlain(word));
    return plain
        ? Optional.of(
            Expression.either(words.stream().map(Expression::text).toArray(Expression[]::new)))
        : Optional.empty();
  }

  /** Whether the string is one of them. */
  public boolean fits(String value) {
    return automaton.isPresent()
        ? value.length() >= minLength && value.length() <= maxLength && automaton.get().fits(value)
        : fitsUncompiled(value);
  }

  /** The same by {@code java.util.regex} alone. */
  boolean fitsUncompiled(String value) {
    if (noAddress && couldBeAddress(value)) {
      return false;
    }
    if (!words.isEmpty()) {
      return words.contains(value);
    }
    int length = value.codePointCount(0, value.length());
    return pattern.isPresent()
        && length >= minLength
        && length <= maxLength
        && value.chars().noneMatch(c -> c < ' ' || c == 127)
        && pattern.get().matcher(value).matches();
  }

  /** Strings that fit, for a look at what they are like: the shortest, the longest, and others. */
  List<String> samples(int many) {
    RandomGenerator random = new Random(0);
    return sampler().stream()
        .flatMap(
            sampler ->
                IntStream.range(0, many)
                    .mapToObj(i -> sampler.sample(i < 2 ? i : random.nextDouble(), random)))
        .toList();
  }

  /** Makes strings that fit; empty if there is none, or it takes the library to tell. */
  Optional<Automaton.Sampler> sampler() {
    return automaton.flatMap(table -> table.sampler(minLength, Math.min(maxLength, LONGEST_WORD)));
  }

  /** Whether a table judges its strings. */
  boolean isCompiled() {
    return automaton.isPresent();
  }

  /**
   * Judges a JSON string where it stands.
   *
   * @param from its first byte after the quote
   * @return where its closing quote is; -1 if it does not fit, is not plain ASCII or has escapes
   */
  int end(byte[] body, int from) {
    int to = (int) Math.min(body.length, (long) from + maxLength + 1);
    if (automaton.isPresent()) {
      int end = automaton.get().end(body, from, to);
      return end - from >= minLength ? end : -1;
    }
    int end = plainEnd(body, from);
    return end >= 0 && fitsUncompiled(text(body, from, end)) ? end : -1;
  }

  /** Whether a text in plain ASCII, without escapes, is one of them. */
  boolean fits(byte[] text) {
    byte[] closed = Arrays.copyOf(text, text.length + 1);
    closed[text.length] = '"';
    return end(closed, 0) == text.length;
  }

  /** Where the quote is that ends the string; -1 if it is not plain ASCII or has escapes. */
  static int plainEnd(byte[] body, int from) {
    for (int at = from; at < body.length; at++) {
      byte b = body[at];
      if (b == '"') {
        return at;
      }
      if (b < ' ' || b == '\\' || b == 127) {
        return -1;
      }
    }
    return -1;
  }

  static String text(byte[] body, int from, int to) {
    return new String(body, from, to - from, StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] all) {
    return text(all, 0, all.length);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static boolean couldBeAddress(String value) {
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

  private static boolean isPlain(String word) {
    return word.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
  }
}
