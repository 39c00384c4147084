package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Fact;
import dev.candor.dictionary.Fact.Keep;
import dev.candor.dictionary.Fact.Origin;
import dev.candor.dictionary.Facts;
import dev.candor.dictionary.JsonType;
import dev.candor.dictionary.Kind;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import dev.candor.dictionary.Parts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is known of the instances of a product: a row for each instance and day, linked to the day
 * before, its latest state and parts, and rollups by day, week and month. All of it follows from
 * the facts of the product's heartbeat; the SQL is in {@code timeline/}.
 */
public final class Timeline {
  private static final String RELEASE =
      "replace(regexp_extract(%s, '^v?([0-9]+[._][0-9]+)', 1), '_', '.')";

  /** Its tables of sums, by day and dimensions. */
  static final List<String> ROLLUPS = List.of("daily", "weekly", "monthly");

  private static final List<String> VIEWS =
      List.of(
          "as_of",
          "heartbeat",
          "heartbeat_latest",
          "opt_out",
          "release",
          "instance",
          "instance_event");

  private final Dictionary dictionary;
  private final MessageType heartbeat;
  private final List<FactColumn> columns;
  private final List<PartList> parts;
  private final Template template;
  private final Map<String, String> refreshing = new LinkedHashMap<>();
  private final String erasing;
  private final String retaining;

  private Timeline(Dictionary dictionary, MessageType heartbeat, FactOverrides overrides) {
    this.dictionary = dictionary;
    this.heartbeat = heartbeat;
    Facts facts = Facts.of(heartbeat);
    this.columns = overrides.columns(facts.facts().stream().map(this::column).toList());
    this.parts = overrides.parts(facts.parts().stream().map(Timeline::partList).toList());
    this.template = new Template(texts(overrides), lists());
    // Once: each load runs them.
    String rollups = template.fill("timeline/rollups.sql");
    String applying = template.fill("timeline/apply.sql") + rollups;
    this.erasing = template.fill("timeline/erase.sql") + applying;
    this.retaining = template.fill("timeline/retain.sql") + rollups;
    for (MessageType type : dictionary.messages()) {
      String own =
          type.name().equals(heartbeat.name())
              ? template.fill("timeline/heartbeat.sql") + applying
              : "";
      refreshing.put(type.name(), receipt(type) + own);
    }
  }

  private static String receipt(MessageType type) {
    return new Template(
            Map.of("raw", Columns.name(Columns.table(type)), "message", Columns.text(type.name())),
            Map.of())
        .fill("timeline/receipt.sql");
  }

  /** The timeline of a product; empty if it has no heartbeat. */
  static Optional<Timeline> of(Dictionary dictionary, FactOverrides overrides) {
    return dictionary.heartbeat().map(type -> new Timeline(dictionary, type, overrides));
  }

  /** The message by which an instance says that it is there. */
  public MessageType heartbeat() {
    return heartbeat;
  }

  /** The facts, in order. */
  public List<FactColumn> columns() {
    return columns;
  }

  /** What instances are made of, by name. */
  public List<PartList> parts() {
    return parts;
  }

  /** Whether the heartbeat tells a version. */
  public boolean hasVersion() {
    return columns.stream().anyMatch(column -> column.keep() == Keep.VERSION);
  }

  /** The dimensions: columns by which every figure can be filtered. */
  public List<String> dimensions() {
    List<String> names = new ArrayList<>();
    if (hasVersion()) {
      names.add("release");
    }
    kept(Keep.FILTER).forEach(column -> names.add(column.name()));
    return List.copyOf(names);
  }

  /** The counts that are kept for every day and summed in the rollups. */
  public List<FactColumn> measures() {
    return columns.stream().filter(c -> c.isDaily() && c.isMeasure()).toList();
  }

  /** What makes one instance larger than another: the count that says so, else the first. */
  public Optional<FactColumn> size() {
    return kept(Keep.SIZE).stream().findFirst().or(() -> measures().stream().findFirst());
  }

  List<FactColumn> kept(Keep keep) {
    return columns.stream().filter(column -> column.keep() == keep).toList();
  }

  /** Makes its tables, empty; rollups of days without raw messages stay. */
  public String tables() {
    return template.fill("timeline/tables.sql");
  }

  /** Brings it up to date after messages came: those with a {@code _row} from first_row on. */
  public String refresh(MessageType type) {
    return Objects.requireNonNull(refreshing.get(type.name()));
  }

  /** Takes out of it what came from the instances in the table erased, until then. */
  public String erase() {
    return erasing;
  }

