package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values to which {@code enum} and {@code const} narrow a leaf, as far as they fit the keywords
 * beside them.
 *
 * @param types the JSON types that are left
 * @param words the strings
 * @param numbers the numbers
 * @param flags the flags
 */
record Enumerated(Set<JsonType> types, Set<String> words, Set<Double> numbers, Set<Boolean> flags) {

  /** What the schema lists; empty if it lists nothing. */
  static Optional<List<@Nullable Object>> of(Map<String, @Nullable Object> schema) {
    List<@Nullable Object> values = null;
    if (schema.get("enum") instanceof List<?> many) {
      values = new ArrayList<>(many);
    }
    if (schema.containsKey("const")) {
      Object only = schema.get("const");
      List<@Nullable Object> one = new ArrayList<>();
      if (values == null || Keywords.isAmong(only, values)) {
        one.add(only);
      }
      values = one;
    }
    return Optional.ofNullable(values);
  }

  /** Those of the values that fit. */
  static Enumerated fitting(
      List<@Nullable Object> values,
      Set<JsonType> declared,
      Optional<Pattern> pattern,
      int minLength,
      int maxLength,
      double minimum,
      double maximum) {
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    Set<String> words = new LinkedHashSet<>();
    Set<Double> numbers = new TreeSet<>();
    Set<Boolean> flags = new LinkedHashSet<>();
    for (Object value : values) {
      if (value == null && declared.contains(JsonType.NULL)) {
        types.add(JsonType.NULL);
      } else if (value instanceof Boolean flag && declared.contains(JsonType.BOOLEAN)) {
        types.add(JsonType.BOOLEAN);
        flags.add(flag);
      } else if (value instanceof String word && declared.contains(JsonType.STRING)) {
        int length = word.codePointCount(0, word.length());
        boolean matches = pattern.isEmpty() || pattern.get().matcher(word).matches();
        if (matches && length >= minLength && length <= maxLength) {
          types.add(JsonType.STRING);
          words.add(word);
        }
      } else if (value instanceof Number raw) {
        double number = raw.doubleValue();
        boolean whole = declared.contains(JsonType.INTEGER) && number == Math.rint(number);
        if ((whole || declared.contains(JsonType.NUMBER))
            && number >= minimum
            && number <= maximum) {
          types.add(declared.contains(JsonType.NUMBER) ? JsonType.NUMBER : JsonType.INTEGER);
          numbers.add(number + 0.0); // so that -0 is 0
        }
      }
    }
    return new Enumerated(types, words, numbers, flags);
  }
}
