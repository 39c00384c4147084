package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store needs of a product.
 *
 * @param dictionary what its messages may hold
 * @param upkeep tables that are kept up to date for the views
 * @param views views over its tables by name, in the order in which to create them
 * @param facets columns of its {@code instance}, its {@code instance_day} and its tables of sums by
 *     which a {@link Scope} may narrow them; empty if it has no such tables
 * @param reports the questions that it can answer; those on the data itself, which every product
 *     has, are added
 * @param pages how they are shown together; the page on the data itself is added
 * @param setup how an instance is told where to send
 */
public record Product(
    Dictionary dictionary,
    Upkeep upkeep,
    Map<String, String> views,
    List<String> facets,
    List<Report> reports,
    List<Page> pages,
    Setup setup) {
  public Product {
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
    facets = List.copyOf(facets);
    pages = withQuality(pages, reports);
    reports = withQuality(dictionary, reports);
    for (Page page : pages) {
      for (String name : page.reports()) {
        if (reports.stream().noneMatch(report -> report.name().equals(name))) {
          throw new IllegalArgumentException(
              "page " + page.name() + ": there is no report " + name);
        }
      }
    }
  }

  private static List<Report> withQuality(Dictionary dictionary, List<Report> own) {
    List<Report> all = new ArrayList<>(own);
    for (Report report : Quality.reports(dictionary)) {
      if (own.stream().noneMatch(other -> other.name().equals(report.name()))) {
        all.add(report);
      }
    }
    return List.copyOf(all);
  }

  private static List<Page> withQuality(List<Page> own, List<Report> reports) {
    List<Page> all = new ArrayList<>(own);
    if (own.isEmpty() && !reports.isEmpty()) {
      all.add(
          new Page(
              "overview",
              "Overview",
              "All reports of this product.",
              reports.stream().map(Report::name).toList()));
    }
    if (all.stream().noneMatch(page -> page.name().equals(Quality.PAGE.name()))) {
      all.add(Quality.PAGE);
    }
    return List.copyOf(all);
  }

  /** A product of a dictionary alone: no views, and the reports on the raw tables. */
  public static Product of(Dictionary dictionary, List<Report> reports) {
    return new Product(
        dictionary, Upkeep.NONE, Map.of(), List.of(), reports, List.of(), Setup.PLAIN);
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
