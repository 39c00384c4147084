package dev.candor.dictionary;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The quick way for a message that loses nothing: plain ASCII JSON in which every member is
 * declared and every value fits, or is a string for which a coarser one can stand. It looks at the
 * bytes as they are and makes no tokens of them. As soon as it meets anything else it gives up,
 * with the message untouched, and {@link Sifting} has to look closer. What it passes, it passes
 * exactly as {@link Sifting} would.
 */
final class QuickSift {
  /** Digits of a number that is surely a long, and that a double holds exactly. */
  private static final int MOST_DIGITS = 15;

  private final Limits limits;
  private final Optional<Rekeying> rekeying;
  private final byte[] body;
  private final MessageType type;
  private final Layout.Members root;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> members = new LinkedHashSet<>();
  private final Splice splice;

  /** The way from the root to where the walk stands: objects and lists. */
  private final Layout[] within;

  /** For each of them, the number of the member or element. */
  private final int[] steps;

  /** Where the strings begin that are to be replaced once it is sure that the message passes. */
  private int[] replaced = new int[32];

  /** What they are. */
  private Layout.Fact[] replacing = new Layout.Fact[32];

  private int replacements;

  /** What takes the place of those that say too much, in their order. */
  private final ArrayDeque<String> coarser = new ArrayDeque<>();

  private int at;
  private boolean lineEnds;
  private String id = "";
  private int rekeyed;

  QuickSift(
      Limits limits,
      Optional<Rekeying> rekeying,
      byte[] body,
      MessageType type,
      Layout.Members root) {
    this.limits = limits;
    this.rekeying = rekeying;
    this.body = body;
    this.type = type;
    this.root = root;
    this.splice = new Splice(body);
    this.within = new Layout[limits.maxDepth()];
    this.steps = new int[limits.maxDepth()];
  }

  /** What the message comes to; empty if {@link Sifting} must look closer. */
  Optional<Sifted> run() {
    space();
    int start = at;
    if (!take('{') || !object(root, 0)) {
      return Optional.empty();
    }
    int end = at;
    space();
    if (at < body.length || id.isEmpty() || !replace()) {
      return Optional.empty();
    }
    byte[] json = splice.result(start, end, lineEnds);
    return Optional.of(new Sifted.Kept(type, id, json, members, List.copyOf(findings)));
  }

  /** How many pseudonyms, counted from the first, have been replaced in the message. */
  int rekeyed() {
    return rekeyed;
  }

  private boolean object(Layout.Members shape, int depth) {
    if (depth == within.length) {
      return false;
    }
    within[depth] = shape;
    space();
    if (take('}')) {
      return true;
    }
    long seen = 0;
    int member = -1;
    Layout.@Nullable Fact judged = null;
    do {
      space();
      member = shape.at(body, at, member + 1);
      if (member < 0 || (seen >>> member & 1) == 1) {
        return false;
      }
      seen |= 1L << member;
      steps[depth] = member;
      at += shape.length(member);
      space();
      if (!take(':')) {
        return false;
      }
      space();
      Layout value = shape.values[member];
      if (member == shape.judged) {
        value = isAt('"') ? judged : shape.otherwise;
      }
      int begin = at;
      if (value == null || !value(value, depth)) {
        return false;
      }
      if (member == shape.key && body[begin] == '"') {
        judged = shape.judge(StringGrammar.text(body, begin + 1, at - 1));
      }
      if (depth == 0) {
        members.add(shape.names[member]);
      }
      space();
    } while (take(','));
    return take('}');
  }

  private boolean list(Layout.Elements shape, int depth) {
    if (depth == within.length) {
      return false;
    }
    within[depth] = shape;
    space();
    if (take(']')) {
      return true;
    }
    int index = 0;
    do {
      if (index == shape.maxItems()) {
        return false;
      }
      steps[depth] = index++;
      space();
      if (!value(shape.items(), depth)) {
        return false;
      }
      space();
    } while (take(','));
    return take(']');
  }

  private boolean value(Layout shape, int depth) {
    if (shape instanceof Layout.Fact fact) {
      return fact(fact, depth);
    }
    return shape instanceof Layout.Members members
        ? take('{') && object(members, depth + 1)
        : take('[') && list((Layout.Elements) shape, depth + 1);
  }

