package dev.candor.collector.dashboard;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON Schemas of the records of {@link Json}, so that the API is what its description says. */
final class Schemas {
  private final Map<String, Object> byName = new LinkedHashMap<>();

  /** All that were asked for, and those that they are made of, by name. */
  Map<String, Object> all() {
    return byName;
  }

  /** A reference to the schema of a record. */
  Map<String, Object> of(Class<?> record) {
    String name = record.getSimpleName();
    if (!byName.containsKey(name)) {
      byName.put(name, Map.of());
      byName.put(name, object(record));
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> object(Class<?> record) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      AnnotatedType type = component.getAnnotatedType();
      properties.put(component.getName(), schema(type));
      if (!type.isAnnotationPresent(Nullable.class)) {
        required.add(component.getName());
      }
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", properties);
    object.put("required", required);
    object.put("additionalProperties", false);
    return object;
  }

  private Map<String, Object> schema(AnnotatedType annotated) {
    Type type = annotated.getType();
    if (annotated instanceof AnnotatedParameterizedType parameterized) {
      AnnotatedType[] of = parameterized.getAnnotatedActualTypeArguments();
      return of.length == 1
          ? Map.of("type", "array", "items", schema(of[0]))
          : Map.of("type", "object", "additionalProperties", schema(of[1]));
    }
    if (type == String.class) {
      return Map.of("type", "string");
    } else if (type == long.class || type == int.class || type == Integer.class) {
      return Map.of("type", "integer");
    } else if (type == boolean.class) {
      return Map.of("type", "boolean");
    } else if (type == Instant.class) {
      return Map.of("type", "string", "format", "date-time");
    } else if (type == LocalDate.class) {
      return Map.of("type", "string", "format", "date");
    } else if (type == JsonNode.class) {
      return Map.of("type", "object");
    } else if (type == Object.class) {
      return Map.of("type", List.of("string", "number", "boolean", "null"));
    } else if (type instanceof Class<?> other && other.isRecord()) {
      return of(other);
    }
    throw new IllegalStateException("no schema for " + type);
  }
}
