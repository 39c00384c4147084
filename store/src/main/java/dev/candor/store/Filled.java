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
        -- question: In which share of the newest messages has each field a value?
        -- chart: table
        -- counts: smaller_group
        -- filters: days
        -- note: Of the newest %d messages of each kind at most, received within %d days of the latest. For a field of a list: messages in which at least one item has it, and items that have it. The smaller group is that of the instances that send it or of those that do not.
        """
                .formatted(MOST, DAYS)
            + dictionary.messages().stream()
                .map(type -> new Filled().query(type))
                .collect(Collectors.joining("\nUNION ALL\n"));
    return Report.parse(NAME, sql);
  }

  private String query(MessageType type) {
    List<Field> fields = new ArrayList<>();
    type.root()
        .members()
        .forEach((name, node) -> collect(name, Columns.name(name), node, false, fields));
    return "SELECT message, field, percent, item_percent, smaller_group FROM (\n  SELECT "
        + Columns.text(type.name())
        + " AS message, unnest([\n"
        + fields.stream().map(Filled::row).collect(Collectors.joining(",\n"))
        + "\n  ], recursive := true)\n  FROM (\n    SELECT *, "
        + Columns.name(type.id())
        + " AS _instance\n    FROM "
        + Columns.name(Columns.table(type))
        + "\n    WHERE _received > (SELECT max(_received) FROM message) - INTERVAL "
        + DAYS
        + " DAY\n    ORDER BY _received DESC\n    LIMIT "
        + MOST
        + "\n  )\n  HAVING count(*) > 0\n)";
  }

  private static String row(Field field) {
    String has = "count(*) FILTER (" + field.filled() + " > 0)";
    String instances = "count(DISTINCT _instance)";
    String with = instances + " FILTER (" + field.filled() + " > 0)";
    String without = instances + " FILTER (" + field.filled() + " = 0)";
    return "    {'field': "
        + Columns.text(field.path())
        + ", 'percent': round(100.0 * "
        + has
        + " / count(*), 1), 'item_percent': "
        + (field.inList()
            ? "round(100.0 * sum("
                + field.filled()
                + ") / nullif(sum("
                + field.places()
                + "), 0), 1)"
            : "NULL::DOUBLE")
        + ", 'smaller_group': CASE WHEN "
        + has
        + " IN (0, count(*)) THEN count(DISTINCT _instance) ELSE least("
        + with
        + ", "
        + without
        + ") END}";
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
