package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** How the pages look. A new page in the menu is tried without a word here. */
@InChromium
class PagesInChromiumTest {
  private static final boolean FULL = InChromium.Extension.isFull();

  @TestFactory
  Stream<DynamicTest> eachPage(Site site, Chromium chromium) {
    site.administrator(chromium);
    return new Walk(site, chromium, FULL, name -> look(chromium, name)).tests();
  }

  @TestFactory
  Stream<DynamicTest> eachPageForViewers(Site site, Chromium chromium) {
    site.invited(chromium, "viewer", "viewer");
    return new Walk(site, chromium, FULL, _ -> new Looks(chromium).once().check()).tests();
  }

  @TestFactory
  Stream<DynamicTest> whatTheMenuDoesNotLeadTo(Site site, Chromium chromium) {
    site.administrator(chromium);
    return Stream.concat(
        Map.of(
                "own query", "/p/sonarqube/query?sql=SELECT+id,+version+FROM+instance",
                "own query that fails", "/p/sonarqube/query?sql=SELECT+nonsense",
                "search that finds nothing", "/p/sonarqube/instances?q=nothing+like+that",
                "narrowed to nothing", "/p/sonarqube/overview?from=2031-01-01&to=2031-01-02")
            .entrySet()
            .stream()
            .map(
                page ->
                    DynamicTest.dynamicTest(
                        page.getKey(), () -> look(chromium, site, page.getKey(), page.getValue()))),
        Stream.of(
            DynamicTest.dynamicTest(
                "sign in",
                () -> {
                  chromium.reset();
                  look(chromium, site, "sign in", "/sign-in");
                })));
  }

  @Test
  void aDashboardToWhichNothingHasCome(Chromium chromium, @TempDir Path folder) throws IOException {
    try (Site site = Site.of(folder.resolve("data"))) {
      chromium.open(site.at("/sign-in"));
      assertThat(chromium.text()).contains("Nobody can sign in yet");
      chromium.open(site.first());
      look(chromium, "welcome");
      chromium.width(Chromium.WIDE);
      site.choose(chromium);
      assertThat(chromium.text()).contains("Nothing has come yet", "sonar.telemetry.url");
      look(chromium, "nothing");
    }
  }

  /** Lest a checker that finds nothing is taken for pages without a fault. */
  @Test
  void theCheckerFindsFaults(Site site, Chromium chromium) {
    chromium.open(site.at("/sign-in"));
    chromium.js(
        """
        const p = document.createElement("p");
        p.textContent = "hardly to be read";
        p.style.color = "#dddddd";
        p.style.backgroundColor = "#ffffff";
        const input = document.createElement("input");
        const close = document.createElement("div");
        for (const side of ["a", "b"]) {
          const link = document.createElement("a");
          link.href = "/" + side;
          link.textContent = side;
          link.style.cssText = "display: inline-block; width: 8px; height: 8px; line-height: 8px";
          close.append(link);
        }
        document.querySelector("main").append(p, input, close);
        """);
    assertThat(chromium.violations())
        .anyMatch(line -> line.startsWith("color-contrast: "))
        .anyMatch(line -> line.startsWith("label: "))
        .anyMatch(line -> line.startsWith("target-size: "));
    assertThat(chromium.contrasts()).hasSize(1);
    chromium.js("console.error('a complaint')");
    assertThat(chromium.complaints()).anyMatch(line -> line.contains("a complaint"));
  }

  private static void look(Chromium chromium, Site site, String name, String path) {
    chromium.width(Chromium.WIDE);
    chromium.open(site.at(path));
    look(chromium, name.replace(' ', '-'));
  }

  private static void look(Chromium chromium, String name) {
    Looks looks = new Looks(chromium);
    (FULL ? looks.full(name) : looks.brief(name)).check();
  }
}
