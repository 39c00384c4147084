package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A regular expression as a table: each state and character lead to one state, so that a text is
 * judged in one look at each of its characters.
 */
final class Automaton {
  private static final int MOST_ENTRIES = Character.MAX_VALUE;

  /** The first state, from which nothing leads away. */
  private static final int DEAD = 0;

  /** Characters that the expression does not tell apart have the same class; 0 never fits. */
  private final byte[] classes;

  /** By state and class, the next state; a state is the place where its row begins. */
  private final char[] next;

  /** By state, whether the text may end there. */
  private final boolean[] mayEnd;

  private final int start;

  private Automaton(byte[] classes, char[] next, boolean[] mayEnd, int start) {
    this.classes = classes;
    this.next = next;
    this.mayEnd = mayEnd;
    this.start = start;
  }

  /** The table; empty if it would be too large. */
  static Optional<Automaton> of(Expression expression) {
    Set<Expression.OneOf> sets = new LinkedHashSet<>();
    expression.collect(sets);
    byte[] classes = new byte[256];
    List<Character> members = new ArrayList<>(List.of('\0'));
    Map<BitSet, Integer> known = new HashMap<>();
    for (char c = ' '; c <= '~'; c++) {
      BitSet in = new BitSet();
      int number = 0;
      for (Expression.OneOf set : sets) {
        in.set(number++, set.has(c));
      }
      if (!in.isEmpty()) {
        Integer have = known.putIfAbsent(in, members.size());
        classes[c] = (byte) (have == null ? members.size() : have);
        if (have == null) {
          members.add(c);
        }
      }
    }
    return table(expression, classes, members);
  }

  private static Optional<Automaton> table(
      Expression expression, byte[] classes, List<Character> members) {
    int width = members.size();
    Map<Expression, Integer> rows = new HashMap<>();
    List<Expression> states = new ArrayList<>();
    row(Expression.NOTHING, rows, states);
    int start = row(expression, rows, states) * width;
    char[] next = new char[64 * width];
    for (int state = 1; state < states.size(); state++) {
      if (states.size() * width > MOST_ENTRIES) {
        return Optional.empty();
      }
      if ((state + 1) * width > next.length) {
        next = Arrays.copyOf(next, next.length * 2);
      }
      Expression.OneOf begins = states.get(state).begins();
      for (int i = 1; i < width; i++) {
        char c = members.get(i);
        if (begins.has(c)) {
          int row = row(states.get(state).after(c), rows, states);
          next[state * width + i] = (char) (row * width);
        }
      }
    }
    if (states.size() * width > MOST_ENTRIES) {
      return Optional.empty();
    }
    boolean[] mayEnd = new boolean[states.size() * width];
    for (int state = 0; state < states.size(); state++) {
      mayEnd[state * width] = states.get(state).mayEnd();
    }
    return Optional.of(new Automaton(classes, Arrays.copyOf(next, mayEnd.length), mayEnd, start));
  }

  private static int row(Expression state, Map<Expression, Integer> rows, List<Expression> states) {
    Integer row = rows.putIfAbsent(state, states.size());
    if (row == null) {
      states.add(state);
      return states.size() - 1;
    }
    return row;
  }

  boolean fits(String text) {
    int state = start;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = next[state + (c < 128 ? classes[c] : 0)];
    }
    return mayEnd[state];
  }

  /**
   * Reads the text that begins here and ends before a quote.
   *
   * @param to where to stop at the latest
   * @return where its quote is; -1 if the text does not fit or has no quote before {@code to}
   */
  int end(byte[] body, int from, int to) {
    int state = start;
    for (int at = from; at < to; at++) {
      byte b = body[at];
      if (b == '"') {
        return mayEnd[state] ? at : -1;
      }
      state = next[state + classes[b & 0xff]];
      if (state == DEAD) {
        return -1;
      }
    }
    return -1;
  }
}
