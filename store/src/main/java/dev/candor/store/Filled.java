package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryPage;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the report that tells how often each field of a dictionary has a value, of the newest
 * messages of each kind.
 */
final class Filled {
  static final String NAME = "filled";
  private static final int MOST = 20_000;
  private static final int DAYS = 30;

  /**
   * A field as SQL counts it within one message.
   *
   * @param path as the dictionary's page names it
   * @param filled how many of its places have a value
   * @param places how many there are: one, or as many as there are items
   * @param inList whether it is within items
   */
  private record Field(String path, String filled, String places, boolean inList) {}

  private int variables;

  private Filled() {}

  /** The report. */
  static Report report(Dictionary dictionary) {
    String sql =
        """
        -- title: How often each field is filled
        -- question: In which share of the newest messages has each field a value, and how many instances are in the smaller of both groups?
        -- chart: table
        -- counts: smaller_group
        -- filters: days
        -- note: Of the newest %d messages of each kind at most, of the %d days before the latest. For a field of a list: messages in which at least one item has it, then the share of items that have it.
        """
                .formatted(MOST, DAYS)
            + dictionary.messages().stream()
                .map(type -> new Filled().query(type))
                .collect(Collectors.joining("\nUNION ALL\n"));
    return Report.parse(NAME, sql);
  }

  /**
   * By message, then by instance, then by field: so that instances need not be told apart twice.
   */
  private String query(MessageType type) {
    List<Field> fields = new ArrayList<>();
    type.root()
        .members()
        .forEach((name, node) -> collect(name, Columns.name(name), node, false, fields));
    List<String> counted = new ArrayList<>();
    List<String> summed = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      counted.add(field.filled() + " AS f" + i);
      summed.add("count(*) FILTER (f%d > 0) AS n%d, sum(f%d) AS f%d".formatted(i, i, i, i));
      if (field.inList()) {
        counted.add(field.places() + " AS p" + i);
        summed.add("sum(p%d) AS p%d".formatted(i, i));
      }
      rows.add(row(field, i));
    }
    String id = Columns.name(type.id());
    String table = Columns.name(Columns.table(type));
    return """
        SELECT message, field, smaller_group, percent, item_percent FROM (
          SELECT %s AS message, unnest([
            %s
          ], recursive := true)
          FROM (
            SELECT count(*) AS n,
              %s
            FROM (
              SELECT %s AS _instance,
                %s
              FROM %s
              WHERE _row IN (
                SELECT _row FROM %s
                WHERE _received > (SELECT max(_received) FROM message) - INTERVAL %d DAY
                ORDER BY _received DESC, _row DESC LIMIT %d
              )
            )
            GROUP BY _instance
          )
          HAVING count(*) > 0
        )"""
        .formatted(
            Columns.text(type.name()),
            String.join(",\n    ", rows),
            String.join(",\n      ", summed),
            id,
            String.join(",\n        ", counted),
            table,
            table,
            DAYS,
            MOST);
  }

  private static String row(Field field, int i) {
    return ("{'field': %s, 'percent': round(100.0 * sum(n%d) / sum(n), 1), 'item_percent': %s,"
            + " 'smaller_group': CASE WHEN sum(n%d) IN (0, sum(n)) THEN count(*)"
            + " ELSE least(count(*) FILTER (n%d > 0), count(*) FILTER (n%d < n)) END}")
        .formatted(
            Columns.text(field.path()),
            i,
            field.inList()
                ? "round(100.0 * sum(f%d) / nullif(sum(p%d), 0), 1)".formatted(i, i)
                : "NULL::DOUBLE",
            i,
            i,
            i);
  }

  /** {@code value} is what SQL writes for the value at this place. */
  private void collect(String path, String value, Node node, boolean inList, List<Field> fields) {
    switch (node) {
      case Node.Leaf _ -> fields.add(new Field(path, has(value), "1", inList));
      case Node.Arr list -> {
        String item = "i" + variables++;
        List<Field> inside = new ArrayList<>();
        collect(path + "[]", item, list.items(), true, inside);
        for (Field field : inside) {
          fields.add(
              new Field(
                  field.path(),
                  sum(value, item, field.filled()),
                  field.places().equals("1")
                      ? "coalesce(len(" + value + "), 0)"
                      : sum(value, item, field.places()),
                  true));
        }
      }
      case Node.Obj object -> {
        object
            .members()
            .forEach(
                (name, child) ->
                    collect(
                        path + "." + name,
                        value + "." + Columns.name(name),
                        child,
                        inList,
                        fields));
        object.choice().ifPresent(choice -> choices(path, value, choice, inList, fields));
      }
    }
  }

  private static void choices(
      String path, String value, Node.Choice choice, boolean inList, List<Field> fields) {
    String judged = value + "." + Columns.name(choice.value());
    for (String word : choice.cases().keySet()) {
      String is = value + "." + Columns.name(choice.key()) + " = " + Columns.text(word);
      fields.add(
          new Field(
              DictionaryPage.path(path, choice, word),
              "CAST(coalesce(" + is + " AND " + judged + " IS NOT NULL, false) AS BIGINT)",
              "CAST(coalesce(" + is + ", false) AS BIGINT)",
              inList));
    }
  }

  private static String has(String value) {
    return "CAST(" + value + " IS NOT NULL AS BIGINT)";
  }

  private static String sum(String list, String item, String each) {
    return "coalesce(list_sum(list_transform(" + list + ", lambda " + item + ": " + each + ")), 0)";
  }
}
