package dev.candor.store;

import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes tables and views, and fits them to what dictionaries and products have become. */
final class Schema {
  private Schema() {}

  /** Makes what the store needs for itself. */
  static void prepare(Statement sql) throws SQLException {
    sql.execute("CREATE SCHEMA IF NOT EXISTS candor");
    sql.execute("CREATE SEQUENCE IF NOT EXISTS candor.row_number");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.kept (schema VARCHAR PRIMARY KEY, made_by VARCHAR)");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.loaded_segment"
            + " (stream VARCHAR, segment BIGINT, loaded_at TIMESTAMP,"
            + " PRIMARY KEY (stream, segment))");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.part_loaded"
            + " (stream VARCHAR, segment BIGINT, lines BIGINT, PRIMARY KEY (stream, segment))");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.lifetime (erase_on_opt_out BOOLEAN, days INTEGER)");
    sql.execute("CREATE TABLE IF NOT EXISTS candor.to_rewrite (since TIMESTAMP)");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.retention"
            + " (ran_at TIMESTAMP, kept_from DATE, messages BIGINT)");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.ahead"
            + " (stream VARCHAR, row BIGINT, received TIMESTAMP, noticed TIMESTAMP)");
    sql.execute(
        "CREATE TABLE IF NOT EXISTS candor.opt_out_told"
            + " (schema VARCHAR PRIMARY KEY, until_row BIGINT)");
  }

  /**
   * Makes the table of a message, or brings it up to what the dictionary has gained. What the
   * dictionary no longer names stays.
   *
   * @return the table's columns
   */
  static Map<String, ColumnType> fit(Statement sql, Product product, MessageType type)
      throws SQLException, IOException {
    String table = MessageStream.table(product, type);
    Map<String, ColumnType> wanted = Columns.of(type);
    sql.execute("CREATE SCHEMA IF NOT EXISTS " + Columns.name(product.name()));
    sql.execute(
        "CREATE TABLE IF NOT EXISTS "
            + table
            + " ("
            + definitions(wanted)
            + ", "
            + Columns.ROW
            + " BIGINT DEFAULT nextval('candor.row_number'))");
    Map<String, ColumnType> columns = described(sql, table);
    columns.remove(Columns.ROW);
    for (Map.Entry<String, ColumnType> column : wanted.entrySet()) {
      String name = column.getKey();
      ColumnType have = columns.get(name);
      if (have == null) {
        columns.put(name, column.getValue());
        sql.execute(alter(table, "ADD COLUMN ", name, " ", column.getValue()));
        continue;
      }
      ColumnType both;
      try {
        both = have.with(column.getValue(), name);
      } catch (ColumnType.TypeChange e) {
        throw new IOException("table " + table + ": " + e.getMessage(), e);
      }
      if (!both.equals(have)) {
        // Structs are cast member by member, by name: what they gained is null in old rows.
        columns.put(name, both);
        sql.execute(alter(table, "ALTER COLUMN ", name, " TYPE ", both));
      }
    }
    return columns;
  }

  /** Notes how long messages are to stay, and gives back what was noted before. */
  static Optional<Lifetime> lifetime(Statement sql, Optional<Lifetime> wanted) throws SQLException {
    Optional<Lifetime> before;
    try (ResultSet rows = sql.executeQuery("SELECT erase_on_opt_out, days FROM candor.lifetime")) {
      before =
          rows.next()
              ? Optional.of(new Lifetime(rows.getBoolean(1), rows.getInt(2)))
              : Optional.empty();
    }
    if (wanted.isPresent() && !wanted.equals(before)) {
      sql.execute("DELETE FROM candor.lifetime");
      sql.execute(
          String.format(
              Locale.ROOT,
              "INSERT INTO candor.lifetime VALUES (%b, %d)",
              wanted.get().eraseOnOptOut(),
              wanted.get().days()));
    }
    return before;
  }

  private static String alter(
      String table, String what, String column, String then, ColumnType type) {
    return "ALTER TABLE " + table + " " + what + Columns.name(column) + then + type.sql();
  }

  private static String definitions(Map<String, ColumnType> columns) {
    return columns.entrySet().stream()
        .map(column -> Columns.name(column.getKey()) + " " + column.getValue().sql())
        .collect(Collectors.joining(", "));
  }

  private static Map<String, ColumnType> described(Statement sql, String table)
      throws SQLException {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    try (ResultSet rows = sql.executeQuery("DESCRIBE " + table)) {
      while (rows.next()) {
        types.put(rows.getString(1), ColumnType.parse(rows.getString(2)));
      }
    }
    return types;
  }

  /**
   * Makes a product's kept tables anew if what makes them, or what they are made from, has changed.
   */
  static void keep(Database database, Product product, List<MessageStream> own)
      throws SQLException, IOException {
    String madeBy =
        product.timeline().map(Timeline::tables).orElse("")
            + own.stream()
                .map(stream -> stream.refresh().orElse("") + definitions(stream.columns()))
                .collect(Collectors.joining("\n"));
    try (Statement sql = database.statement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT 1 FROM candor.kept WHERE schema = "
                    + Columns.text(product.name())
                    + " AND made_by = md5("
                    + Columns.text(madeBy)
                    + ")")) {
      if (rows.next()) {
        return;
      }
    }
    database.atOnce(
        sql -> {
          search(sql, product);
          // A view may have become a kept table, or the other way round.
          drop(sql, product, "VIEW", _ -> true);
          drop(sql, product, "BASE TABLE", product.views()::containsKey);
          fill(sql, product, own);
          return sql.execute(
              "INSERT OR REPLACE INTO candor.kept VALUES ("
                  + Columns.text(product.name())
                  + ", md5("
                  + Columns.text(madeBy)
                  + "))");
        });
  }

  /** Fills a product's kept tables anew from the raw ones. */
  static void fill(Statement sql, Product product, List<MessageStream> own) throws SQLException {
    search(sql, product);
    if (product.timeline().isPresent()) {
      sql.execute(product.timeline().get().tables());
    }
    for (MessageStream stream : own) {
      bringUpToDate(sql, stream, 0);
    }
  }

  private static void drop(Statement sql, Product product, String type, Predicate<String> which)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                + Columns.text(product.name())
                + " AND table_type = "
                + Columns.text(type))) {
      while (rows.next()) {
        if (which.test(rows.getString(1))) {
          names.add(rows.getString(1));
        }
      }
    }
    for (String name : names) {
      sql.execute("DROP " + (type.equals("VIEW") ? "VIEW " : "TABLE ") + Columns.name(name));
    }
  }

  /** Lets the kept tables see the rows of a stream from this one on. */
  static void bringUpToDate(Statement sql, MessageStream stream, long firstRow)
      throws SQLException {
    Optional<String> refresh = stream.refresh();
    if (refresh.isPresent()) {
      search(sql, stream.product());
      sql.execute("SET VARIABLE first_row = " + firstRow);
      sql.execute(refresh.get());
    }
  }

  /** Makes a product's views, and what counts lie in. */
  static void views(Statement sql, Product product) throws SQLException {
    search(sql, product);
    Tallies.prepare(sql, product.dictionary());
    for (Map.Entry<String, String> view : product.views().entrySet()) {
      sql.execute(
          "CREATE OR REPLACE VIEW " + Columns.name(view.getKey()) + " AS " + view.getValue());
    }
  }

  /** Lets what runs next look for tables in the product's schema. */
  static void search(Statement sql, Product product) throws SQLException {
    sql.execute("SET search_path = " + Columns.text(product.name()));
  }
}
