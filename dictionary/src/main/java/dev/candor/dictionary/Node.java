package dev.candor.dictionary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A place in a message as the dictionary declares it. */
public sealed interface Node {

  /** What it is, in a sentence; empty where the dictionary says nothing. */
  String description();

  /**
   * An object whose members are all named by the dictionary.
   *
   * @param description what it is
   * @param group heading under which the page lists it; empty for none
   * @param members its members in the dictionary's order
   * @param choice how one member's grammar follows from another's value, if it does
   */
  record Obj(String description, String group, Map<String, Node> members, Optional<Choice> choice)
      implements Node {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /**
   * Open keys: the value of member {@code value} is judged by the word in member {@code key}. A key
   * that is not among the cases has only what {@code otherwise} admits.
   *
   * @param key name of the member that decides
   * @param value name of the member that is judged
   * @param cases the grammars by word
   * @param otherwise the grammar for every other word, admitted for the declared ones as well
   */
  record Choice(String key, String value, Map<String, Leaf> cases, Leaf otherwise) {
    public Choice {
      cases = Collections.unmodifiableMap(new LinkedHashMap<>(cases));
    }
  }

  /**
   * A list.
   *
   * @param description what it is
   * @param group heading under which the page lists it; empty for none
   * @param items what each element is
   * @param maxItems how many elements it may have
   * @param label its part in the timeline
   */
  record Arr(String description, String group, Node items, int maxItems, Label label)
      implements Node {}

  /**
   * A single fact.
   *
   * @param description what it is
   * @param why what the maker of the product learns from it
   * @param since first version of the product that sends it
   * @param group heading under which the page lists it; empty for none
   * @param kinds what kind of fact it is; more than one only where its JSON type varies
   * @param types the JSON types it may have
   * @param words the enumeration of its strings; empty where a pattern decides
   * @param pattern the grammar of its strings, if they are not enumerated
   * @param minLength fewest characters of a string, if they are not enumerated
   * @param maxLength most characters of a string
   * @param strings its strings by all of these
   * @param minimum smallest number
   * @param maximum largest number
   * @param numbers the enumeration of its numbers; empty where the bounds decide
   * @param flags those of true and false that it may be; empty if it is no flag
   * @param keep what to keep of a string that says too much: its first group
   * @param otherwise the word for every string outside the enumeration
   * @param examples values as JSON text
   * @param label its part in the timeline
   */
  record Leaf(
      String description,
      String why,
      String since,
      String group,
      List<Kind> kinds,
      Set<JsonType> types,
      Set<String> words,
      Optional<Pattern> pattern,
      int minLength,
      int maxLength,
      StringGrammar strings,
      double minimum,
      double maximum,
      Set<Double> numbers,
      Set<Boolean> flags,
      Optional<Pattern> keep,
      Optional<String> otherwise,
      List<String> examples,
      Label label)
      implements Node {

    /** Whether it is of this kind. */
    public boolean is(Kind kind) {
      return kinds.contains(kind);
    }
  }
}
