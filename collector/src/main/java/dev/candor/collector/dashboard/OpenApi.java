package dev.candor.collector.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Describes the API, from the list of endpoints itself. */
final class OpenApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OpenApi() {}

  static byte[] describe(List<Endpoint> endpoints) {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.isApi()) {
        @SuppressWarnings("unchecked")
        Map<String, Object> path =
            (Map<String, Object>)
                paths.computeIfAbsent(endpoint.pattern(), _ -> new LinkedHashMap<>());
        path.put(endpoint.method().toLowerCase(java.util.Locale.ROOT), operation(endpoint));
      }
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("openapi", "3.1.0");
    root.put("info", Map.of("title", "Candor", "version", "1"));
    root.put("paths", paths);
    root.put(
        "components",
        Map.of(
            "securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer")),
            "schemas", Map.of("Problem", problem())));
    return JSON.writeValueAsBytes(root);
  }

  private static Map<String, Object> operation(Endpoint endpoint) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", endpoint.summary());
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (String part : endpoint.pattern().split("/", -1)) {
      if (part.startsWith("{")) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", part.substring(1, part.length() - 1));
        parameter.put("in", "path");
        parameter.put("required", true);
        parameter.put("schema", Map.of("type", "string"));
        parameters.add(parameter);
      }
    }
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", Map.of("description", endpoint.summary()));
    endpoint
        .role()
        .ifPresent(
            role -> {
              operation.put("security", List.of(Map.of("token", List.of())));
              operation.put("x-role", role.word());
              responses.put("401", refused("no token, or not a good one"));
              responses.put("403", refused("for the role " + role.word() + " and above"));
            });
    operation.put("responses", responses);
    return operation;
  }

  private static Map<String, Object> refused(String why) {
    return Map.of(
        "description",
        why,
        "content",
        Map.of(
            "application/problem+json",
            Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))));
  }

  private static Map<String, Object> problem() {
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of(
            "title", Map.of("type", "string"),
            "status", Map.of("type", "integer"),
            "detail", Map.of("type", "string")));
  }
}
