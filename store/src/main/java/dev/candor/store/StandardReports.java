package dev.candor.store;

import dev.candor.dictionary.Fact.Keep;
import dev.candor.dictionary.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The questions that every product with a timeline can be asked, and the pages that show them: the
 * kind of a fact decides its report. The SQL is in {@code reports/}, that of one fact or one list
 * in {@code reports/each/}.
 */
final class StandardReports {
  /** Beyond so many, sums over time are asked for by name alone. */
  private static final int TRENDS_ON_PAGE = 12;

  private static final int FIGURES = 3;

  /** What headline figures lead to, and no page shows. */
  static final Set<String> BEHIND_HEADLINE = Set.of("today");

  private final Timeline timeline;
  private final Template template;
  private final Map<String, Report> reports = new LinkedHashMap<>();
  private final List<Page> pages = new ArrayList<>();

  StandardReports(Timeline timeline) {
    this.timeline = timeline;
    this.template = new Template(texts(), lists());
    List<String> mixes = mixes();
    List<String> parts = timeline.parts().stream().flatMap(list -> parts(list).stream()).toList();
    List<String> trends = timeline.measures().stream().map(this::trend).toList();
    fixed("headline", "alive-by-day", "states");
    List<String> overview = new ArrayList<>(List.of("headline", "alive-by-day", "states"));
    if (timeline.hasVersion()) {
      List<String> versions =
          fixed("version-adoption", "time-to-upgrade", "versions-by-day", "versions", "behind");
      overview.add("versions-by-day");
      page(
          "versions",
          "Versions",
          "Which versions are in use, and how fast a new one is taken up.",
          versions);
    }
    overview.addAll(mixes.stream().limit(4).toList());
    overview.addAll(parts.stream().limit(2).toList());
    page(
        "growth",
        "Growth and churn",
        "Who came, who stayed, who fell silent and who opted out.",
        fixed(
            "cohorts",
            "retention",
            "opt-outs",
            "alive-by-week",
            "alive-by-month",
            "active-presets",
            "states"));
    List<String> sizes = new ArrayList<>();
    if (timeline.columns().stream().anyMatch(FactColumn::isMeasure)) {
      sizes.addAll(fixed("sizes"));
      sizes.addAll(trends.stream().limit(TRENDS_ON_PAGE).toList());
    }
    page("sizes", "Sizes", "How large instances are, and how they grow.", sizes);
    page("parts", "Parts", "What instances are made of.", parts);
    boolean flags = timeline.columns().stream().anyMatch(c -> c.kind() == Kind.FLAG);
    page("features", "Features", "What is used.", flags ? fixed("features") : List.of());
    groups().forEach(this::groupPage);
    fixed("today", "instances");
    page("fleet", "Fleet", "For whoever runs the instances: what needs attention.", fleet());
    page("instance", "Instance", "One instance over time.", instance());
    pages.add(
        0,
        new Page(
            "overview", "Overview", "How many instances there are, and what they are.", overview));
  }

  List<Report> reports() {
    return List.copyOf(reports.values());
  }

  List<Page> pages() {
    return List.copyOf(pages);
  }

  private void page(String name, String title, String intro, List<String> names) {
    if (!names.isEmpty()) {
      pages.add(new Page(name, title, intro, names));
    }
  }

  private List<String> fleet() {
    return timeline.hasVersion() ? fixed("behind", "silent") : fixed("silent");
  }

  private List<String> instance() {
    return timeline.size().isPresent()
        ? fixed("instance-history", "instance-events")
        : fixed("instance-events");
  }

  private List<String> fixed(String... names) {
    for (String name : names) {
      add(name, template.fill("reports/" + name + ".sql"));
    }
    return List.of(names);
  }

  private String add(String name, String sql) {
    reports.putIfAbsent(name, Report.parse(name, sql));
    return name;
  }

  /** The dimensions in their order, each with its group. */
  private List<FactColumn> dimensions() {
    Set<String> named =
        timeline.columns().stream()
            .filter(c -> c.kind() == Kind.WORD && !c.place().isEmpty())
            .map(FactColumn::place)
            .collect(Collectors.toSet());
    return timeline.columns().stream()
        .filter(
            column ->
                switch (column.kind()) {
                  case WORD, DATE, FLAG -> true;
                  // A version beside a word says nothing without it.
                  case VERSION -> column.keep() != Keep.VERSION && !named.contains(column.place());
                  case COUNT, PSEUDONYM -> false;
                })
        .toList();
  }

  private List<String> mixes() {
    return dimensions().stream()
        .filter(column -> column.kind() != Kind.FLAG)
        .map(this::mix)
        .toList();
  }

