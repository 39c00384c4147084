package dev.candor.dictionary;

import dev.candor.dictionary.Fact.Keep;
import dev.candor.dictionary.Fact.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the timeline keeps of an instance's heartbeats. It follows from the kinds of the
 * dictionary's leaves; {@code x-fact} and {@code x-name} change it ({@code docs/dictionary.md}).
 *
 * @param facts the facts, in the dictionary's order
 * @param parts the lists whose items are told by name
 */
public record Facts(List<Fact> facts, List<Parts> parts) {
  /** Words with few values, by the dictionary's order, by which everything can be filtered. */
  private static final int FILTERS = 3;

  private static final List<Integer> WITHIN_DAYS = List.of(1, 7, 30);

  /** Columns that the timeline and its reports have of their own. */
  private static final Set<String> TAKEN =
      Set.of(
          ("id day version release state first_day last_day days_seen days_silent previous_day"
                  + " previous_version previous_month previous_received eventful instances"
                  + " new_instances returning_instances moved_instances active_instances joined"
                  + " retained stayed sign week previous_week month last_month follows same"
                  + " same_week same_month previous_release n fresh back up active kept later"
                  + " received until since known relink before event version_before new silent"
                  + " opted_out so_far whole usual figure meaning report value place feature told"
                  + " measure part smallest largest median p25 p75 p90 p99 total percent age bin"
                  + " items amount list member name behind releases_behind days hours")
              .split(" "));

  /** Words that SQL keeps for itself. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "all and any array as asc between both by case cast check collate column constraint create cross default desc describe distinct do else end except exists false fetch filter for foreign from full group having in inner intersect into is join lambda lateral leading left like limit name natural not null offset on only or order outer primary references returning right row rows select set show some summarize table then to trailing true type union unique using values when where window with"
              .split(" "));

  public Facts {
    facts = List.copyOf(facts);
    parts = List.copyOf(parts);
  }

  /** The facts of a heartbeat. */
  public static Facts of(MessageType heartbeat) {
    return new Deriving(heartbeat).facts();
  }

  /** Walks a heartbeat once. */
  private static final class Deriving {
    private final MessageType heartbeat;
    private final Optional<Node.Leaf> version;
    private final boolean filtersSaid;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Parts> parts = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int filters;

    Deriving(MessageType heartbeat) {
      this.heartbeat = heartbeat;
      List<Node.Leaf> leaves = new ArrayList<>();
      leaves(heartbeat.root(), leaves);
      this.version = version(leaves);
      this.filtersSaid = leaves.stream().anyMatch(leaf -> said(leaf.label(), Keep.FILTER));
    }

    Facts facts() {
      object(heartbeat.root(), List.of(), "");
      return new Facts(facts, parts);
    }

    private static void leaves(Node.Obj object, List<Node.Leaf> all) {
      for (Node member : object.members().values()) {
        if (member instanceof Node.Leaf leaf) {
          all.add(leaf);
        } else if (member instanceof Node.Obj below) {
          leaves(below, all);
        }
      }
    }

    /** The one that says so, else the root's {@code version}, else the first of that kind. */
    private Optional<Node.Leaf> version(List<Node.Leaf> leaves) {
      Optional<Node.Leaf> said =
          leaves.stream().filter(leaf -> said(leaf.label(), Keep.VERSION)).findFirst();
      if (said.isPresent()) {
        return said;
      }
      if (heartbeat.root().members().get("version") instanceof Node.Leaf leaf
          && leaf.is(Kind.VERSION)) {
        return Optional.of(leaf);
      }
      return leaves.stream()
          .filter(leaf -> leaf.is(Kind.VERSION) && leaf.label().keep().isEmpty())
          .findFirst();
    }

    private static boolean said(Label label, Keep keep) {
      return label.keep().filter(keep::equals).isPresent();
    }

    private void object(Node.Obj object, List<String> path, String group) {
      object.members().forEach((name, node) -> node(node, with(path, name), group));
    }

    private void node(Node node, List<String> path, String outer) {
      if (node instanceof Node.Obj object) {
        object(object, path, first(object.group(), outer));
      } else if (node instanceof Node.Arr list) {
        list(list, path, first(list.group(), outer));
      } else if (node instanceof Node.Leaf leaf) {
        leaf(leaf, path, first(leaf.group(), outer));
      }
    }

    private void leaf(Node.Leaf leaf, List<String> path, String group) {
      Keep keep = keep(leaf);
      if (keep == Keep.NONE || keep == Keep.SEQUENCE || path.equals(List.of(heartbeat.id()))) {
        return;
      }
      String name =
          keep == Keep.VERSION ? "version" : free(first(leaf.label().name(), snake(path)));
      facts.add(
          new Fact(
              name,
              leaf.label().report(),
              first(leaf.label().title(), spoken(path)),
              leaf.description(),
              group,
              leaf.kinds().get(0),
              keep,
              new Origin.Member(path)));
    }

