package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the charts draw, by their own options, of reports whose rows are known. */
@InChromium
class ChartsInChromiumTest {
  @TempDir static Path folder;
  private static Site made;

  /** Thirty releases, each first seen ten days after the one before; the last for twelve days. */
  private static final String RELEASES =
      """
      SELECT DATE '2026-01-01' + CAST(d AS INTEGER) AS day, '10.' || r AS release, n AS instances
      FROM (SELECT d, r, CASE WHEN r = 29 THEN 190 ELSE 10 + (r * 7) % 13 END AS n
        FROM range(302) AS days (d), range(30) AS releases (r))
      WHERE d >= r * 10
      ORDER BY ALL
      """;

  @BeforeAll
  static void makeReports() throws IOException {
    Path reports = Files.createDirectories(folder.resolve("reports"));
    write(reports, "stack", "area x=day y=instances series=release", "sums: instances", RELEASES);
    write(
        reports,
        "adoption",
        "lines x=days y=percent series=release",
        "question: Again?",
        """
        SELECT '10.' || r AS release, 7 * n AS days, CAST(50 AS BIGINT) AS instances, r + n / 10.0 AS percent
        FROM range(30) AS releases (r), range(30) AS weeks (n)
        WHERE n < 30 - r
        ORDER BY r, n
        """);
    write(
        reports,
        "languages",
        "bars x=language y=loc",
        "sums: loc",
        "SELECT 'language ' || n AS language, CAST(50 AS BIGINT) AS instances, 1000 - n AS loc"
            + " FROM range(40) AS t (n) ORDER BY loc DESC");
    write(
        reports,
        "upgrades",
        "bars x=release y=median",
        "question: Again?",
        "SELECT '10.' || r AS release, CAST(50 AS BIGINT) AS instances, 100 - r AS median"
            + " FROM range(40) AS t (r) ORDER BY r");
    write(
        reports,
        "plugins",
        "bars x=plugin y=instances series=version",
        "question: Again?",
        "SELECT 'plugin ' || p AS plugin, 'v' || v AS version, CAST(20 + v AS BIGINT) AS instances"
            + " FROM range(20) AS t (p), range(25) AS u (v) ORDER BY p, v");
    write(
        reports,
        "sizes",
        "lines x=day y=loc,users series=id",
        "question: Again?",
        "SELECT 'server ' || i AS id, DATE '2026-01-01' + CAST(d AS INTEGER) AS day,"
            + " CAST(50 AS BIGINT) AS instances, 1000 * i + d AS loc, i AS users"
            + " FROM range(40) AS t (i), range(10) AS u (d) ORDER BY day, id");
    write(
        reports,
        "kept",
        "lines x=day y=instances,fresh",
        "parts: none",
        "SELECT DATE '2026-01-01' + CAST(d AS INTEGER) AS day,"
            + " CAST(CASE WHEN d = 4 THEN 3 ELSE 40 END AS BIGINT) AS instances,"
            + " CAST(CASE WHEN d = 6 THEN 2 ELSE 20 END AS BIGINT) AS fresh"
            + " FROM range(10) AS t (d) ORDER BY day");
    write(
        reports,
        "masked",
        "bars x=word y=instances",
        "question: Again?",
        "SELECT 'word ' || n AS word, CAST(CASE WHEN n = 1 THEN 3 ELSE 30 END AS BIGINT)"
            + " AS instances FROM range(4) AS t (n) ORDER BY n");
    write(
        reports,
        "cells",
        "heat x=months y=month value=percent",
        "question: Again?",
        "SELECT DATE '2026-01-01' + to_months(CAST(m AS INTEGER)) AS month, CAST(n AS INTEGER)"
            + " AS months, CAST(CASE WHEN m = 1 THEN 3 ELSE 30 END AS BIGINT) AS instances,"
            + " 50.0 AS percent FROM range(3) AS t (m), range(3) AS u (n) ORDER BY ALL");
    made = Site.of(folder.resolve("data"), reports);
  }

  private static void write(Path folder, String name, String chart, String header, String sql)
      throws IOException {
    Files.writeString(
        folder.resolve("drawn-" + name + ".sql"),
        "-- title: Drawn %s\n-- question: What?\n-- chart: %s\n-- counts: instances%s\n-- %s\n%s"
            .formatted(name, chart, name.equals("kept") ? " fresh" : "", header, sql));
  }

  @AfterAll
  static void close() {
    made.close();
  }

  private static void open(Chromium chromium, String report) {
    if (!chromium.address().toString().startsWith(made.at("/p/").toString())) {
      made.administrator(chromium);
    }
    chromium.open(made.at("/p/sonarqube/reports/drawn-" + report));
  }

  private static final String OPTION =
      "const option = echarts.getInstanceByDom(document.querySelector('.chart')).getOption(); ";

  private static List<String> legend(Chromium chromium) {
    return chromium.texts(OPTION + "return option.legend[0].data.map(String)");
  }

