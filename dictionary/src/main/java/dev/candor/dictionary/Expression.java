package dev.candor.dictionary;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over ASCII, by Brzozowski's derivatives: what may still follow once one more
 * character has been read is an expression again. Values are immutable, and equal ones mean the
 * same. A table looks up thousands of them when the program starts: so each keeps its hash, and
 * compares without what Java would link for a record first.
 */
sealed interface Expression {
  /** Fits no text at all. */
  Expression NOTHING = new Either(Set.of());

  /** Fits the empty text. */
  Expression EMPTY = new Empty();

  /** Whether the text may end here. */
  boolean mayEnd();

  /** The characters with which the text may begin. */
  OneOf begins();

  /** What may follow this character. */
  Expression after(char c);

  /** Collects the sets of characters that it tells apart. */
  void collect(Set<OneOf> sets);

  /** Fits the empty text. */
  record Empty() implements Expression {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Empty;
    }

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean mayEnd() {
      return true;
    }

    @Override
    public OneOf begins() {
      return OneOf.NONE;
    }

    @Override
    public Expression after(char c) {
      return NOTHING;
    }

    @Override
    public void collect(Set<OneOf> sets) {}
  }

  /** One character of a set, which is given as bits: 0 to 63, then 64 to 127. */
  record OneOf(long low, long high) implements Expression {
    static final OneOf NONE = new OneOf(0, 0);

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o || (o instanceof OneOf other && low == other.low && high == other.high);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(low) + Long.hashCode(high);
    }

    static OneOf range(char first, char last) {
      OneOf all = NONE;
      for (char c = first; c <= last; c++) {
        all = all.with(c < 64 ? new OneOf(1L << c, 0) : new OneOf(0, 1L << c));
      }
      return all;
    }

    OneOf with(OneOf other) {
      return new OneOf(low | other.low, high | other.high);
    }

    boolean has(char c) {
      return c < 128 && ((c < 64 ? low : high) >>> c & 1) == 1;
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public OneOf begins() {
      return this;
    }

    @Override
    public Expression after(char c) {
      return has(c) ? EMPTY : NOTHING;
    }

    @Override
    public void collect(Set<OneOf> sets) {
      sets.add(this);
    }
  }

  /** One after the other; {@code first} is no sequence itself. */
  record Then(Expression first, Expression rest, int hash) implements Expression {
    Then(Expression first, Expression rest) {
      this(first, rest, 31 * first.hashCode() + rest.hashCode());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o
          || (o instanceof Then other
              && hash == other.hash
              && first.equals(other.first)
              && rest.equals(other.rest));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean mayEnd() {
      return first.mayEnd() && rest.mayEnd();
    }

    @Override
    public OneOf begins() {
      return first.mayEnd() ? first.begins().with(rest.begins()) : first.begins();
    }

    @Override
    public Expression after(char c) {
      Expression through = then(first.after(c), rest);
      return first.mayEnd() ? either(through, rest.after(c)) : through;
    }

    @Override
    public void collect(Set<OneOf> sets) {
      first.collect(sets);
      rest.collect(sets);
    }
  }

  /** Any of several; none of them is such a choice itself. */
  record Either(Set<Expression> options, int hash) implements Expression {
    Either(Set<Expression> options) {
      this(options, 7 + options.hashCode());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o
          || (o instanceof Either other && hash == other.hash && options.equals(other.options));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean mayEnd() {
      for (Expression option : options) {
        if (option.mayEnd()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public OneOf begins() {
      OneOf all = OneOf.NONE;
      for (Expression option : options) {
        all = all.with(option.begins());
      }
      return all;
    }

    @Override
    public Expression after(char c) {
      Set<Expression> left = new LinkedHashSet<>();
      for (Expression option : options) {
        add(left, option.after(c));
      }
      return either(left);
    }

    @Override
    public void collect(Set<OneOf> sets) {
      options.forEach(option -> option.collect(sets));
    }
  }

  /** The same again and again. */
  record Repeat(Expression body, int least, int most, int hash) implements Expression {
    /** For {@code most}: without end. */
    static final int ENDLESS = Integer.MAX_VALUE;

    Repeat(Expression body, int least, int most) {
      this(body, least, most, 31 * (31 * body.hashCode() + least) + most);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o
          || (o instanceof Repeat other
              && hash == other.hash
              && least == other.least
              && most == other.most
              && body.equals(other.body));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean mayEnd() {
      return least == 0 || body.mayEnd();
    }

    @Override
    public OneOf begins() {
      return body.begins();
    }

    @Override
    public Expression after(char c) {
      int left = most == ENDLESS ? ENDLESS : most - 1;
      return then(body.after(c), repeat(body, Math.max(0, least - 1), left));
    }

    @Override
    public void collect(Set<OneOf> sets) {
      body.collect(sets);
    }
  }

  /** What fits one and not the other. */
  record ButNot(Expression one, Expression other, int hash) implements Expression {
    ButNot(Expression one, Expression other) {
      this(one, other, 17 * one.hashCode() + other.hashCode());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return this == o
          || (o instanceof ButNot that
              && hash == that.hash
              && one.equals(that.one)
              && other.equals(that.other));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean mayEnd() {
      return one.mayEnd() && !other.mayEnd();
    }

    @Override
    public OneOf begins() {
      return one.begins();
    }

    @Override
    public Expression after(char c) {
      return butNot(one.after(c), other.after(c));
    }

    @Override
    public void collect(Set<OneOf> sets) {
      one.collect(sets);
      other.collect(sets);
    }
  }

  static Expression then(Expression first, Expression rest) {
    if (first.equals(NOTHING) || rest.equals(NOTHING)) {
      return NOTHING;
    }
    if (first.equals(EMPTY)) {
      return rest;
    }
    if (rest.equals(EMPTY)) {
      return first;
    }
    return first instanceof Then sequence
        ? then(sequence.first(), then(sequence.rest(), rest))
        : new Then(first, rest);
  }

  static Expression either(Expression... options) {
    Set<Expression> all = new LinkedHashSet<>();
    for (Expression option : options) {
      add(all, option);
    }
    return either(all);
  }

  private static Expression either(Set<Expression> options) {
    Iterator<Expression> all = options.iterator();
    return options.size() == 1 ? all.next() : new Either(Set.copyOf(options));
  }

  private static void add(Set<Expression> options, Expression option) {
    if (option instanceof Either choice) {
      options.addAll(choice.options());
    } else {
      options.add(option);
    }
  }

  static Expression repeat(Expression body, int least, int most) {
    if (most == 0 || body.equals(EMPTY)) {
      return EMPTY;
    }
    if (body.equals(NOTHING)) {
      return least == 0 ? EMPTY : NOTHING;
    }
    return least == 1 && most == 1 ? body : new Repeat(body, body.mayEnd() ? 0 : least, most);
  }

  static Expression butNot(Expression one, Expression other) {
    return one.equals(NOTHING) || other.equals(NOTHING) ? one : new ButNot(one, other);
  }

  /** Fits this text alone. */
  static Expression text(String text) {
    Expression all = EMPTY;
    for (int i = text.length() - 1; i >= 0; i--) {
      all = then(OneOf.range(text.charAt(i), text.charAt(i)), all);
    }
    return all;
  }
}
