package dev.candor.store;

import dev.candor.dictionary.Fact;
import dev.candor.dictionary.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a kind is not enough: facts that a product gives as an expression, and parts as a query.
 *
 * @param steps expressions that others build on, by name
 * @param facts facts by name, instead of those of the same name or after all
 * @param lists parts by name, likewise
 */
public record FactOverrides(
    Map<String, String> steps, List<FactColumn> facts, List<PartList> lists) {
  /** None. */
  public static final FactOverrides NONE = new FactOverrides(Map.of(), List.of(), List.of());

  private static final Pattern LINE =
      Pattern.compile(
          "(?:(step)|(filter|size|daily|latest|none) ([a-z]+)) ([a-z][a-z0-9_]*) = (.*)");

  public FactOverrides {
    facts = List.copyOf(facts);
    lists = List.copyOf(lists);
  }

  /**
   * Reads them. A fact is {@code daily count users = EXPRESSION} in a line, an intermediate result
   * {@code step seen = EXPRESSION}; indented lines go on with the one before, those that begin with
   * {@code #} are comments.
   *
   * @param text the facts
   * @param queries the parts by name, each a query below a header line {@code -- reads: COLUMN, …}
   * @throws IllegalArgumentException if a line is of another form
   */
  public static FactOverrides parse(String text, Map<String, String> queries) {
    Map<String, String> steps = new LinkedHashMap<>();
    List<FactColumn> facts = new ArrayList<>();
    String joined = text.replaceAll("\n[ \t]+", " ");
    joined
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher parts = LINE.matcher(line);
              if (!parts.matches()) {
                throw new IllegalArgumentException(
                    "facts: \"" + line + "\": expected \"daily count name = expression\"");
              }
              if (parts.group(1) != null) {
                steps.put(parts.group(4), parts.group(5));
              } else {
                facts.add(fact(parts.group(2), parts.group(3), parts.group(4), parts.group(5)));
              }
            });
    List<PartList> lists = new ArrayList<>();
    queries.forEach(
        (name, sql) ->
            lists.add(
                new PartList(
                    name,
                    FactColumn.spoken(name),
                    "",
                    "",
                    List.of(header(name, sql, "members").split(", ")),
                    false,
                    true,
                    header(name, sql, "reads"),
                    sql)));
    return new FactOverrides(steps, facts, lists);
  }

  private static FactColumn fact(String keep, String kind, String name, String sql) {
    Kind of =
        Stream.of(Kind.values())
            .filter(each -> each.word().equals(kind))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("facts: " + name + ": no kind " + kind));
    return new FactColumn(
        name,
        name.replace('_', '-'),
        FactColumn.spoken(name),
        "",
        "",
        of,
        Fact.Keep.valueOf(keep.toUpperCase(Locale.ROOT)),
        FactColumn.typeOf(of),
        sql,
        "");
  }

  private static String header(String name, String sql, String key) {
    return sql.lines()
        .filter(line -> line.startsWith("-- " + key + ": "))
        .map(line -> line.substring(key.length() + 5).strip())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "parts/" + name + ".sql: lacks the header line \"-- " + key + ": …\""));
  }

  /** The facts that hold: its own in the place of derived ones, the others after them. */
  List<FactColumn> columns(List<FactColumn> derived) {
    Map<String, FactColumn> all = new LinkedHashMap<>();
    derived.forEach(column -> all.put(column.name(), column));
    for (FactColumn own : facts) {
      FactColumn before = all.get(own.name());
      all.put(
          own.name(),
          before == null
              ? own
              : new FactColumn(
                  own.name(),
                  before.report(),
                  before.title(),
                  before.description(),
                  before.group(),
                  own.kind(),
                  own.keep(),
                  own.type(),
                  own.sql(),
                  before.place()));
    }
    return all.values().stream().filter(column -> column.keep() != Fact.Keep.NONE).toList();
  }

  /** The parts that hold, likewise. */
  List<PartList> parts(List<PartList> derived) {
    Map<String, PartList> all = new LinkedHashMap<>();
    derived.forEach(list -> all.put(list.name(), list));
    lists.forEach(list -> all.put(list.name(), list));
    return List.copyOf(all.values());
  }
}
