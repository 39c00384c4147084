package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Dictionaries made by chance, and values that may or may not fit them. */
final class RandomDictionary {
  private static final String ABOUT = ",\"description\":\"d\",\"x-why\":\"w\",\"x-since\":\"1\"";
  private static final List<String> VALUES =
      List.of(
          "0",
          "-0",
          "1",
          "2",
          "3",
          "10",
          "11",
          "-1",
          "1.0",
          "2.5",
          "0.5",
          "1e1",
          "1e-1",
          "5E0",
          "true",
          "false",
          "null",
          "\"a\"",
          "\"b\"",
          "\"ab\"",
          "\"abc\"",
          "\"tea\"",
          "\"mate\"",
          "\"x1\"",
          "\"\"",
          "\"A\"",
          "\"abcdefghijk\"",
          "\"\\u0061\"",
          "[]",
          "{}",
          "[\"a\"]",
          "[1,2,3]",
          "[1,2,3,4]",
          "{\"in\":1}",
          "{\"in\":\"a\"}",
          "[{\"in\":1}]");

  private final RandomGenerator random;

  RandomDictionary(RandomGenerator random) {
    this.random = random;
  }

  String dictionary() {
    return dictionary(leaf(), place(2), place(2));
  }

  private static String dictionary(String base, String one, String two) {
    return ("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"R\","
        + "\"description\":\"r\",\"x-product\":\"r\",\"x-messages\":{\"ping\":{\"method\":\"POST\","
        + "\"path\":\"\",\"id\":\"id\",\"schema\":\"#/$defs/ping\",\"title\":\"P\","
        + "\"description\":\"p\"}},\"$ref\":\"#/$defs/ping\",\"$defs\":{\"id\":{\"type\":\"string\","
        + "\"x-kind\":\"pseudonym\",\"pattern\":\"^[0-9a-f]{8}$\",\"maxLength\":8,"
        + "\"examples\":[\"00ff00ff\"]"
        + ABOUT
        + "},\"base\":"
        + base
        + ",\"ping\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],"
        + "\"properties\":{\"id\":{\"$ref\":\"#/$defs/id\"},\"one\":"
        + one
        + ",\"two\":"
        + two
        + "}}}}");
  }

  /** A message; each value may fit or not. */
  String message() {
    StringBuilder message = new StringBuilder("{\"id\":\"00ff00ff\"");
    for (String name : List.of("one", "two", "three")) {
      if (random.nextInt(name.equals("three") ? 30 : 3) > 0 == !name.equals("three")) {
        message.append(",\"").append(name).append("\":").append(pick(VALUES));
      }
    }
    return message.append('}').toString();
  }

  private String place(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(6)) {
      case 1 ->
          "{\"type\":\"array\",\"maxItems\":"
              + (1 + random.nextInt(3))
              + ",\"items\":"
              + place(depth - 1)
              + "}";
      case 2 ->
          "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"in\":"
              + place(depth - 1)
              + "}}";
      case 3 -> "{\"$ref\":\"#/$defs/base\"" + beside() + "}";
      default -> leaf();
    };
  }

  private String beside() {
    List<String> some = new ArrayList<>();
    keywords(some, false);
    return some.isEmpty() ? "" : "," + String.join(",", some);
  }

  /** One that the loader takes: of those made by chance most make no sense. */
  private String leaf() {
    while (true) {
      List<String> some = new ArrayList<>();
      keywords(some, true);
      String leaf = "{" + String.join(",", some) + ABOUT + "}";
      String base = "{\"$ref\":\"#/$defs/base\"}";
      try {
        Dictionary.parse(dictionary(leaf, base, base).getBytes(StandardCharsets.UTF_8));
        return leaf;
      } catch (DictionaryException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }

  private void keywords(List<String> some, boolean whole) {
    boolean string = random.nextBoolean();
    boolean number = !string || random.nextInt(4) == 0;
    List<String> types = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    if (string) {
      types.add("\"string\"");
      kinds.add("\"word\"");
    }
    if (number) {
      types.add(random.nextBoolean() ? "\"integer\"" : "\"number\"");
      kinds.add("\"count\"");
    }
    if (random.nextInt(4) == 0) {
      types.add("\"boolean\"");
      kinds.add("\"flag\"");
    }
    if (random.nextInt(4) == 0) {
      types.add("\"null\"");
    }
    if (whole || random.nextInt(4) == 0) {
      some.add("\"type\":" + types);
      some.add("\"x-kind\":" + kinds);
      // Of so many examples one fits, mostly: the loader names those that do not.
      some.add("\"examples\":[" + pick(VALUES) + "]");
    }
    if (string && random.nextInt(whole ? 5 : 2) > 0) {
      if (whole || random.nextInt(3) == 0) {
        some.add(
            "\"pattern\":\""
                + pick(List.of("^[a-z]{1,10}$", "^[a-z0-9]{2,3}$", "^(?:a|tea)$"))
                + "\"");
      }
      some.add("\"maxLength\":" + (1 + random.nextInt(10)));
    }
    if (string && random.nextInt(3) == 0) {
      some.add("\"minLength\":" + random.nextInt(4));
    }
    if (number && random.nextInt(whole ? 8 : 2) > 0) {
      some.add("\"minimum\":" + pick(List.of("0", "1", "-1", "0.5")));
      some.add("\"maximum\":" + pick(List.of("3", "10", "2.5")));
    }
    if (random.nextInt(3) == 0) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String value = pick(VALUES.subList(0, 24));
        if (!values.contains(value)) {
          values.add(value);
        }
      }
      some.add("\"enum\":" + values);
    }
    if (random.nextInt(8) == 0) {
      some.add("\"const\":" + pick(VALUES.subList(0, 24)));
    }
    if (random.nextInt(25) == 0) {
      some.add("\"" + pick(List.of("format", "multipleOf", "minItems")) + "\":1");
    }
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
