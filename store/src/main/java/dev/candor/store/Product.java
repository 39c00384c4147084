package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is known of a product: its dictionary, and what follows from it.
 *
 * @param dictionary what its messages may hold
 * @param timeline what is kept of its instances; empty if it has no heartbeat
 * @param views views over its tables by name, in the order in which to create them
 * @param reports the questions that it can answer
 * @param pages how they are shown together
 * @param setup how an instance is told where to send
 */
public record Product(
    Dictionary dictionary,
    Optional<Timeline> timeline,
    Map<String, String> views,
    List<Report> reports,
    List<Page> pages,
    Setup setup) {
  private static final String OWN = "own";

  public Product {
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
    reports = List.copyOf(reports);
    pages = List.copyOf(pages);
    for (Page page : pages) {
      for (String name : page.reports()) {
        if (reports.stream().noneMatch(report -> report.name().equals(name))) {
          throw new IllegalArgumentException(
              "page " + page.name() + ": there is no report " + name);
        }
      }
    }
  }

  /**
   * Reads a product's folder: {@code dictionary.json}, and if it wants them {@code facts.txt},
   * {@code parts/*.sql}, {@code views/*.sql}, {@code reports/*.sql}, {@code pages.txt} and {@code
   * setup.txt}.
   *
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a file makes no sense; the message names it
   */
  public static Product read(ProductFolder folder) throws IOException {
    Dictionary dictionary =
        Dictionary.parse(
            folder
                .read("dictionary.json")
                .orElseThrow(() -> new IOException(folder + " has no dictionary.json")));
    FactOverrides overrides =
        FactOverrides.parse(folder.text("facts.txt").orElse(""), folder.files("parts"));
    List<Report> reports = new ArrayList<>();
    folder.files("reports").forEach((name, sql) -> reports.add(Report.parse(name, sql)));
    return of(
        dictionary,
        Timeline.of(dictionary, overrides),
        folder.files("views"),
        reports,
        folder.text("pages.txt").map(Page::parse).orElse(List.of()),
        folder.text("setup.txt").map(Setup::parse).orElse(Setup.PLAIN));
  }

  /** A product of a dictionary alone. */
  public static Product of(Dictionary dictionary, List<Report> reports) {
    return of(dictionary, FactOverrides.NONE, reports);
  }

  /** A product of a dictionary, with facts of its own. */
  public static Product of(Dictionary dictionary, FactOverrides overrides, List<Report> reports) {
    return of(
        dictionary, Timeline.of(dictionary, overrides), Map.of(), reports, List.of(), Setup.PLAIN);
  }

  /**
   * Adds what follows from the dictionary. Its own reports take the place of those of the same
   * name; a product with pages of its own has of the standard reports those that its pages show.
   */
  private static Product of(
      Dictionary dictionary,
      Optional<Timeline> timeline,
      Map<String, String> ownViews,
      List<Report> ownReports,
      List<Page> ownPages,
      Setup setup) {
    Map<String, String> views = new LinkedHashMap<>();
    timeline.ifPresent(of -> views.putAll(of.views()));
    views.putAll(ownViews);
    Map<String, Report> reports = new LinkedHashMap<>();
    ownReports.forEach(report -> reports.put(report.name(), report));
    List<Page> pages = new ArrayList<>(ownPages);
    timeline
        .map(StandardReports::new)
        .ifPresent(
            standard -> {
              Predicate<Report> shown =
                  report ->
                      ownPages.isEmpty()
                          || StandardReports.BEHIND_HEADLINE.contains(report.name())
                          || ownPages.stream().anyMatch(p -> p.reports().contains(report.name()));
              standard.reports().stream()
                  .filter(shown)
                  .forEach(report -> reports.putIfAbsent(report.name(), report));
              if (ownPages.isEmpty()) {
                pages.addAll(standard.pages());
              }
            });
    List<Page> shown = new ArrayList<>(ownPages.isEmpty() ? withOwn(pages, ownReports) : pages);
    List<Report> quality = Quality.reports(dictionary, timeline);
    quality.forEach(report -> reports.putIfAbsent(report.name(), report));
    if (shown.stream().noneMatch(page -> page.name().equals(Quality.NAME))) {
      shown.add(Quality.page(quality));
    }
    return new Product(dictionary, timeline, views, List.copyOf(reports.values()), shown, setup);
  }

  /** The same with further reports; one of the same name takes the place of its own. */
  public Product with(List<Report> further) {
    if (further.isEmpty()) {
      return this;
    }
    Map<String, Report> all = new LinkedHashMap<>();
    reports.forEach(report -> all.put(report.name(), report));
    further.forEach(report -> all.put(report.name(), report));
    return new Product(
        dictionary, timeline, views, List.copyOf(all.values()), withOwn(pages, further), setup);
  }

  /** A page for reports that no other shows. */
  private static List<Page> withOwn(List<Page> pages, List<Report> own) {
    List<String> hidden =
        own.stream()
            .map(Report::name)
            .filter(name -> pages.stream().noneMatch(page -> page.reports().contains(name)))
            .toList();
    if (hidden.isEmpty()) {
      return pages;
    }
    List<Page> more = new ArrayList<>(pages);
    more.removeIf(page -> page.name().equals(OWN));
    more.add(new Page(OWN, "Own reports", "What further report files ask.", hidden));
    return more;
  }

  /** The dimensions by which a {@link Scope} may narrow its figures; empty without a timeline. */
  public List<String> facets() {
    return timeline.map(Timeline::dimensions).orElse(List.of());
  }

  /** Its name. */
  public String name() {
    return dictionary.product();
  }

  /** The report of that name. */
  public Optional<Report> report(String name) {
    return reports.stream().filter(report -> report.name().equals(name)).findFirst();
  }
}