    private Keep keep(Node.Leaf leaf) {
      if (version.filter(found -> found == leaf).isPresent()) {
        return Keep.VERSION;
      }
      if (leaf.label().keep().isPresent()) {
        return leaf.label().keep().get();
      }
      return switch (leaf.kinds().get(0)) {
        case PSEUDONYM -> Keep.NONE;
        case COUNT -> Keep.DAILY;
        case VERSION, FLAG, DATE -> Keep.LATEST;
        case WORD ->
            !filtersSaid && !leaf.words().isEmpty() && filters++ < FILTERS
                ? Keep.FILTER
                : Keep.LATEST;
      };
    }

    private void list(Node.Arr list, List<String> path, String group) {
      Keep keep = list.label().keep().orElse(Keep.DAILY);
      if (keep == Keep.NONE) {
        return;
      }
      String name = free(first(list.label().name(), snake(path)));
      String title = first(list.label().title(), spoken(path));
      facts.add(
          new Fact(
              name,
              "",
              title,
              list.description(),
              group,
              Kind.COUNT,
              keep,
              new Origin.Length(path)));
      List<List<String>> words = new ArrayList<>();
      Found found = new Found();
      if (list.items() instanceof Node.Obj item) {
        item.members()
            .forEach(
                (member, node) -> item(node, path, List.of(member), name, group, words, found));
      } else if (list.items() instanceof Node.Leaf leaf && leaf.is(Kind.WORD)) {
        words.add(List.of());
      }
      if (!words.isEmpty()) {
        parts.add(
            new Parts(
                name,
                title,
                list.description(),
                group,
                path,
                words,
                Optional.ofNullable(found.version),
                Optional.ofNullable(found.amount)));
      }
    }

    /** What goes beside the words of a list's items: the first of each kind. */
    private static final class Found {
      private @Nullable List<String> version;
      private @Nullable List<String> amount;
    }

    private void item(
        Node node,
        List<String> list,
        List<String> member,
        String name,
        String group,
        List<List<String>> words,
        Found found) {
      if (node instanceof Node.Obj object) {
        object
            .members()
            .forEach(
                (below, child) ->
                    item(child, list, with(member, below), name, group, words, found));
        return;
      }
      if (!(node instanceof Node.Leaf leaf) || said(leaf.label(), Keep.NONE)) {
        return;
      }
      String own = name + "_" + first(leaf.label().name(), snake(member));
      String title = first(leaf.label().title(), spoken(with(list, member)));
      switch (leaf.kinds().get(0)) {
        case WORD -> words.add(member);
        case VERSION -> found.version = found.version == null ? member : found.version;
        case COUNT -> {
          found.amount = found.amount == null ? member : found.amount;
          facts.add(
              new Fact(
                  free(own),
                  "",
                  title,
                  leaf.description(),
                  group,
                  Kind.COUNT,
                  leaf.label().keep().orElse(Keep.DAILY),
                  new Origin.Sum(list, member)));
        }
        case DATE ->
            WITHIN_DAYS.forEach(
                days ->
                    facts.add(
                        new Fact(
                            free(own + "_" + days),
                            "",
                            title + " within " + (days == 1 ? "a day" : days + " days"),
                            leaf.description(),
                            group,
                            Kind.COUNT,
                            leaf.label().keep().orElse(Keep.LATEST),
                            new Origin.Within(list, member, days))));
        case PSEUDONYM, FLAG -> {
          // Neither says anything that can be counted by name.
        }
      }
    }

    private String free(String wanted) {
      String own = TAKEN.contains(wanted) || KEYWORDS.contains(wanted) ? wanted + "_told" : wanted;
      String name = own;
      for (int n = 2; !names.add(name); n++) {
        name = own + "_" + n;
      }
      return name;
    }

    private static List<String> with(List<String> path, String name) {
      return with(path, List.of(name));
    }

    private static List<String> with(List<String> path, List<String> more) {
      List<String> longer = new ArrayList<>(path);
      longer.addAll(more);
      return List.copyOf(longer);
    }

    private static String first(String wanted, String otherwise) {
      return wanted.isEmpty() ? otherwise : wanted;
    }

    /** {@code database.maxConnections} is {@code database_max_connections}. */
    private static String snake(List<String> path) {
      String name =
          String.join("_", path)
              .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
              .replaceAll("[^A-Za-z0-9]+", "_")
              .toLowerCase(Locale.ROOT)
              .replaceAll("^_+|_+$", "");
      return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "f_" + name : name;
    }

    /** {@code database.maxConnections} is "Database max connections". */
    private static String spoken(List<String> path) {
      String words = snake(path).replace('_', ' ');
      return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
  }
}
