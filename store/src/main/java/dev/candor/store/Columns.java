package dev.candor.store;

import dev.candor.dictionary.JsonType;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns that a dictionary asks for. */
final class Columns {
  private Columns() {}

  /** The table of a message. */
  static String table(MessageType type) {
    return "raw_" + type.name().replace('-', '_');
  }

  /** Columns by name, receipt last, each with its DuckDB type. */
  static Map<String, String> of(MessageType type) {
    Map<String, String> columns = new LinkedHashMap<>();
    type.root().members().forEach((name, node) -> columns.put(name, sqlType(node)));
    columns.put("_received", "TIMESTAMP");
    columns.put("_agent", "VARCHAR");
    columns.put("_key", "VARCHAR");
    return columns;
  }

  private static String sqlType(Node node) {
    return switch (node) {
      case Node.Obj object ->
          object.members().entrySet().stream()
              .map(member -> name(member.getKey()) + " " + sqlType(member.getValue()))
              .collect(Collectors.joining(", ", "STRUCT(", ")"));
      case Node.Arr list -> sqlType(list.items()) + "[]";
      case Node.Leaf leaf -> scalar(leaf);
    };
  }

  private static String scalar(Node.Leaf leaf) {
    boolean number =
        leaf.types().contains(JsonType.INTEGER) || leaf.types().contains(JsonType.NUMBER);
    if (leaf.types().contains(JsonType.STRING)
        || (number && leaf.types().contains(JsonType.BOOLEAN))) {
      return "VARCHAR";
    }
    if (!number) {
      return "BOOLEAN";
    }
    return leaf.types().contains(JsonType.NUMBER) ? "DOUBLE" : "BIGINT";
  }

  /** A name as SQL writes it. */
  static String name(String plain) {
    return '"' + plain.replace("\"", "\"\"") + '"';
  }

  /** A text as SQL writes it. */
  static String text(String plain) {
    return '\'' + plain.replace("'", "''") + '\'';
  }
}
