package dev.candor.dictionary;

import java.util.List;
import java.util.Optional;

/**
 * What an instance is made of, by name: the words of a list's items, such as plugins or languages.
 *
 * @param name a short name: lower-case letters, digits and underscores
 * @param title what people call them
 * @param description what they are, in a sentence; empty where the dictionary says nothing
 * @param group heading under which they are shown; empty for none
 * @param list path of the list from the message's root
 * @param words the items' members whose words name a part; a single empty path where the items are
 *     words themselves
 * @param version the member with a part's version
 * @param amount the member with a count that is added up
 */
public record Parts(
    String name,
    String title,
    String description,
    String group,
    List<String> list,
    List<List<String>> words,
    Optional<List<String>> version,
    Optional<List<String>> amount) {
  public Parts {
    list = List.copyOf(list);
    words = List.copyOf(words);
  }
}
