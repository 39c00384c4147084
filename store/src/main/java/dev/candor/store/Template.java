package dev.candor.store;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * SQL with places to fill in: <code>{{name}}</code> stands for a text, and <code>{{name:each}}
 * </code> for {@code each}, once for every row of a list, with the row's words in place of its keys
 * ({@code NAME}, {@code TYPE}, …).
 */
final class Template {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{([a-z_]+)(?::(.*?))?\\}\\}", Pattern.DOTALL);

  private final Map<String, String> texts;
  private final Map<String, List<Map<String, String>>> lists;

  Template(Map<String, String> texts, Map<String, List<Map<String, String>>> lists) {
    this.texts = Map.copyOf(texts);
    this.lists = Map.copyOf(lists);
  }

  /**
   * Fills a file of this package in.
   *
   * @throws IllegalStateException if it has a place that is neither a text nor a list
   */
  String fill(String file) {
    String sql = Resources.text(file);
    return places(sql, place -> filled(file, place));
  }

  private String filled(String file, Matcher place) {
    String name = place.group(1);
    String each = place.group(2);
    if (each == null && texts.containsKey(name)) {
      return texts.get(name);
    }
    List<Map<String, String>> rows = lists.get(name);
    if (each == null || rows == null) {
      throw new IllegalStateException(file + ": nothing is known of {{" + name + "}}");
    }
    StringBuilder all = new StringBuilder();
    for (Map<String, String> row : rows) {
      all.append(words(each, row));
    }
    return all.toString();
  }

  /** Fills a file in that stands for one row of a list. */
  static String each(String file, Map<String, String> row) {
    return words(Resources.text(file), row);
  }

  private static String words(String each, Map<String, String> row) {
    // The longest first: a key may begin as another does.
    String longest =
        row.keySet().stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .collect(Collectors.joining("|"));
    Pattern keys = Pattern.compile(longest);
    return keys.matcher(each).replaceAll(key -> Matcher.quoteReplacement(row.get(key.group())));
  }

  private static String places(String sql, Function<Matcher, String> filled) {
    Matcher place = PLACE.matcher(sql);
    StringBuilder text = new StringBuilder();
    while (place.find()) {
      place.appendReplacement(text, Matcher.quoteReplacement(filled.apply(place)));
    }
    return place.appendTail(text).toString();
  }
}
