package dev.candor.sonarqube.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON made comparable: members by name, lists as sets. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }

  /** Each top-level member in one form for all orders of lists and members. */
  static Map<String, String> members(String json) {
    Map<String, String> members = new TreeMap<>();
    read(json).properties().forEach(m -> members.put(m.getKey(), canonical(m.getValue())));
    return members;
  }

  private static String canonical(JsonNode node) {
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(canonical(item)));
      return items.stream().sorted().collect(Collectors.joining(",\n", "[", "]"));
    }
    if (node.isObject()) {
      return node.properties().stream()
          .map(member -> '"' + member.getKey() + "\":" + canonical(member.getValue()))
          .sorted()
          .collect(Collectors.joining(",", "{", "}"));
    }
    return node.toString();
  }
}