  private String mix(FactColumn column) {
    Map<String, String> words = words(column);
    if (column.kind() == Kind.DATE) {
      return add(column.report(), Template.each("reports/each/age.sql", words));
    }
    Optional<FactColumn> version =
        timeline.columns().stream()
            .filter(
                c ->
                    c.kind() == Kind.VERSION
                        && column.kind() == Kind.WORD
                        && !c.place().isEmpty()
                        && c.place().equals(column.place()))
            .findFirst();
    version.ifPresent(found -> words.put("VERSION", found.name()));
    String file = version.isPresent() ? "mix-version" : "mix";
    return add(column.report(), Template.each("reports/each/" + file + ".sql", words));
  }

  private Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (FactColumn column : dimensions()) {
      if (column.kind() != Kind.FLAG) {
        groups
            .computeIfAbsent(
                column.group().isEmpty() ? "Platform" : column.group(), _ -> new ArrayList<>())
            .add(column.report());
      }
    }
    return groups;
  }

  private void groupPage(String group, List<String> names) {
    String name =
        group.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-").replaceAll("^-+|-+$", "");
    boolean taken =
        name.isEmpty()
            || pages.stream().anyMatch(p -> p.name().equals(name))
            || name.equals("overview");
    page(taken ? "group-" + name : name, group, "What instances say of it.", names);
  }

  private String trend(FactColumn measure) {
    return add(
        measure.report() + "-by-day", Template.each("reports/each/trend.sql", words(measure)));
  }

  private List<String> parts(PartList list) {
    List<String> names = new ArrayList<>();
    for (String member : list.members()) {
      boolean first = names.isEmpty();
      Map<String, String> words = new LinkedHashMap<>();
      String what =
          list.title() + (first || member.isEmpty() ? "" : ": " + member.replace('_', ' '));
      words.put("TITLE_IN_SENTENCE", inSentence(what));
      words.put("TITLE", what);
      words.put("DESCRIPTION", list.description().isEmpty() ? "" : list.description() + ". ");
      words.put("MEMBER", "part");
      words.put("LIST", Columns.text(list.name()));
      words.put("PATH", Columns.text(member));
      words.put("AMOUNT", list.hasAmount() ? "\n  sum(amount) AS amount," : "");
      String name =
          report(list.name()) + (first ? "" : "-" + report(member.toLowerCase(Locale.ROOT)));
      String file = first && list.hasVersion() ? "parts-version" : "parts";
      names.add(add(name, Template.each("reports/each/" + file + ".sql", words)));
    }
    return names;
  }

  private static String report(String column) {
    return column.replaceAll("[^a-z0-9]+", "-");
  }

  private static Map<String, String> words(FactColumn column) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("NAME", column.name());
    words.put("TITLE", column.title());
    words.put("TITLE_IN_SENTENCE", inSentence(column.title()));
    words.put("LABEL", Columns.text(column.title()));
    words.put("DESCRIPTION", column.description().isEmpty() ? "" : column.description() + ". ");
    words.put("TREND", column.report() + "-by-day");
    return words;
  }

  /** A title within a sentence: an abbreviation stays as it is. */
  private static String inSentence(String title) {
    return title.length() > 1 && Character.isUpperCase(title.charAt(1))
        ? title
        : title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
  }

  private Map<String, String> texts() {
    String size = timeline.size().map(FactColumn::name).orElse("");
    return Map.of(
        "heartbeat",
        Columns.text(timeline.heartbeat().name()),
        "largest",
        size.isEmpty() ? "days_seen DESC" : size + " DESC NULLS LAST",
        "size",
        size,
        "version",
        timeline.hasVersion() ? "version, " : "",
        "flags",
        union("flag", timeline.columns().stream().filter(c -> c.kind() == Kind.FLAG).toList()),
        "measures",
        union("size", timeline.columns().stream().filter(FactColumn::isMeasure).toList()));
  }

  private static String union(String file, List<FactColumn> columns) {
    List<String> all = new ArrayList<>();
    for (FactColumn column : columns) {
      Map<String, String> words = words(column);
      words.put("PLACE", Integer.toString(all.size() + 1));
      all.add(Template.each("reports/each/" + file + ".sql", words));
    }
    return String.join("  UNION ALL\n", all);
  }

  private Map<String, List<Map<String, String>>> lists() {
    List<Map<String, String>> figures = new ArrayList<>();
    for (FactColumn measure : timeline.measures().stream().limit(FIGURES).toList()) {
      Map<String, String> words = words(measure);
      words.put("PLACE", Integer.toString(figures.size() + 6));
      figures.add(words);
    }
    return Map.of(
        "headline", figures,
        "filters", timeline.kept(Keep.FILTER).stream().map(StandardReports::words).toList(),
        "measures_few",
            timeline.measures().stream().limit(FIGURES).map(StandardReports::words).toList(),
        "daily",
            timeline.columns().stream()
                .filter(FactColumn::isDaily)
                .map(StandardReports::words)
                .toList());
  }
}