  private boolean fact(Layout.Fact fact, int depth) {
    if (at == body.length) {
      return false;
    }
    return switch (body[at]) {
      case '"' -> fact.string && string(fact, depth);
      case 't' -> fact.yes && take("true");
      case 'f' -> fact.no && take("false");
      case 'n' -> fact.nothing && take("null");
      default -> fact.number && number(fact);
    };
  }

  private boolean number(Layout.Fact fact) {
    boolean negative = take('-');
    int first = at;
    long number = 0;
    while (at < body.length && body[at] >= '0' && body[at] <= '9') {
      number = number * 10 + body[at++] - '0';
      if (at - first > MOST_DIGITS) {
        return false;
      }
    }
    boolean leadingZero = at - first > 1 && body[first] == '0';
    boolean fraction = isAt('.') || isAt('e') || isAt('E');
    number = negative ? -number : number;
    return at > first
        && !leadingZero
        && !fraction
        && number >= fact.minimum
        && number <= fact.maximum
        && (fact.numbers == null || Arrays.binarySearch(fact.numbers, number) >= 0);
  }

  private boolean string(Layout.Fact fact, int depth) {
    int start = at;
    int end = fact.strings.end(body, start + 1);
    boolean isId = depth == 0 && root.names[steps[0]].equals(type.id());
    if (end < 0) {
      return !isId && coarsened(fact, depth);
    }
    at = end + 1;
    if (isId) {
      id = StringGrammar.text(body, start + 1, end);
    } else if (fact.pseudonym && rekeying.isPresent()) {
      later(start, fact);
    }
    return true;
  }

  private boolean coarsened(Layout.Fact fact, int depth) {
    int start = at;
    int end = StringGrammar.plainEnd(body, start + 1);
    if (end < 0 || fact.pseudonym) {
      return false;
    }
    Optional<String> instead =
        Grammar.coarsened(fact.leaf, StringGrammar.text(body, start + 1, end));
    if (instead.isEmpty()) {
      return false;
    }
    at = end + 1;
    later(start, fact);
    coarser.add(instead.get());
    if (findings.size() < limits.maxFindings()) {
      findings.add(finding(fact, start, depth));
    }
    return true;
  }

  private Finding finding(Layout.Fact fact, int offset, int depth) {
    StringBuilder pointer = new StringBuilder();
    StringBuilder path = new StringBuilder();
    for (int i = 0; i <= depth; i++) {
      if (within[i] instanceof Layout.Members object) {
        pointer.append(Finding.step(object.names[steps[i]]));
        path.append(Finding.plainStep(object.names[steps[i]], true));
      } else {
        pointer.append('/').append(steps[i]);
        path.append("/*");
      }
    }
    int[] lineAndColumn = splice.lineAndColumn(offset);
    return new Finding(
        Reason.COARSENED,
        pointer.toString(),
        path.toString(),
        fact.coarser,
        lineAndColumn[0],
        lineAndColumn[1]);
  }

  private void later(int start, Layout.Fact fact) {
    if (replacements == replaced.length) {
      replaced = Arrays.copyOf(replaced, replacements * 2);
      replacing = Arrays.copyOf(replacing, replacements * 2);
    }
    replaced[replacements] = start;
    replacing[replacements++] = fact;
  }

  private boolean replace() {
    for (int i = 0; i < replacements; i++) {
      int start = replaced[i] + 1;
      int end = StringGrammar.plainEnd(body, start);
      if (!replacing[i].pseudonym) {
        splice.replace(start, end, StringGrammar.bytes(coarser.remove()));
        continue;
      }
      byte[] other = rekeying.orElseThrow().rekey(body, start, end, replacing[i].strings);
      if (other == null) {
        return false;
      }
      splice.replace(start, end, other);
      rekeyed++;
    }
    return true;
  }

  private void space() {
    while (at < body.length && body[at] <= ' ' && Utf8.isSpace(body[at])) {
      lineEnds |= body[at] == '\n' || body[at] == '\r';
      at++;
    }
  }

  private boolean isAt(char c) {
    return at < body.length && body[at] == c;
  }

  private boolean take(char c) {
    if (isAt(c)) {
      at++;
      return true;
    }
    return false;
  }

  private boolean take(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (!take(word.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