  /** The points of a series: place and value, null for a gap. */
  private static Map<String, String> points(Chromium chromium, String series) {
    Map<String, String> points = new TreeMap<>();
    for (Object pair :
        (List<?>)
            Objects.requireNonNull(
                chromium.js(
                    OPTION
                        + "return option.series.find((one) => one.name === arguments[0]).data"
                        + ".map((at) => [String(at[0]), String(at[1])])",
                    series))) {
      points.put(String.valueOf(((List<?>) pair).get(0)), String.valueOf(((List<?>) pair).get(1)));
    }
    return points;
  }

  /** The values of a series of bars, by the names of the places. */
  private static Map<String, String> bars(Chromium chromium, String series) {
    Map<String, String> bars = new TreeMap<>();
    for (Object pair :
        (List<?>)
            Objects.requireNonNull(
                chromium.js(
                    OPTION
                        + "return option.series.find((one) => (one.name || one.id) === arguments[0])"
                        + ".data.map((value, at) => [option.yAxis[0].data[at], String(value)])",
                    series))) {
      bars.put(String.valueOf(((List<?>) pair).get(0)), String.valueOf(((List<?>) pair).get(1)));
    }
    return bars;
  }

  /** Points at a place of the chart and gives the lines of what is told there. */
  private static List<String> told(Chromium chromium, String place) {
    chromium.js(
        """
        const chart = echarts.getInstanceByDom(document.querySelector(".chart"));
        const lying = chart.getOption().yAxis[0].type === "category";
        const at = chart.convertToPixel({ [lying ? "yAxisIndex" : "xAxisIndex"]: 0 }, arguments[0]);
        chart.dispatchAction({
          type: "showTip",
          x: lying ? chart.getWidth() * 0.7 : at,
          y: lying ? at : chart.getHeight() / 2,
        });
        """,
        place);
    chromium.until("the tooltip", () -> chromium.has(".tip div"));
    return chromium.texts(
        "return [...document.querySelectorAll('.tip > div > *')].map((one) => one.textContent)");
  }

  @Test
  void aStackIsWholeAndHasTheNewest(Chromium chromium) {
    open(chromium, "stack");
    List<String> names = legend(chromium);
    assertThat(names).hasSize(15).endsWith("other").contains("10.29", "10.28", "10.27");
    Map<String, Long> drawn = new TreeMap<>();
    for (String name : names) {
      points(chromium, name)
          .forEach((day, value) -> drawn.merge(day, Long.parseLong(value), Long::sum));
    }
    Map<String, Long> all = new TreeMap<>();
    for (int day = 0; day < 302; day++) {
      long sum = 0;
      for (int r = 0; r < 30 && r * 10 <= day; r++) {
        sum += r == 29 ? 190 : 10 + (r * 7) % 13;
      }
      all.put(LocalDate.of(2026, 1, 1).plusDays(day).toString(), sum);
    }
    assertThat(drawn).isEqualTo(all);
    Site.keep("drawn-stack", chromium.picture());
  }

  @Test
  void linesThatDoNotAddUpHaveABandOfTheOthers(Chromium chromium) {
    open(chromium, "adoption");
    assertThat(legend(chromium)).hasSize(15).endsWith("other").contains("10.29", "10.25");
    // At first there are the fifteen from 0 to 9 and from 19 to 24 besides.
    assertThat(
            chromium.texts(
                OPTION + "return option.series.find((one) => one.name === 'other').data[0]"))
        .containsExactly("0", "0", "24");
    Site.keep("drawn-adoption", chromium.picture());
  }

  @Test
  void barsThatAreLeftOutAreOneBar(Chromium chromium) {
    open(chromium, "languages");
    Map<String, String> bars = bars(chromium, "loc");
    assertThat(bars).hasSize(15);
    assertThat(bars.values().stream().mapToLong(Long::parseLong).sum())
        .isEqualTo(LongStream.range(0, 40).map(n -> 1000 - n).sum());
    Site.keep("drawn-languages", chromium.picture());

    open(chromium, "upgrades");
    assertThat(bars(chromium, "median")).hasSize(15).containsKeys("10.39", "10.38", "other");
    String least = bars(chromium, "least of other").get("other");
    String most = bars(chromium, "other").get("other");
    assertThat(List.of(least, most)).allMatch(number -> Long.parseLong(number) > 0);
    assertThat(told(chromium, "other").getLast()).matches("median\\d+ to \\d+");

    open(chromium, "plugins");
    List<String> versions = legend(chromium);
    assertThat(versions).hasSize(15).endsWith("other");
    long whole = 0;
    for (String version : versions) {
      whole += Long.parseLong(bars(chromium, version).get("plugin 0"));
    }
    assertThat(whole).isEqualTo(LongStream.range(0, 25).map(v -> 20 + v).sum());
    Site.keep("drawn-plugins", chromium.picture());
  }

