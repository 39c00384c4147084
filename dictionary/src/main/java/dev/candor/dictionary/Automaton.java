package dev.candor.dictionary;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

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

  /**
   * By state and class, the next state; a state is the place where its row begins. To the next row
   * leads what most texts have there.
   */
  private final char[] next;

  /** Entries of a row. */
  private final int width;

  /** By state, whether the text may end there. */
  private final boolean[] mayEnd;

  private final int start;

  private Automaton(byte[] classes, char[] next, int width, boolean[] mayEnd, int start) {
    this.classes = classes;
    this.next = next;
    this.width = width;
    this.mayEnd = mayEnd;
    this.start = start;
  }

  /** The table; empty if it would be too large. */
  static Optional<Automaton> of(Expression expression) {
    Set<Expression.OneOf> sets = new LinkedHashSet<>();
    expression.collect(sets);
    Map<BitSet, List<Character>> alike = new LinkedHashMap<>();
    for (char c = ' '; c <= '~'; c++) {
      BitSet in = new BitSet();
      int number = 0;
      for (Expression.OneOf set : sets) {
        in.set(number++, set.has(c));
      }
      if (!in.isEmpty()) {
        alike.computeIfAbsent(in, _in -> new ArrayList<>()).add(c);
      }
    }
    byte[] classes = new byte[256];
    List<Character> members = new ArrayList<>(List.of('\0'));
    alike.values().stream()
        .sorted(Comparator.comparingInt(List::size))
        .forEach(
            some -> {
              some.forEach(c -> classes[c] = (byte) members.size());
              members.add(some.get(0));
            });
    return table(expression, classes, members);
  }

  private static Optional<Automaton> table(
      Expression expression, byte[] classes, List<Character> members) {
    int width = members.size();
    Map<Expression, Integer> rows = new HashMap<>();
    rows.put(Expression.NOTHING, DEAD);
    List<Expression> states = new ArrayList<>(List.of(Expression.NOTHING));
    List<Expression[]> after = new ArrayList<>();
    after.add(new Expression[width]);
    Deque<Expression> open = new ArrayDeque<>(List.of(expression));
    while (!open.isEmpty()) {
      Expression state = open.pop();
      if (rows.putIfAbsent(state, states.size()) != null) {
        continue;
      }
      states.add(state);
      if (states.size() * width > MOST_ENTRIES) {
        return Optional.empty();
      }
      // The class of the most characters is the last, and what it leads to comes first.
      Expression[] then = new Expression[width];
      Expression.OneOf begins = state.begins();
      for (int i = 1; i < width; i++) {
        char c = members.get(i);
        if (begins.has(c)) {
          then[i] = state.after(c);
          open.push(then[i]);
        }
      }
      after.add(then);
    }
    char[] next = new char[states.size() * width];
    boolean[] mayEnd = new boolean[states.size() * width];
    for (int state = 0; state < states.size(); state++) {
      mayEnd[state * width] = states.get(state).mayEnd();
      for (int i = 0; i < width; i++) {
        next[state * width + i] = (char) (rows.getOrDefault(after.get(state)[i], DEAD) * width);
      }
    }
    return Optional.of(
        new Automaton(classes, next, width, mayEnd, rows.getOrDefault(expression, DEAD) * width));
  }

  /** Makes texts that fit; empty if none has so many characters. */
  Optional<Sampler> sampler(int least, int most) {
    // By number of characters to come, the states from which a text can end just then.
    List<BitSet> ends = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (int left = 0; left <= most; left++) {
      BitSet now = new BitSet();
      for (int state = 0; state < next.length; state += width) {
        now.set(state, left == 0 ? mayEnd[state] : leadsInto(state, ends.get(left - 1)));
      }
      ends.add(now);
      if (left >= least && now.get(start)) {
        lengths.add(left);
      }
    }
    return lengths.isEmpty() ? Optional.empty() : Optional.of(new Sampler(ends, lengths));
  }

  private boolean leadsInto(int state, BitSet states) {
    for (int i = 1; i < width; i++) {
      if (states.get(next[state + i])) {
        return true;
      }
    }
    return false;
  }

  /** Makes texts that fit. */
  final class Sampler {
    private final List<BitSet> ends;
    private final List<Integer> lengths;

    private Sampler(List<BitSet> ends, List<Integer> lengths) {
      this.ends = ends;
      this.lengths = lengths;
    }

    /**
     * A text that fits.
     *
     * @param howLong from 0 for the shortest that there is to 1 for the longest
     */
    String sample(double howLong, RandomGenerator random) {
      int length = lengths.get((int) Math.round(howLong * (lengths.size() - 1)));
      StringBuilder text = new StringBuilder(length);
      char[] fitting = new char[128];
      int state = start;
      for (int left = length - 1; left >= 0; left--) {
        int count = 0;
        for (char c = ' '; c <= '~'; c++) {
          if (ends.get(left).get(next[state + classes[c]])) {
            fitting[count++] = c;
          }
        }
        char c = fitting[random.nextInt(count)];
        text.append(c);
        state = next[state + classes[c]];
      }
      return text.toString();
    }
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
    int at = from;
    while (at < to) {
      byte b = body[at];
      if (b == '"') {
        return mayEnd[state] ? at : -1;
      }
      state = next[state + classes[b & 0xff]];
      if (state == DEAD) {
        return -1;
      }
      at++;
      // From row to row no look-up has to wait for the one before.
      while (at < to && next[state + classes[body[at] & 0xff]] == state + width) {
        state += width;
        at++;
      }
    }
    return -1;
  }
}
