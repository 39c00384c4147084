package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Messages at the edges of what a dictionary admits: smallest and largest numbers, shortest and
 * longest strings, empty and full lists, every word, members in any order, and all the ways in
 * which JSON may write the same. Each passes the sieve whole.
 */
public final class EdgeMessages {
  /** Places in a message, about, after which lists stay short. */
  private static final int MOST_PLACES = 3_000;

  private final MessageType type;
  private final RandomGenerator random;
  private final Map<StringGrammar, Optional<Automaton.Sampler>> samplers = new HashMap<>();
  private final StringBuilder out = new StringBuilder();
  private int places;

  /** How full: 0 for as little as may be, 1 for as much, else a share. */
  private double full;

  private boolean odd;

  /**
   * Of one kind of message.
   *
   * @param random decides all that the dictionary leaves open
   */
  public EdgeMessages(MessageType type, RandomGenerator random) {
    this.type = type;
    this.random = random;
  }

  /**
   * A message.
   *
   * @param id the instance's id, which has to fit
   */
  public byte[] next(String id) {
    out.setLength(0);
    places = 0;
    full = random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(2);
    odd = random.nextInt(3) == 0;
    object(type.root(), id);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** An id that fits. */
  public String id() {
    full = random.nextDouble();
    return text((Node.Leaf) Objects.requireNonNull(type.root().members().get(type.id())));
  }

  private void object(Node.Obj shape, String id) {
    List<String> names = new ArrayList<>(shape.members().keySet());
    if (random.nextBoolean()) {
      Collections.shuffle(names, new Random(random.nextLong()));
    }
    Optional<String> key = shape.choice().map(choice -> key(shape, choice));
    out.append('{');
    boolean first = true;
    for (String name : names) {
      boolean isId = !id.isEmpty() && name.equals(type.id());
      if (!isId && random.nextDouble() > Math.max(full, 0.1)) {
        continue;
      }
      space();
      out.append(first ? "" : ",");
      first = false;
      space();
      string(name);
      space();
      out.append(':');
      space();
      Node node = shape.members().get(name);
      if (isId) {
        string(id);
      } else if (key.isPresent() && name.equals(shape.choice().orElseThrow().key())) {
        string(key.get());
      } else if (key.isPresent() && name.equals(shape.choice().orElseThrow().value())) {
        // Without its key a value has what is open to all.
        leaf(shape.choice().orElseThrow().otherwise());
      } else if (node != null) {
        value(node);
      }
    }
    space();
    out.append('}');
  }

  private String key(Node.Obj shape, Node.Choice choice) {
    Node.Leaf leaf = (Node.Leaf) shape.members().get(choice.key());
    List<String> keys = new ArrayList<>(choice.cases().keySet());
    if (leaf != null) {
      keys.add(text(leaf));
    }
    return pick(random, keys);
  }

  private void value(Node node) {
    places++;
    if (node instanceof Node.Obj object) {
      object(object, "");
    } else if (node instanceof Node.Arr list) {
      list(list);
    } else {
      leaf((Node.Leaf) node);
    }
  }

  private void list(Node.Arr list) {
    int room = Math.max(0, Math.min(list.maxItems(), MOST_PLACES - places));
    int items = full == 1 ? room : (int) Math.min(room, Math.round(full * random.nextInt(12)));
    out.append('[');
    for (int i = 0; i < items && (i == 0 || places < MOST_PLACES); i++) {
      space();
      out.append(i == 0 ? "" : ",");
      space();
      value(list.items());
    }
    space();
    out.append(']');
  }

  private void leaf(Node.Leaf leaf) {
    JsonType as = pick(random, List.copyOf(leaf.types()));
    switch (as) {
      case NULL -> out.append("null");
      case BOOLEAN -> out.append(pick(random, List.copyOf(leaf.flags())));
      case STRING -> string(text(leaf));
      case INTEGER -> out.append(integer(leaf));
      case NUMBER -> out.append(number(leaf));
    }
  }

  private String text(Node.Leaf leaf) {
    if (!leaf.words().isEmpty()) {
      return pick(random, List.copyOf(leaf.words()));
    }
    return samplers
        .computeIfAbsent(leaf.strings(), StringGrammar::sampler)
        .map(sampler -> sampler.sample(full, random))
        .orElseGet(() -> unquoted(pick(random, leaf.examples())));
  }

  private static String unquoted(String json) {
    return json.substring(1, json.length() - 1);
  }

  private String integer(Node.Leaf leaf) {
    long least = (long) Math.ceil(leaf.minimum());
    long most = (long) Math.floor(leaf.maximum());
    long value = full < 0.5 ? least : most;
    if (!leaf.numbers().isEmpty()) {
      value = pick(random, List.copyOf(leaf.numbers())).longValue();
    } else if (random.nextInt(4) == 0) {
      value = least + (long) (random.nextDouble() * ((double) most - least));
    }
    if (!odd) {
      return Long.toString(value);
    }
    return switch (random.nextInt(4)) {
      case 0 -> value + ".0";
      case 1 -> value == 0 ? "-0" : value + "000e-3";
      case 2 -> Long.toString(value);
      default -> value % 10 == 0 ? value / 10 + "E+1" : value + ".000";
    };
  }

  private String number(Node.Leaf leaf) {
    if (!leaf.numbers().isEmpty()) {
      return pick(random, List.copyOf(leaf.numbers())).toString();
    }
    double value =
        random.nextInt(3) == 0
            ? leaf.minimum() + random.nextDouble() * (leaf.maximum() - leaf.minimum())
            : full < 0.5 ? leaf.minimum() : leaf.maximum();
    return Double.toString(value);
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (odd && random.nextInt(4) == 0) {
        String digits = Integer.toHexString(0x10000 + c).substring(1);
        out.append("\\u").append(random.nextBoolean() ? digits : upper(digits));
      } else if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u").append(Integer.toHexString(0x10000 + c).substring(1));
      } else {
        out.append(odd && c == '/' ? "\\/" : String.valueOf(c));
      }
    }
    out.append('"');
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private void space() {
    if (odd && random.nextInt(6) == 0) {
      out.append(pick(random, List.of(" ", "\n", "\r\n", "\t", "   ")));
    }
  }

  private static <T> T pick(RandomGenerator random, List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