  @Test
  void eachInstanceHasALineOfItsOwn(Chromium chromium) {
    open(chromium, "sizes");
    assertThat(legend(chromium)).hasSize(15).contains("server 39").endsWith("other");
    assertThat(points(chromium, "server 39")).hasSize(10).containsEntry("2026-01-10", "39009");
    Site.keep("drawn-sizes", chromium.picture());
  }

  @Test
  void whatIsToldIsWholeAndSorted(Chromium chromium) {
    open(chromium, "stack");
    List<String> lines = told(chromium, "2026-10-29");
    assertThat(lines).hasSize(16).first().isEqualTo("2026-10-29");
    assertThat(lines.get(1)).isEqualTo("10.29190");
    assertThat(lines.getLast()).startsWith("other (16)");
    List<Long> values =
        lines.subList(1, 15).stream()
            .map(line -> line.replaceFirst("^10\\.\\d\\d?(?=\\d\\d$|190$)", ""))
            .map(Long::valueOf)
            .toList();
    assertThat(values).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(
            chromium.js(
                """
                const tip = document.querySelector(".tip").getBoundingClientRect();
                const chart = document.querySelector(".chart").getBoundingClientRect();
                return tip.top >= chart.top && tip.bottom <= chart.bottom
                  && tip.left >= chart.left && tip.right <= chart.right;
                """))
        .as("whether the tooltip is within what is seen")
        .isEqualTo(true);
    Site.keep("drawn-tooltip", chromium.windowPicture());
    chromium.width(Chromium.NARROW);
    told(chromium, "2026-10-29");
    Site.keep("drawn-tooltip-narrow", chromium.windowPicture());
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void whatIsWithheldIsAGapWithTheWord(Chromium chromium) {
    made.invited(chromium, "viewer", "viewer");
    chromium.open(made.at("/p/sonarqube/reports/drawn-kept"));
    assertThat(legend(chromium))
        .containsExactly("instances (gaps: withheld)", "fresh (gaps: withheld)");
    Map<String, String> fresh = points(chromium, "fresh (gaps: withheld)");
    assertThat(fresh).containsEntry("2026-01-05", "null").containsEntry("2026-01-07", "null");
    assertThat(fresh.values().stream().filter("20"::equals)).hasSize(8);
    assertThat(
            chromium.texts(
                OPTION
                    + "return option.series[0].markArea.data.map((area) => area[0].name + ' ' + area[0].xAxis + ' to ' + area[1].xAxis)"))
        .anyMatch(area -> area.equals("withheld 2026-01-04 to 2026-01-06"));
    assertThat(told(chromium, "2026-01-05")).contains("instanceswithheld", "freshwithheld");
    Site.keep("drawn-withheld-lines", chromium.picture());

    chromium.open(made.at("/p/sonarqube/reports/drawn-masked"));
    assertThat(bars(chromium, "instances"))
        .isEqualTo(Map.of("word 0", "30", "word 1", "null", "word 2", "30", "word 3", "30"));
    assertThat(legend(chromium)).containsExactly("withheld");
    Site.keep("drawn-withheld-bars", chromium.picture());

    chromium.open(made.at("/p/sonarqube/reports/drawn-cells"));
    assertThat(legend(chromium)).containsExactly("withheld");
    assertThat(
            chromium.number(
                OPTION + "return option.series.find((one) => one.name === 'withheld').data.length"))
        .isEqualTo(3);
    Site.keep("drawn-withheld-cells", chromium.picture());
    assertThat(chromium.complaints()).isEmpty();
  }

  /** A number that breaks over two lines reads as two. */
  @Test
  void numbersStayInOneLine(Chromium chromium) throws IOException {
    List<String> numbers = new ArrayList<>();
    for (String number : List.of("309437667", "9223372036854775807", "7")) {
      numbers.add(
          "SELECT 'Figure ' || "
              + number
              + " AS figure, "
              + number
              + " AS value, CAST(50 AS BIGINT) AS instances");
    }
    Path reports = Files.createDirectories(folder.resolve("figures"));
    Files.writeString(
        reports.resolve("drawn-figures.sql"),
        "-- title: F\n-- question: What?\n-- chart: figures x=figure y=value\n-- counts: instances\n"
            + String.join(" UNION ALL ", numbers));
    try (Site site = Site.of(folder.resolve("other-data"), reports)) {
      site.administrator(chromium);
      chromium.open(site.at("/p/sonarqube/reports/drawn-figures"));
      for (int width : List.of(Chromium.WIDE, 1440, 700, Chromium.NARROW, Chromium.NARROWEST)) {
        chromium.width(width);
        assertThat(
                chromium.texts(
                    """
                    return [...document.querySelectorAll(".figures strong")]
                      .filter((one) => one.getClientRects().length > 1
                        || one.getBoundingClientRect().height > 1.6 * parseFloat(getComputedStyle(one).fontSize)
                        || one.getBoundingClientRect().right > one.closest("figure").getBoundingClientRect().right)
                      .map((one) => one.textContent)
                    """))
            .as("at %d", width)
            .isEmpty();
      }
    }
  }
}