  /** Folds the rows of single instances from before the day keep_from into the rollups. */
  public String retain() {
    return retaining;
  }

  /** The views over it by name, each after those that it reads. */
  Map<String, String> views() {
    Map<String, String> views = new LinkedHashMap<>();
    VIEWS.forEach(name -> views.put(name, template.fill("timeline/views/" + name + ".sql")));
    return views;
  }

  private Map<String, String> texts(FactOverrides overrides) {
    String raw = Columns.name(Columns.table(heartbeat));
    String version =
        kept(Keep.VERSION).stream()
            .map(FactColumn::sql)
            .findFirst()
            .orElse("CAST(NULL AS VARCHAR)");
    return Map.of(
        "schema", Columns.name(dictionary.product()),
        "raw", raw,
        "id", Columns.name(heartbeat.id()),
        "same", same(),
        "version", version,
        "release", RELEASE.formatted("version"),
        "previous_release", RELEASE.formatted("previous_version"),
        "heartbeats", heartbeats(raw, overrides),
        "opt_outs", optOuts(),
        "messages",
            dictionary.messages().stream()
                .map(type -> "(" + Columns.text(type.name()) + ")")
                .collect(Collectors.joining(", ")));
  }

  private static String heartbeats(String raw, FactOverrides overrides) {
    return overrides.steps().isEmpty()
        ? raw
        : overrides.steps().entrySet().stream()
            .map(step -> step.getValue() + " AS " + Columns.name(step.getKey()))
            .collect(Collectors.joining(", ", "(SELECT *, ", " FROM " + raw + ")"));
  }

  /** What two heartbeats of an instance have in common if one repeats the other. */
  private String same() {
    String number =
        heartbeat.root().members().entrySet().stream()
            .filter(member -> member.getValue() instanceof Node.Leaf leaf && isSequence(leaf))
            .map(member -> "r." + Columns.name(member.getKey()))
            .map(column -> " WHEN " + column + " IS NOT NULL THEN 'number ' || " + column)
            .collect(Collectors.joining());
    return "CASE WHEN r._key IS NOT NULL THEN 'key ' || r._key"
        + number
        + " ELSE 'day ' || CAST(r._received AS DATE) END";
  }

  private static boolean isSequence(Node.Leaf leaf) {
    return leaf.label().keep().filter(Keep.SEQUENCE::equals).isPresent();
  }

  private String optOuts() {
    return dictionary.messages().stream()
        .filter(MessageType::isOptOut)
        .map(
            type ->
                "SELECT %s AS id, _received FROM %s"
                    .formatted(Columns.name(type.id()), Columns.name(Columns.table(type))))
        .reduce((one, other) -> one + " UNION ALL " + other)
        .orElse(
            "SELECT CAST(NULL AS VARCHAR) AS id, CAST(NULL AS TIMESTAMP) AS _received WHERE false");
  }

  private Map<String, List<Map<String, String>>> lists() {
    return Map.of(
        "daily", rows(columns.stream().filter(FactColumn::isDaily).toList(), FactColumn::type),
        "filters", rows(kept(Keep.FILTER), FactColumn::type),
        "latest", rows(kept(Keep.LATEST), FactColumn::type),
        "sums", rows(measures(), FactColumn::sumType),
        "parts",
            parts.stream()
                .map(
                    part ->
                        Map.of(
                            "NAME", part.name(),
                            "COLUMNS_READ", part.reads(),
                            "SELECTED", part.sql(),
                            "HEARTBEATS", Columns.name(Columns.table(heartbeat))))
                .toList());
  }

  private static List<Map<String, String>> rows(
      Collection<FactColumn> columns, Function<FactColumn, String> type) {
    return columns.stream()
        .map(
            column ->
                Map.of("NAME", column.name(), "TYPE", type.apply(column), "SQL", column.sql()))
        .toList();
  }

  private FactColumn column(Fact fact) {
    Kind kind = fact.kind();
    String type = isQuantity(fact.origin()) ? "DOUBLE" : FactColumn.typeOf(kind);
    return new FactColumn(
        fact.name(),
        fact.report(),
        fact.title(),
        fact.description(),
        fact.group(),
        kind,
        fact.keep(),
        type,
        sql(fact.origin(), kind, type),
        place(fact.origin()));
  }

  private static String place(Origin origin) {
    return origin instanceof Origin.Member(List<String> path)
        ? String.join("/", path.subList(0, path.size() - 1))
        : "";
  }

