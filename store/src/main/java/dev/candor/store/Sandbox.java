package dev.candor.store;

import dev.candor.dictionary.JsonTree;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets through only queries that read a product's tables and views. The database's own parser says
 * what a text means; every table, table function and function in it must be on a list. What runs is
 * written anew from what was checked, not the text that came.
 */
public final class Sandbox {
  /** A query that is not let through; the message says why. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static final int LONGEST = 20_000;
  private static final Set<String> SOURCES =
      Set.of(
          "EMPTY", "JOIN", "SUBQUERY", "EXPRESSION_LIST", "PIVOT", "BASE_TABLE", "TABLE_FUNCTION");
  private static final Set<String> TABLE_FUNCTIONS = Set.of("unnest", "range", "generate_series");

  /** These look at the clock, which is no secret. */
  private static final Set<String> CLOCK =
      Set.of("now", "today", "current_date", "get_current_timestamp", "current_timestamp");

  /** Pure by the catalogue's word, but they tell of the database rather than of the data. */
  private static final Set<String> INSIDES =
      Set.of(
          "current_setting",
          "getvariable",
          "getenv",
          "json_serialize_sql",
          "json_serialize_plan",
          "json_deserialize_sql",
          "parse_duckdb_log_message");

  private final String product;
  private final String query;
  private final Set<String> tables;
  private final Set<String> functions;

  private Sandbox(String product, String query, Set<String> tables, Set<String> functions) {
    this.product = product;
    this.query = query;
    this.tables = tables;
    this.functions = functions;
  }

  /**
   * Checks a query.
   *
   * @param connection to ask the parser and the catalogue
   * @return the query to run
   * @throws Refused if it is no single query, or reaches for anything but the product's tables
   */
  static String check(Connection connection, String product, String query)
      throws SQLException, Refused {
    if (query.length() > LONGEST) {
      throw new Refused("the query is longer than " + LONGEST + " characters");
    }
    String parsed = one(connection, "SELECT json_serialize_sql(CAST(? AS VARCHAR))", query);
    Map<?, ?> tree = object(JsonTree.read(parsed.getBytes(StandardCharsets.UTF_8)));
    if (Boolean.TRUE.equals(tree.get("error"))) {
      throw new Refused(
          "not implemented".equals(tree.get("error_type"))
              ? "only a query can run here: SELECT, FROM or WITH"
              : tree.get("error_message") + QueryPlace.of(query, tree.get("position")));
    }
    if (!(tree.get("statements") instanceof List<?> statements) || statements.size() != 1) {
      throw new Refused("expected one query");
    }
    Set<String> tables =
        all(
            connection,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
                + " AND table_catalog = current_database()",
            product);
    collect(tree, tables);
    Set<String> functions =
        all(
            connection,
            "SELECT function_name FROM duckdb_functions()"
                + " WHERE function_type IN ('scalar', 'aggregate', 'macro') AND schema_name = ?"
                + " GROUP BY function_name"
                + " HAVING bool_and(coalesce(stability, 'CONSISTENT') = 'CONSISTENT'"
                + " AND NOT coalesce(has_side_effects, false))",
            "main");
    functions.addAll(CLOCK);
    functions.removeAll(INSIDES);
    new Sandbox(product, query, tables, functions).walk(tree);
    return one(connection, "SELECT json_deserialize_sql(CAST(? AS JSON))", parsed);
  }

  /**
   * The tables and views that a query reads, as it names them without a schema; empty if it is
   * none.
   */
  static Set<String> sources(Connection connection, String query) throws SQLException {
    String parsed = one(connection, "SELECT json_serialize_sql(CAST(? AS VARCHAR))", query);
    Map<?, ?> tree = object(JsonTree.read(parsed.getBytes(StandardCharsets.UTF_8)));
    Set<String> sources = new HashSet<>();
    sources(tree, sources);
    Set<String> own = new HashSet<>();
    collect(tree, own);
    sources.removeAll(own);
    return sources;
  }

  private static void sources(@Nullable Object node, Set<String> sources) {
    if (node instanceof Map<?, ?> object) {
      if ("BASE_TABLE".equals(object.get("type")) && "".equals(object.get("schema_name"))) {
        sources.add(String.valueOf(object.get("table_name")));
      }
      object.values().forEach(value -> sources(value, sources));
    } else if (node instanceof List<?> list) {
      list.forEach(item -> sources(item, sources));
    }
  }

  /** Names that the query itself gives to parts of it. */
  private static void collect(@Nullable Object node, Set<String> names) {
    if (node instanceof Map<?, ?> object) {
      if (object.get("cte_map") instanceof Map<?, ?> ctes
          && ctes.get("map") instanceof List<?> map) {
        for (Object entry : map) {
          names.add(String.valueOf(object(entry).get("key")));
        }
      }
      object.values().forEach(value -> collect(value, names));
    } else if (node instanceof List<?> list) {
      list.forEach(item -> collect(item, names));
    }
  }

  private void walk(@Nullable Object node) throws Refused {
    if (node instanceof Map<?, ?> object) {
      if (object.containsKey("sample") && object.containsKey("alias")) {
        source(object);
      } else if ("FUNCTION".equals(object.get("class"))) {
        function(object);
      }
      for (Object value : object.values()) {
        walk(value);
      }
    } else if (node instanceof List<?> list) {
      for (Object item : list) {
        walk(item);
      }
    }
  }

  private void source(Map<?, ?> source) throws Refused {
    String type = String.valueOf(source.get("type"));
    if (!SOURCES.contains(type)) {
      throw new Refused("only tables and queries can be read here");
    }
    if (type.equals("BASE_TABLE")) {
      String name = String.valueOf(source.get("table_name"));
      String schema = String.valueOf(source.get("schema_name"));
      boolean own = schema.isEmpty() || schema.equals(product);
      if (!own || !tables.contains(name) || !"".equals(source.get("catalog_name"))) {
        throw new Refused(
            "there is no table \"" + name + "\" of " + product + " to read" + place(source));
      }
    }
    if (type.equals("TABLE_FUNCTION")) {
      String name = name(object(source.get("function")));
      if (!TABLE_FUNCTIONS.contains(name)) {
        throw new Refused("the table function " + name + " cannot be used here" + place(source));
      }
    }
  }

  private void function(Map<?, ?> function) throws Refused {
    String name = name(function);
    if (!functions.contains(name) && !TABLE_FUNCTIONS.contains(name)) {
      throw new Refused("the function " + name + " cannot be used here" + place(function));
    }
  }

  private String place(Map<?, ?> node) {
    return QueryPlace.of(query, node.get("query_location"));
  }

  private static String name(Map<?, ?> function) {
    return String.valueOf(function.get("function_name")).toLowerCase(Locale.ROOT);
  }

  private static Map<?, ?> object(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String one(Connection connection, String sql, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private static Set<String> all(Connection connection, String sql, String value)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        Set<String> all = new HashSet<>();
        while (rows.next()) {
          all.add(rows.getString(1));
        }
        return all;
      }
    }
  }
}
