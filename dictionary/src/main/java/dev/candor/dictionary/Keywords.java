package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the keywords of a dictionary may be, and what two schemas say that both hold. */
final class Keywords {
  /** What a keyword's value has to be. */
  private enum Shape {
    TEXT("a text"),
    TEXTS("a text or a list of texts"),
    NUMBER("a number"),
    WHOLE("a whole number from 0 to 1000000000"),
    FLAG("true or false"),
    LIST("a list"),
    OBJECT("an object");

    private final String words;

    Shape(String words) {
      this.words = words;
    }

    boolean has(@Nullable Object value) {
      return switch (this) {
        case TEXT -> value instanceof String;
        case TEXTS ->
            value instanceof String
                || (value instanceof List<?> many
                    && many.stream().allMatch(String.class::isInstance));
        case NUMBER -> value instanceof Number;
        case WHOLE -> value instanceof Long n && n >= 0 && n <= 1_000_000_000;
        case FLAG -> value instanceof Boolean;
        case LIST -> value instanceof List<?>;
        case OBJECT -> value instanceof Map<?, ?>;
      };
    }
  }

  private static final Map<String, Shape> SHAPES =
      Map.ofEntries(
          Map.entry("$schema", Shape.TEXT),
          Map.entry("$id", Shape.TEXT),
          Map.entry("$ref", Shape.TEXT),
          Map.entry("$comment", Shape.TEXT),
          Map.entry("title", Shape.TEXT),
          Map.entry("description", Shape.TEXT),
          Map.entry("x-product", Shape.TEXT),
          Map.entry("method", Shape.TEXT),
          Map.entry("path", Shape.TEXT),
          Map.entry("id", Shape.TEXT),
          Map.entry("schema", Shape.TEXT),
          Map.entry("pattern", Shape.TEXT),
          Map.entry("x-group", Shape.TEXT),
          Map.entry("x-why", Shape.TEXT),
          Map.entry("x-since", Shape.TEXT),
          Map.entry("x-keep", Shape.TEXT),
          Map.entry("x-otherwise", Shape.TEXT),
          Map.entry("type", Shape.TEXTS),
          Map.entry("x-kind", Shape.TEXTS),
          Map.entry("required", Shape.TEXTS),
          Map.entry("minimum", Shape.NUMBER),
          Map.entry("maximum", Shape.NUMBER),
          Map.entry("minLength", Shape.WHOLE),
          Map.entry("maxLength", Shape.WHOLE),
          Map.entry("maxItems", Shape.WHOLE),
          Map.entry("heartbeat", Shape.FLAG),
          Map.entry("additionalProperties", Shape.FLAG),
          Map.entry("enum", Shape.LIST),
          Map.entry("examples", Shape.LIST),
          Map.entry("anyOf", Shape.LIST),
          Map.entry("$defs", Shape.OBJECT),
          Map.entry("x-messages", Shape.OBJECT),
          Map.entry("properties", Shape.OBJECT),
          Map.entry("items", Shape.OBJECT));

  /** They say what something is, not what it may be: of two the nearer counts. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$comment",
          "title",
          "description",
          "examples",
          "x-group",
          "x-kind",
          "x-why",
          "x-since",
          "x-keep",
          "x-otherwise");

  private Keywords() {}

  /** Notes each keyword that is unknown in this place, or whose value is of a wrong type. */
  static void check(
      Map<String, @Nullable Object> schema,
      String at,
      Collection<String> problems,
      List<Set<String>> known) {
    schema.forEach(
        (keyword, value) -> {
          Shape shape = SHAPES.get(keyword);
          if (known.stream().noneMatch(some -> some.contains(keyword))) {
            problems.add(at + "/" + escape(keyword) + ": this keyword is not supported here");
          } else if (shape != null && !shape.has(value)) {
            problems.add(at + "/" + keyword + ": must be " + shape.words);
          }
        });
  }

  /**
   * A definition and the keywords beside the {@code $ref} that leads to it: both hold, as JSON
   * Schema 2020-12 has it. Of annotations the one beside the {@code $ref} counts.
   *
   * @param at place of the {@code $ref}'s schema
   */
  static Map<String, @Nullable Object> both(
      Map<String, @Nullable Object> definition,
      Map<String, @Nullable Object> beside,
      String at,
      Collection<String> problems) {
    Map<String, @Nullable Object> both = new LinkedHashMap<>(definition);
    beside.forEach(
        (keyword, value) -> {
          Object before = both.get(keyword);
          if (!both.containsKey(keyword)
              || ANNOTATIONS.contains(keyword)
              || Objects.equals(before, value)) {
            both.put(keyword, value);
            return;
          }
          Shape shape = SHAPES.get(keyword);
          if (shape != null && (!shape.has(value) || !shape.has(before))) {
            both.put(keyword, shape.has(value) ? before : value);
            return;
          }
          switch (keyword) {
            case "minimum", "minLength" ->
                both.put(keyword, number(value) > number(before) ? value : before);
            case "maximum", "maxLength", "maxItems" ->
                both.put(keyword, number(value) < number(before) ? value : before);
            case "enum" -> both.put(keyword, common((List<?>) value, (List<?>) before));
            case "type" -> both.put(keyword, commonTypes(texts(value), texts(before)));
            default ->
                problems.add(
                    at
                        + "/"
                        + escape(keyword)
                        + ": the definition that $ref leads to has this keyword already, and both"
                        + " would hold: say it in one place");
          }
        });
    return both;
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number n ? n.doubleValue() : Double.NaN;
  }

  private static List<@Nullable Object> common(@Nullable List<?> one, @Nullable List<?> other) {
    List<@Nullable Object> common = new ArrayList<>();
    for (Object value : Objects.requireNonNull(one)) {
      if (isAmong(value, Objects.requireNonNull(other))) {
        common.add(value);
      }
    }
    return common;
  }

  private static List<String> commonTypes(List<String> one, List<String> other) {
    List<String> common = new ArrayList<>();
    one.stream().filter(other::contains).forEach(common::add);
    boolean integer =
        (one.contains("integer") && other.contains("number"))
            || (one.contains("number") && other.contains("integer"));
    if (integer && !common.contains("integer") && !common.contains("number")) {
      common.add("integer");
    }
    return common;
  }

  /** The texts of a keyword that has one or a list of them; empty if it is anything else. */
  static List<String> texts(@Nullable Object value) {
    if (value instanceof String one) {
      return List.of(one);
    }
    return value instanceof List<?> many && Shape.TEXTS.has(many)
        ? many.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Whether a list has a value that JSON Schema takes for the same: 1 and 1.0 are. */
  static boolean isAmong(@Nullable Object value, List<?> all) {
    for (Object other : all) {
      boolean same =
          value instanceof Number a && other instanceof Number b
              ? a.doubleValue() == b.doubleValue()
              : Objects.equals(value, other);
      if (same) {
        return true;
      }
    }
    return false;
  }

  /** A member's name as a step of a JSON Pointer. */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
