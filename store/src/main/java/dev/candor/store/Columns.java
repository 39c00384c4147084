package dev.candor.store;

import dev.candor.dictionary.MessageType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The columns that a dictionary asks for, and how SQL writes names and texts. */
final class Columns {
  /** Numbers rows in the order in which they were loaded; the loader fills it in. */
  static final String ROW = "_row";

  /** What an imported message is told by: of those that are alike the first is kept. */
  static final String IMPORT = "_import";

  private Columns() {}

  /** The table of a message. */
  static String table(MessageType type) {
    return "raw_" + type.name().replace('-', '_');
  }

  /** Columns by name, receipt last. */
  static Map<String, ColumnType> of(MessageType type) {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    type.root().members().forEach((name, node) -> columns.put(name, ColumnType.of(node)));
    columns.put("_received", new ColumnType.Scalar("TIMESTAMP"));
    columns.put("_agent", new ColumnType.Scalar("VARCHAR"));
    columns.put("_key", new ColumnType.Scalar("VARCHAR"));
    columns.put(IMPORT, new ColumnType.Scalar("VARCHAR"));
    return columns;
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
