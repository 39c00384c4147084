package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/**
 * A way through the dashboard: every page that the menu of whoever is signed in leads to, and one
 * of each kind that those lead to. A test for each.
 */
final class Walk implements Iterator<DynamicTest> {
  private final Site site;
  private final Chromium chromium;
  private final boolean everyReport;
  private final Consumer<String> look;
  private final List<String> menu;
  private final Deque<String> waiting = new ArrayDeque<>();
  private final Set<String> known = new HashSet<>();

  /**
   * A way that starts at the page that is open.
   *
   * @param everyReport whether to go to each report, rather than to one
   * @param look what to do on each page, which is given a name for it
   */
  Walk(Site site, Chromium chromium, boolean everyReport, Consumer<String> look) {
    this.site = site;
    this.chromium = chromium;
    this.everyReport = everyReport;
    this.look = look;
    menu =
        chromium.texts("return [...document.querySelectorAll('nav.menu a')].map(a => a.pathname)");
    assertThat(menu).hasSizeGreaterThan(5);
    menu.forEach(path -> add(path, path));
  }

  Stream<DynamicTest> tests() {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, 0), false);
  }

  @Override
  public boolean hasNext() {
    return !waiting.isEmpty();
  }

  @Override
  public DynamicTest next() {
    String path = waiting.remove();
    return DynamicTest.dynamicTest(
        path,
        () -> {
          chromium.width(Chromium.WIDE);
          chromium.theme(Chromium.Theme.LIGHT);
          chromium.open(site.at(path));
          chromium
              .texts("return [...document.querySelectorAll('main a[href]')].map(a => a.href)")
              .forEach(link -> follow(URI.create(link)));
          look.accept(name(path));
        });
  }

  private void follow(URI link) {
    String path = link.getRawPath();
    if (link.getAuthority().equals(site.at("/").getAuthority()) && !path.startsWith("/api/")) {
      add(path, everyReport && path.contains("/reports/") ? path : kind(path));
    }
  }

  private void add(String path, String kind) {
    if (known.add(kind)) {
      waiting.add(path);
    }
  }

  /** The page of the menu that it is below, and how far. */
  private String kind(String path) {
    for (String page : menu) {
      if (path.startsWith(page + "/")) {
        return page + "/*".repeat(path.substring(page.length()).split("/", -1).length - 1);
      }
    }
    return path;
  }

  private static String name(String path) {
    String[] parts = path.substring(1).split("/", -1);
    List<String> kept = new ArrayList<>();
    for (int i = parts[0].equals("p") ? 2 : 0; i < parts.length; i++) {
      kept.add(parts[i].matches("[a-z-]+") ? parts[i] : "one");
    }
    return String.join("-", kept);
  }
}
