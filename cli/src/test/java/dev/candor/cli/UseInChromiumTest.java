package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.cli.Chromium.Theme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people do with the dashboard: with a mouse, with a keyboard alone, without scripts. */
@InChromium
class UseInChromiumTest {
  private static final String BASE = "/p/sonarqube/";

  @Test
  void whoSignsInComesToThePageThatTheyAskedFor(Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.leave(() -> chromium.one("form.who button").click());
    assertThat(chromium.address()).hasPath("/sign-in");
    chromium.open(site.at(BASE + "versions?edition=community"));
    assertThat(chromium.address()).hasPath("/sign-in");

    chromium.one("[name=name]").sendKeys("admin");
    chromium.one("[name=password]").sendKeys("not the password");
    chromium.leave(() -> chromium.one("main form button").click());
    assertThat(chromium.one("[role=alert]").getText()).isNotBlank();
    assertThat(chromium.one("[name=name]").getDomProperty("value")).isEqualTo("admin");
    assertThat(chromium.one("[name=password]").getDomProperty("value")).isEmpty();

    chromium.one("[name=password]").sendKeys(Site.PASSWORD);
    chromium.leave(() -> chromium.one("main form button").click());
    assertThat(chromium.address()).hasPath(BASE + "versions").hasQuery("edition=community");

    chromium.leave(() -> chromium.one("form.who button").click());
    chromium.driver().navigate().back();
    chromium.until(
        "the way back to be shut",
        () ->
            chromium.address().getQuery() != null
                && chromium.address().getPath().equals("/sign-in"));
  }

  @Test
  void filtersNarrowTheTablesAndStayInTheAddress(Site site, Chromium chromium) throws Exception {
    site.administrator(chromium);
    chromium.open(site.at(BASE + "overview"));
    chromium.one(".filters [name=edition] option[value=developer]").click();
    chromium.leave(() -> chromium.one(".filters button").click());
    assertThat(chromium.address().getQuery()).contains("edition=developer");
    assertThat(chromium.one(".filters [name=edition]").getDomProperty("value"))
        .isEqualTo("developer");
    long alive =
        (Long)
            site.store()
                .ask(
                    "sonarqube",
                    "SELECT count(*) FROM instance WHERE state = 'active' AND edition = ?",
                    "developer")
                .rows()
                .getFirst()
                .getFirst();
    assertThat(alive).isPositive();
    assertThat(table(chromium, "report-editions"))
        .containsExactly(List.of("developer", Long.toString(alive), "100.0"));

    chromium.leave(() -> chromium.one("#report-editions a").click());
    assertThat(chromium.address()).hasPath(BASE + "reports/editions").hasQuery("edition=developer");
    assertThat(rows(chromium, "figure table"))
        .containsExactly(List.of("developer", Long.toString(alive), "100.0"));
    chromium.leave(() -> chromium.driver().findElement(By.linkText("Show all")).click());
    assertThat(rows(chromium, "figure table")).hasSizeGreaterThan(1);
  }

  @Test
  void listsAreSearchedSortedAndPaged(Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.open(site.at(BASE + "instances"));
    String first = chromium.one("main tbody a").getText();
    chromium.leave(() -> chromium.one("main a[rel=next]").click());
    assertThat(chromium.text()).contains("page 2 of ");
    assertThat(chromium.one("main tbody a").getText()).isNotEqualTo(first);
    chromium.leave(() -> chromium.one("main a[rel=prev]").click());
    assertThat(chromium.one("main tbody a").getText()).isEqualTo(first);

    chromium.one("[name=q]").sendKeys(first);
    chromium.leave(() -> chromium.one("main form button").click());
    assertThat(chromium.text()).contains("1 found");
    chromium.leave(() -> chromium.one("main tbody a").click());
    assertThat(chromium.one("h1").getText()).isEqualTo(first);
    chromium.leave(() -> chromium.driver().findElement(By.linkText("show")).click());
    assertThat(chromium.one("pre").getText()).contains("\"id\" : \"" + first + "\"");
  }

