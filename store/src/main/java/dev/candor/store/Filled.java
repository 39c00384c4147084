package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryPage;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the report that tells how often each field of a dictionary has a value, of the newest
 * messages of each kind.
 */
final class Filled {
  static final String NAME = "filled";
  private static final int MOST = 5_000;
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
        String.format(
                Locale.ROOT,
                """
        -- title: How often each field is filled
        -- question: In which share of the newest messages has each field a value, and how many instances are in the smaller of both groups?
        -- chart: table
        -- counts: smaller_group
        -- filters: days
        -- note: Of the newest %d messages of each kind at most, of the %d days before the latest. For a field of a list: messages in which at least one item has it, then the share of items that have it.
        """,
                MOST,
                DAYS)
            + dictionary.messages().stream()
                .map(type -> new Filled().query(type))
                .collect(Collectors.joining("\nUNION ALL\n"));
    return Report.parse(NAME, sql);
  }

  /** In this form the database reads no more than the newest: what is older costs nothing. */
  private static String newest(MessageType type) {
    return String.format(
        Locale.ROOT,
        "(SELECT _row, _received FROM message WHERE message = %s ORDER BY _received DESC, _row DESC LIMIT %d)",
        Columns.text(type.name()),
        MOST);
  }

  /** Sums over messages beside sums over instances, each in one row; then a row for each field. */
  private String query(MessageType type) {
    List<Field> fields = new ArrayList<>();
    type.root()
        .members()
        .forEach((name, node) -> collect(name, Columns.name(name), node, false, fields));
    // The fields of a list's items have as many places, each for itself.
    List<String> places =
        fields.stream().filter(Field::inList).map(Field::places).distinct().toList();
    List<String> counted = new ArrayList<>();
    List<String> byInstance = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> filled = new ArrayList<>();
    List<String> items = new ArrayList<>();
    List<String> itemPlaces = new ArrayList<>();
    List<String> some = new ArrayList<>();
    List<String> lacking = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      counted.add(places.get(i) + " AS _p" + i);
    }
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      counted.add(field.filled() + " AS _f" + i);
      byInstance.add(
          String.format(
              Locale.ROOT, "bool_or(_f%d > 0) AS _s%d, bool_and(_f%d > 0) AS _e%d", i, i, i, i));
      names.add(Columns.text(field.path()));
      filled.add("count_if(_f" + i + " > 0)");
      items.add(field.inList() ? "sum(_f" + i + ")" : "NULL");
      itemPlaces.add(field.inList() ? "sum(_p" + places.indexOf(field.places()) + ")" : "NULL");
      some.add("count_if(_s" + i + ")");
      lacking.add("count_if(NOT _e" + i + ")");
    }
    return String.format(
        Locale.ROOT,
        """
        SELECT
          message, field,
          CASE WHEN filled IN (0, messages) THEN instances ELSE least(having_it, lacking_it) END
            AS smaller_group,
          round(100.0 * filled / messages, 1) AS percent,
          round(100.0 * items / nullif(places, 0), 1) AS item_percent
        FROM (
          WITH newest AS MATERIALIZED (
            SELECT %s AS _instance, %s
            FROM %s
            WHERE _row IN (
              SELECT _row FROM %s WHERE _received > (SELECT received FROM last_message) - INTERVAL %d DAY
            )
          )
          SELECT
            %s AS message, messages, instances,
            unnest([%s]) AS field,
            unnest(filled) AS filled, unnest(items) AS items, unnest(places) AS places,
            unnest(having_it) AS having_it, unnest(lacking_it) AS lacking_it
          FROM (
            SELECT count(*) AS messages, [%s] AS filled, [%s] AS items, [%s] AS places FROM newest
          )
          CROSS JOIN (
            SELECT count(*) AS instances, [%s] AS having_it, [%s] AS lacking_it
            FROM (SELECT %s FROM newest GROUP BY _instance)
          )
          WHERE messages > 0
        )""",
        Columns.name(type.id()),
        String.join(",\n      ", counted),
        Columns.name(Columns.table(type)),
        newest(type),
        DAYS,
        Columns.text(type.name()),
        String.join(", ", names),
        String.join(", ", filled),
        String.join(", ", items),
        String.join(", ", itemPlaces),
        String.join(", ", some),
        String.join(", ", lacking),
        String.join(", ", byInstance));
  }

  /** {@code value} is what SQL writes for the value at this place. */
  private void collect(String path, String value, Node node, boolean inList, List<Field> fields) {
    switch (node) {
      case Node.Leaf _ -> fields.add(new Field(path, has(value), "1", inList));
      case Node.Arr list -> {
        String item = "_i" + variables++; // as no member is named
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
