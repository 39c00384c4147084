package dev.candor.dictionary;

import java.util.Optional;

/**
 * Reads the part of Java's regular expressions that dictionaries need: plain characters, escaped
 * punctuation, sets and ranges, groups, alternatives, and greedy repetition.
 */
final class ExpressionReader {
  private static final String SPECIAL = "\\^$.|?*+()[]{}\"";
  private static final int MOST_REPEATED = 1000;

  /** It uses what this reader does not know. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private int at;

  private ExpressionReader(String text) {
    this.text = text;
  }

  /**
   * What {@code java.util.regex} understands by this expression when it has to fit the whole text.
   *
   * @param regex anchored, {@code ^…$}
   * @return empty if it uses more than this reader knows
   */
  static Optional<Expression> read(String regex) {
    if (regex.length() < 2 || !regex.startsWith("^") || !regex.endsWith("$")) {
      return Optional.empty();
    }
    ExpressionReader reader = new ExpressionReader(regex.substring(1, regex.length() - 1));
    try {
      Expression all = reader.alternatives();
      return reader.at == reader.text.length() ? Optional.of(all) : Optional.empty();
    } catch (Unknown e) {
      return Optional.empty();
    }
  }

  private Expression alternatives() {
    Expression all = sequence();
    while (take('|')) {
      all = Expression.either(all, sequence());
    }
    return all;
  }

  private Expression sequence() {
    if (at == text.length() || text.charAt(at) == '|' || text.charAt(at) == ')') {
      return Expression.EMPTY;
    }
    Expression one = repeated(atom());
    return Expression.then(one, sequence());
  }

  private Expression atom() {
    if (take('(')) {
      if (take('?') && !take(':')) {
        throw new Unknown();
      }
      Expression group = alternatives();
      must(')');
      return group;
    }
    return take('[') ? set() : one(character());
  }

  private Expression repeated(Expression one) {
    Expression all = one;
    if (take('?')) {
      all = Expression.repeat(one, 0, 1);
    } else if (take('*')) {
      all = Expression.repeat(one, 0, Expression.Repeat.ENDLESS);
    } else if (take('+')) {
      all = Expression.repeat(one, 1, Expression.Repeat.ENDLESS);
    } else if (take('{')) {
      int least = number();
      int most = least;
      if (take(',')) {
        most = text.startsWith("}", at) ? Expression.Repeat.ENDLESS : number();
      }
      must('}');
      if (most < least) {
        throw new Unknown();
      }
      all = Expression.repeat(one, least, most);
    } else {
      return all;
    }
    if (at < text.length() && "?*+{".indexOf(text.charAt(at)) >= 0) {
      throw new Unknown(); // reluctant or possessive
    }
    return all;
  }

  private Expression set() {
    Expression.OneOf all = Expression.OneOf.NONE;
    boolean begun = false;
    while (!take(']')) {
      // A hyphen means itself first and last in a set only.
      char first = !begun && take('-') ? '-' : setCharacter();
      begun = true;
      char last = first;
      if (text.startsWith("-]", at)) {
        all = all.with(one('-'));
        at++;
      } else if (first != '-' && take('-')) {
        last = setCharacter();
      }
      if (last < first) {
        throw new Unknown();
      }
      all = all.with(Expression.OneOf.range(first, last));
    }
    if (!begun) {
      throw new Unknown();
    }
    return all;
  }

  private char setCharacter() {
    if (at < text.length() && "+.()$?*{}|".indexOf(text.charAt(at)) >= 0) {
      return text.charAt(at++);
    }
    if (at < text.length() && "-&".indexOf(text.charAt(at)) >= 0) {
      throw new Unknown();
    }
    return character();
  }

  private char character() {
    boolean escaped = take('\\');
    if (at == text.length()) {
      throw new Unknown();
    }
    char c = text.charAt(at++);
    boolean letterOrDigit = Character.isLetterOrDigit(c);
    boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    if (!plain || (escaped ? letterOrDigit : SPECIAL.indexOf(c) >= 0)) {
      throw new Unknown();
    }
    return c;
  }

  private static Expression.OneOf one(char c) {
    return Expression.OneOf.range(c, c);
  }

  private int number() {
    int number = 0;
    int digits = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      number = number * 10 + text.charAt(at++) - '0';
      digits++;
      if (number > MOST_REPEATED) {
        throw new Unknown();
      }
    }
    if (digits == 0) {
      throw new Unknown();
    }
    return number;
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void must(char c) {
    if (!take(c)) {
      throw new Unknown();
    }
  }
}