  @Test
  void downloadsHoldWhatTheTableShows(Site site, Chromium chromium, @TempDir Path folder)
      throws Exception {
    site.administrator(chromium);
    chromium.open(site.at(BASE + "reports/databases"));
    List<List<String>> shown = numbers(rows(chromium, "figure table"));
    assertThat(shown).hasSizeGreaterThan(3);

    chromium.driver().findElement(By.linkText("CSV")).click();
    assertThat(
            new String(chromium.download("databases.csv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> List.of(line.split(",", -1))))
        .containsExactlyElementsOf(shown);

    chromium.driver().findElement(By.linkText("JSON")).click();
    JsonNode json = JsonMapper.shared().readTree(chromium.download("databases.json"));
    List<List<String>> inJson = new ArrayList<>();
    for (JsonNode row : json.get("rows").values()) {
      inJson.add(row.valueStream().map(JsonNode::asString).toList());
    }
    assertThat(inJson).isEqualTo(shown);

    chromium.driver().findElement(By.linkText("Parquet")).click();
    Path file = folder.resolve("databases.parquet");
    Files.write(file, chromium.download("databases.parquet"));
    assertThat(parquet(file)).isEqualTo(shown);
    assertThat(chromium.complaints()).isEmpty();
  }

  private static List<List<String>> parquet(Path file) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet set = statement.executeQuery("SELECT * FROM '" + file + "'")) {
      while (set.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(set.getObject(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** From the door to a table, with no mouse. */
  @Test
  void allIsReachedWithTheKeyboard(Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.leave(() -> chromium.one("form.who button").click());
    assertThat(focus(chromium)).as("where typing goes at first").isEqualTo("name");
    chromium.press("admin", Keys.TAB, Site.PASSWORD);
    chromium.leave(() -> chromium.press(Keys.ENTER));
    assertThat(chromium.address()).hasPath(BASE + "overview");

    chromium.press(Keys.TAB);
    assertThat(chromium.number("return document.activeElement.getBoundingClientRect().left"))
        .as("the link that skips the menu, once it has the focus")
        .isNotNegative();
    chromium.press(Keys.ENTER);
    assertThat(focus(chromium)).isEqualTo("main");
    chromium.tabTo("main *");

    chromium.open(site.at(BASE + "overview"));
    chromium.tabTo("nav.menu a[href$='/platforms']");
    chromium.leave(() -> chromium.press(Keys.ENTER));
    assertThat(chromium.address()).hasPath(BASE + "platforms");

    chromium.tabTo(".filters [name=edition]");
    chromium.press("d");
    chromium.tabTo(".filters button");
    chromium.leave(() -> chromium.press(Keys.ENTER));
    assertThat(chromium.address().getQuery()).contains("edition=developer");

    chromium.tabTo("figure summary");
    assertThat(chromium.has("figure details[open]")).isFalse();
    chromium.press(Keys.ENTER);
    assertThat(chromium.has("figure details[open]")).isTrue();
    assertThat(chromium.one("figure details[open] table").isDisplayed()).isTrue();
    chromium.press(Keys.TAB);
    assertThat(chromium.js("return document.activeElement.getAttribute('aria-label')").toString())
        .startsWith("Table: ");

    chromium.open(site.at(BASE + "reports/languages"));
    chromium.size(Chromium.WIDE, 400);
    chromium.tabTo("figure summary");
    chromium.press(Keys.ENTER, Keys.TAB, Keys.TAB);
    chromium.tabTo("form.who button");
    chromium.leave(() -> chromium.press(Keys.ENTER));
    assertThat(chromium.address()).hasPath("/sign-in");
  }

  /** In the order in which it is read, nothing left out, and each shows that it has the focus. */
  @ParameterizedTest
  @ValueSource(strings = {BASE + "overview", BASE + "reports/editions", "/admin/users", "/sign-in"})
  void theFocusGoesThroughThePageAndIsSeen(String path, Site site, Chromium chromium) {
    if (!path.equals("/sign-in")) {
      site.administrator(chromium);
    }
    chromium.open(site.at(path));
    long all =
        chromium.number(
            """
            const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
              .filter((e) => e.tabIndex >= 0 && e.type !== "hidden" && e.checkVisibility());
            all.forEach((e, n) => e.dataset.order = n);
            document.body.tabIndex = -1;
            document.body.focus();
            return all.length;
            """);
    List<Long> order = new ArrayList<>();
    List<String> unseen = new ArrayList<>();
    while (order.isEmpty() || order.getLast() < all - 1) {
      chromium.press(Keys.TAB);
      long at = chromium.number("return Number(document.activeElement.dataset.order ?? -1)");
      if (!order.isEmpty() && order.getLast() == at) {
        continue; // within a date's own parts
      }
      order.add(at);
      assertThat(order.size()).as("steps through %s", order).isLessThanOrEqualTo((int) all);
      Object seen =
          chromium.js(
              """
              const style = getComputedStyle(document.activeElement);
              const at = document.activeElement.getBoundingClientRect();
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                && at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
              """);
      if (!Boolean.TRUE.equals(seen)) {
        unseen.add(String.valueOf(chromium.js("return document.activeElement.outerHTML")));
      }
    }
    assertThat(unseen).isEmpty();
    assertThat(order).hasSize((int) all).isSorted();
  }

  @Test
  void withoutScriptsTheTablesSayTheSame(Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.withoutScripts();
    chromium.driver().get(site.at(BASE + "overview").toString());
    assertThat(chromium.one("#report-editions").isDisplayed()).isTrue();
    WebElement figure = chromium.one("figure[aria-labelledby=report-editions]");
    assertThat(figure.findElements(By.cssSelector(".chart")))
        .as("no empty chart")
        .noneMatch(WebElement::isDisplayed);
    assertThat(figure.findElement(By.cssSelector("table")).getSize().getHeight()).isPositive();
    Site.keep("overview-without-scripts", chromium.windowPicture());
    chromium.one(".filters [name=edition] option[value=community]").click();
    chromium.one(".filters button").click();
    chromium.until(
        "the narrowed page", () -> chromium.address().toString().contains("edition=community"));
    assertThat(
            chromium
                .one("figure[aria-labelledby=report-editions] tbody td")
                .getDomProperty("textContent"))
        .isEqualTo("community");
  }

  /** Charts are painted anew when the system's setting changes, in colours that can be told. */
  @ParameterizedTest
  @EnumSource(Theme.class)
  void chartsCanBeReadInEitherTheme(Theme theme, Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.theme(theme == Theme.DARK ? Theme.LIGHT : Theme.DARK);
    chromium.open(site.at(BASE + "overview"));
    chromium.theme(theme);
    List<String> faults =
        chromium.texts(
            """
            const canvas = document.createElement("canvas").getContext("2d");
            const rgb = (colour) => {
              canvas.fillStyle = colour;
              const hex = canvas.fillStyle;
              return hex.startsWith("#")
                ? [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
                : hex.match(/[0-9.]+/g).slice(0, 3).map(Number);
            };
            const light = (colour) => rgb(colour)
              .map((c) => c / 255)
              .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const contrast = (a, b) => {
              const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
              return (high + 0.05) / (low + 0.05);
            };
            const faults = [];
            let seen = 0;
            for (const chart of document.querySelectorAll(".chart")) {
              const ground = getComputedStyle(chart.closest("figure")).backgroundColor;
              const option = echarts.getInstanceByDom(chart).getOption();
              const need = (least, what, colour) => {
                seen++;
                if (!(contrast(colour, ground) >= least)) {
                  faults.push(what + " " + colour + " on " + ground + ": " + contrast(colour, ground));
                }
              };
              option.legend.forEach((legend) => need(4.5, "legend", legend.textStyle.color));
              option.xAxis.concat(option.yAxis).forEach((axis) => need(4.5, "axis", axis.axisLabel.color));
              if (!option.visualMap.length) {
                option.color.forEach((colour) => need(3, "series", colour));
              }
              if (option.animation) {
                faults.push("it moves, which was asked not to");
              }
            }
            return seen > 100 ? faults : faults.concat("only " + seen + " colours were seen");
            """);
    assertThat(faults).isEmpty();
  }

  /** Forced colours take all backgrounds away: what is current must be told otherwise. */
  @Test
  void thePageThatIsOpenIsToldWithForcedColoursToo(Site site, Chromium chromium) {
    site.administrator(chromium);
    chromium.media(Map.of("forced-colors", "active", "prefers-reduced-motion", "reduce"));
    chromium.open(site.at(BASE + "overview"));
    String look =
        "const s = getComputedStyle(document.querySelector(arguments[0]));"
            + " return s.backgroundColor + s.outlineStyle + s.textDecorationLine + s.borderStyle;";
    assertThat(chromium.js(look, "nav.menu a[aria-current]"))
        .isNotEqualTo(chromium.js(look, "nav.menu a:not([aria-current])"));
    Site.keep("overview-forced-colours", chromium.picture());
  }

  private static String focus(Chromium chromium) {
    return String.valueOf(
        chromium.js("return document.activeElement.name || document.activeElement.id"));
  }

  private static List<List<String>> table(Chromium chromium, String id) {
    return rows(chromium, "figure[aria-labelledby=" + id + "] table");
  }

  private static List<List<String>> rows(Chromium chromium, String table) {
    List<List<String>> rows = new ArrayList<>();
    for (Object row :
        (List<?>)
            chromium.js(
                "return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map(tr =>"
                    + " [...tr.cells].map(td => td.textContent))",
                table)) {
      rows.add(((List<?>) row).stream().map(String::valueOf).toList());
    }
    return rows;
  }

  /** Numbers as programs write them: the table groups their digits. */
  private static List<List<String>> numbers(List<List<String>> rows) {
    return rows.stream()
        .map(
            row ->
                row.stream()
                    .map(
                        cell ->
                            cell.matches("[0-9]{1,3}(,[0-9]{3})+") ? cell.replace(",", "") : cell)
                    .toList())
        .toList();
  }
}
