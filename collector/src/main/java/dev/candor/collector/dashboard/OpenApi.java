package dev.candor.collector.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Describes the API, from the list of endpoints itself. */
final class OpenApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OpenApi() {}

  static byte[] describe(List<Endpoint> endpoints) {
    Schemas schemas = new Schemas();
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.isApi()) {
        paths
            .computeIfAbsent(endpoint.pattern(), _ -> new LinkedHashMap<>())
            .put(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint, schemas));
      }
    }
    Map<String, Object> all = new LinkedHashMap<>(schemas.all());
    all.put("Problem", problem());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("openapi", "3.1.0");
    root.put("info", Map.of("title", "Candor", "version", "1"));
    root.put("paths", paths);
    root.put(
        "components",
        Map.of(
            "securitySchemes",
            Map.of("token", Map.of("type", "http", "scheme", "bearer")),
            "schemas",
            all));
    return JSON.writeValueAsBytes(root);
  }

  private static Map<String, Object> operation(Endpoint endpoint, Schemas schemas) {
    Endpoint.Contract contract = endpoint.contract();
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", endpoint.summary());
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (String part : endpoint.pattern().split("/", -1)) {
      if (part.startsWith("{")) {
        parameters.add(
            parameter(
                part.substring(1, part.length() - 1), "path", Map.of("type", "string"), true));
      }
    }
    for (Endpoint.Parameter one : contract.query()) {
      Map<String, Object> parameter = parameter(one.name(), "query", one.schema(), false);
      parameter.put("description", one.meaning());
      parameters.add(parameter);
    }
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    contract
        .body()
        .ifPresent(
            body ->
                operation.put(
                    "requestBody",
                    Map.of(
                        "required",
                        true,
                        "content",
                        Map.of("application/json", Map.of("schema", schemas.of(body))))));
    Map<String, Object> content = new LinkedHashMap<>();
    contract
        .answer()
        .ifPresent(answer -> content.put("application/json", Map.of("schema", schemas.of(answer))));
    contract.types().forEach(type -> content.put(type, Map.of()));
    Map<String, Object> well = new LinkedHashMap<>();
    well.put("description", endpoint.summary());
    if (!content.isEmpty()) {
      well.put("content", content);
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", well);
    endpoint
        .role()
        .ifPresent(
            role -> {
              operation.put("security", List.of(Map.of("token", List.of())));
              operation.put("x-role", role.word());
              if (!parameters.isEmpty() || contract.body().isPresent()) {
                responses.put("400", refused("something in the request makes no sense"));
                responses.put("404", refused("there is no such thing"));
              }
              responses.put("401", refused("no token, or not a good one"));
              responses.put("403", refused("for the role " + role.word() + " and above"));
            });
    operation.put("responses", responses);
    return operation;
  }

  private static Map<String, Object> parameter(
      String name, String in, Map<String, Object> schema, boolean required) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("in", in);
    parameter.put("required", required);
    parameter.put("schema", schema);
    return parameter;
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
