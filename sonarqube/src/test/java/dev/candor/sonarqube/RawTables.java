package dev.candor.sonarqube;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.JsonType;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An in-memory database with what the store makes of the dictionary, and views. */
final class RawTables implements AutoCloseable {
  private final Connection connection;
  private long kept;

  RawTables() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    Dictionary dictionary = SonarQube.dictionary();
    run("CREATE SCHEMA sonarqube");
    run("USE sonarqube");
    run("CREATE SEQUENCE row_number");
    for (MessageType type : dictionary.messages()) {
      run("CREATE TABLE " + table(type) + " (" + columns(type.root()) + RECEIPT + ")");
    }
    run(
        "CREATE VIEW message AS "
            + dictionary.messages().stream()
                .map(
                    type ->
                        ("SELECT '%s' AS message, CAST(_received AS DATE) AS day, _received"
                                + " FROM %s")
                            .formatted(type.name(), table(type)))
                .collect(Collectors.joining(" UNION ALL ")));
    run("CREATE VIEW last_message AS SELECT max(_received) AS received FROM message");
    run(SonarQube.tables());
    for (Map.Entry<String, String> view : SonarQube.views().entrySet()) {
      run("CREATE OR REPLACE VIEW \"" + view.getKey() + "\" AS " + view.getValue());
    }
  }

  private static final String RECEIPT =
      ", \"_received\" TIMESTAMP, \"_agent\" VARCHAR, \"_key\" VARCHAR,"
          + " \"_row\" BIGINT DEFAULT nextval('row_number')";

  private static String table(MessageType type) {
    return "raw_" + type.name().replace('-', '_');
  }

  private static String columns(Node.Obj root) {
    return root.members().entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\" " + type(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String type(Node node) {
    if (node instanceof Node.Obj object) {
      return "STRUCT(" + columns(object) + ")";
    }
    if (node instanceof Node.Arr list) {
      return type(list.items()) + "[]";
    }
    Node.Leaf leaf = (Node.Leaf) node;
    if (leaf.types().contains(JsonType.STRING) || leaf.types().size() > 1) {
      return "VARCHAR";
    }
    return leaf.types().contains(JsonType.BOOLEAN)
        ? "BOOLEAN"
        : leaf.types().contains(JsonType.INTEGER) ? "BIGINT" : "DOUBLE";
  }

  /** Takes a kept message in. */
  void add(MessageType type, String json, String received) throws SQLException {
    String named =
        type.root().members().entrySet().stream()
            .map(
                e -> "\"" + e.getKey() + "\": \"" + type(e.getValue()).replace("\"", "\\\"") + "\"")
            .collect(Collectors.joining(", ", "{", "}"));
    run(
        "INSERT INTO "
            + table(type)
            + " BY NAME SELECT unnest(from_json('"
            + quoted(json)
            + "', '"
            + quoted(named)
            + "')), TIMESTAMP '"
            + received
            + "' AS _received");
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Lets the kept tables see what came since the last time, as the store does after each load. */
  void keepUp() throws SQLException {
    run("SET VARIABLE first_row = " + kept);
    for (String script : SonarQube.upkeep().values()) {
      run(script);
    }
    run("SET VARIABLE first_row = (SELECT nextval('row_number'))");
    try (Statement statement = connection.createStatement();
        ResultSet next = statement.executeQuery("SELECT getvariable('first_row')")) {
      next.next();
      kept = next.getLong(1);
    }
  }

  /** Fills the kept tables from the raw ones, as the store does when their SQL has changed. */
  void makeAnew() throws SQLException {
    run(SonarQube.tables());
    kept = 0;
    keepUp();
  }

  /** Each row as its values with bars between. */
  List<String> rows(String sql) throws SQLException {
    keepUp();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(found.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
