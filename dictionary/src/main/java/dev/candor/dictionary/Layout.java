package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the dictionary declares, laid out for {@link QuickSift}: names as bytes, bounds as longs.
 */
sealed interface Layout {

  static Layout of(Node node) {
    if (node instanceof Node.Obj object) {
      return new Members(object);
    }
    return node instanceof Node.Arr list
        ? new Elements(of(list.items()), list.maxItems())
        : new Fact((Node.Leaf) node);
  }

  /** A list. */
  record Elements(Layout items, int maxItems) implements Layout {}

  /** A single fact. */
  final class Fact implements Layout {
    final Node.Leaf leaf;
    final StringGrammar strings;
    final boolean string;
    final boolean yes;
    final boolean no;
    final boolean nothing;
    final boolean number;
    final long minimum;
    final long maximum;

    /** The whole numbers that are enumerated, in order; null where the bounds decide. */
    final long @Nullable [] numbers;

    /** Whether its strings are replaced by keyed hashes. */
    final boolean pseudonym;

    /** What is said of a string that says too much. */
    final String coarser;

    Fact(Node.Leaf leaf) {
      this.leaf = leaf;
      this.strings = leaf.strings();
      this.string = leaf.types().contains(JsonType.STRING);
      this.yes = leaf.flags().contains(true);
      this.no = leaf.flags().contains(false);
      this.nothing = leaf.types().contains(JsonType.NULL);
      this.number =
          leaf.types().contains(JsonType.INTEGER) || leaf.types().contains(JsonType.NUMBER);
      this.minimum = (long) Math.ceil(leaf.minimum());
      this.maximum = (long) Math.floor(leaf.maximum());
      this.numbers =
          leaf.numbers().isEmpty()
              ? null
              : leaf.numbers().stream()
                  .filter(n -> n == Math.rint(n))
                  .mapToLong(Double::longValue)
                  .sorted()
                  .toArray();
      this.pseudonym = leaf.is(Kind.PSEUDONYM) && leaf.words().isEmpty();
      this.coarser = Grammar.coarser(leaf);
    }
  }

  /** An object. */
  final class Members implements Layout {
    final String[] names;
    final Layout[] values;
    private final byte[][] quoted;

    /** Numbers of members by the hash of their name, -1 where none is; half of it is free. */
    private final int[] slots;

    /** Number of the member that decides about another; -1 for none. */
    final int key;

    /** Number of the member that is decided about; -1 for none. */
    final int judged;

    /** What that one may be where the first is none of the {@link #cases}, or no string. */
    final @Nullable Fact otherwise;

    private final Map<String, Fact> cases = new HashMap<>();

    Members(Node.Obj object) {
      int count = object.members().size();
      this.names = object.members().keySet().toArray(String[]::new);
      this.values = object.members().values().stream().map(Layout::of).toArray(Layout[]::new);
      this.quoted = new byte[count][];
      this.slots = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
      Arrays.fill(slots, -1);
      for (int i = 0; i < count; i++) {
        quoted[i] = ('"' + names[i] + '"').getBytes(StandardCharsets.US_ASCII);
        int slot = slot(quoted[i], 0, quoted[i].length);
        while (slots[slot] >= 0) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = i;
      }
      if (object.choice().isPresent()) {
        Node.Choice choice = object.choice().get();
        choice.cases().forEach((word, leaf) -> cases.put(word, new Fact(leaf)));
        this.otherwise = new Fact(choice.otherwise());
        this.key = Arrays.asList(names).indexOf(choice.key());
        this.judged = Arrays.asList(names).indexOf(choice.value());
      } else {
        this.otherwise = null;
        this.key = -1;
        this.judged = -1;
      }
    }

    /** The bytes that the member's name takes up in a message, with its quotes. */
    int length(int member) {
      return quoted[member].length;
    }

    /**
     * The member whose quoted name begins here; -1 if none does.
     *
     * @param likely number of the member to try first
     */
    int at(byte[] body, int from, int likely) {
      if (likely < quoted.length && Bytes.at(body, from, quoted[likely])) {
        return likely;
      }
      int end = StringGrammar.plainEnd(body, from + 1);
      if (end < 0) {
        return -1;
      }
      int slot = slot(body, from, end + 1);
      while (slots[slot] >= 0) {
        if (Bytes.at(body, from, quoted[slots[slot]])) {
          return slots[slot];
        }
        slot = slot + 1 & slots.length - 1;
      }
      return -1;
    }

    /** What the one member may be where the other has this word. */
    @Nullable Fact judge(String word) {
      Fact fact = cases.get(word);
      return fact == null ? otherwise : fact;
    }

    private int slot(byte[] bytes, int from, int to) {
      return Bytes.hash(bytes, from, to) & slots.length - 1;
    }
  }
}