  private boolean isQuantity(Origin origin) {
    return switch (origin) {
      case Origin.Member(List<String> path) -> isQuantity(leaf(heartbeat.root(), path));
      case Origin.Sum(List<String> list, List<String> member) ->
          isQuantity(leaf(items(list), member));
      case Origin.Length _, Origin.Within _ -> false;
    };
  }

  private static boolean isQuantity(Node.Leaf leaf) {
    return leaf.types().contains(JsonType.NUMBER);
  }

  private static Node at(Node root, List<String> path) {
    Node node = root;
    for (String name : path) {
      node = Objects.requireNonNull(((Node.Obj) node).members().get(name));
    }
    return node;
  }

  private static Node.Leaf leaf(Node root, List<String> path) {
    return (Node.Leaf) at(root, path);
  }

  private Node items(List<String> list) {
    return ((Node.Arr) at(heartbeat.root(), list)).items();
  }

  private static String stored(Node.Leaf leaf) {
    return ((ColumnType.Scalar) ColumnType.of(leaf)).sql();
  }

  private String sql(Origin origin, Kind kind, String type) {
    return switch (origin) {
      case Origin.Member(List<String> path) -> {
        String member = access("", path);
        String stored = stored(leaf(heartbeat.root(), path));
        yield kind == Kind.DATE
            ? date(member, stored)
            : stored.equals(type) ? member : "try_cast(" + member + " AS " + type + ")";
      }
      case Origin.Length(List<String> list) -> "len(" + access("", list) + ")";
      case Origin.Sum(List<String> list, List<String> member) -> {
        String sum =
            "list_sum(list_transform(%s, lambda i: try_cast(%s AS %s)))"
                .formatted(
                    access("", list),
                    access("i", member),
                    type.equals("DOUBLE") ? "DOUBLE" : "HUGEINT");
        yield type.equals("DOUBLE") ? sum : bounded(sum);
      }
      // The day of receipt is not over: one day is the last whole one, and what there is since.
      case Origin.Within(List<String> list, List<String> member, int days) ->
          String.format(
              Locale.ROOT,
              "len(list_filter(%s, lambda i: CAST(_received AS DATE) - %s < %d))",
              access("", list),
              date(access("i", member), stored(leaf(items(list), member))),
              Math.max(2, days));
    };
  }

  /** A sum as BIGINT: the largest there is where it is larger, and not told where it is not. */
  private static String bounded(String sum) {
    return "CAST(CASE WHEN %1$s > %2$s THEN %2$s WHEN %1$s < -%2$s THEN -%2$s ELSE %1$s END AS BIGINT)"
        .formatted(sum, Long.toString(Long.MAX_VALUE));
  }

  /** A day, whatever form it came in: a text that begins with it, seconds or milliseconds. */
  private static String date(String member, String stored) {
    return stored.equals("VARCHAR")
        ? "try_cast(" + member + "[1:10] AS DATE)"
        : "CAST(make_timestamp(%1$s * CASE WHEN abs(%1$s) < 100000000000 THEN 1000000 ELSE 1000 END) AS DATE)"
            .formatted(member);
  }

  private static PartList partList(Parts parts) {
    String list = access("", parts.list());
    String sql =
        parts.words().stream()
            .map(word -> partSql(parts, list, word))
            .collect(Collectors.joining("\n  UNION ALL\n"));
    return new PartList(
        parts.name(),
        parts.title(),
        parts.description(),
        parts.group(),
        parts.words().stream().map(word -> String.join(".", word)).toList(),
        parts.version().isPresent(),
        parts.amount().isPresent(),
        list,
        sql);
  }

  /** The version stands beside the first word alone: the others say something else. */
  private static String partSql(Parts parts, String list, List<String> word) {
    boolean isFirst = word.equals(parts.words().getFirst());
    return """
          SELECT
            %s AS member, %s AS name, %s AS version, count(*) AS items,
            %s AS amount, _instance
          FROM (SELECT _instance, unnest(%s) AS i FROM lists)
          GROUP BY ALL"""
        .formatted(
            Columns.text(String.join(".", word)),
            access("i", word),
            parts
                .version()
                .filter(_ -> isFirst)
                .map(version -> access("i", version))
                .orElse("CAST(NULL AS VARCHAR)"),
            parts
                .amount()
                .map(amount -> "try_cast(sum(" + access("i", amount) + ") AS HUGEINT)")
                .orElse("CAST(NULL AS HUGEINT)"),
            list);
  }

  private static String access(String root, List<String> path) {
    String members = path.stream().map(Columns::name).collect(Collectors.joining("."));
    return root.isEmpty() || members.isEmpty() ? root + members : root + "." + members;
  }
}
