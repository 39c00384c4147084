package dev.candor.cli;

import dev.candor.cli.Chromium.Theme;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;

/** What every page must be, in either theme and at every width. */
final class Looks {
  private static final String TOO_WIDE =
      """
      const wide = document.documentElement.scrollWidth;
      if (wide <= innerWidth) return [];
      return ["the page is " + wide].concat([...document.querySelectorAll("body *")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1
          && !e.parentElement.closest(".scroll, pre"))
        .map((e) => e.tagName + " " + e.className));
      """;
  private static final String UNNAMED_CHARTS =
      """
      return [...document.querySelectorAll(".chart")]
        .filter((chart) => !chart.getAttribute("aria-label")
          || !chart.closest("figure").querySelector("table tbody tr"))
        .map((chart) => chart.closest("figure").textContent.trim().slice(0, 40));
      """;

  /** What WCAG 1.4.12 lets readers choose. */
  private static final String AIRY =
      """
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        + " word-spacing: .16em !important } p { margin-bottom: 2em !important }");
      document.adoptedStyleSheets = arguments[0] ? [sheet] : [];
      """;

  private final Chromium chromium;
  private final SoftAssertions softly = new SoftAssertions();

  Looks(Chromium chromium) {
    this.chromium = chromium;
  }

  /** Whatever does not hang on theme and width, and how it is for most. */
  Looks once() {
    softly.assertThat(chromium.all("h1")).as("headings of the first rank").hasSize(1);
    softly
        .assertThat(chromium.driver().getTitle())
        .isEqualTo(chromium.one("h1").getText() + " · Candor");
    softly
        .assertThat(
            chromium.texts(
                "return performance.getEntriesByType('resource').map(r => r.name)"
                    + ".filter(name => !name.startsWith(location.origin + '/'))"))
        .as("what it asks others for")
        .isEmpty();
    softly
        .assertThat(chromium.texts(UNNAMED_CHARTS))
        .as("charts without a name, or without a table in their place")
        .isEmpty();
    softly.assertThat(chromium.violations()).as("WCAG").isEmpty();
    return this;
  }

  /** Colours in the dark, and whether all fits on narrow screens and with large text. */
  Looks brief(String name) {
    once();
    Site.keep(name + "-light-wide", chromium.picture());
    chromium.theme(Theme.DARK);
    ground(Theme.DARK);
    softly.assertThat(chromium.contrasts()).as("contrast in the dark").isEmpty();
    fits(
        "with text twice as large",
        Chromium.WIDE,
        "document.documentElement.style.fontSize = '200%'");
    chromium.js("document.documentElement.style.fontSize = ''");
    for (int width : List.of(700, Chromium.NARROWEST, Chromium.NARROW)) {
      fits("at " + width, width, "");
    }
    Site.keep(name + "-dark-narrow", chromium.picture());
    chromium.theme(Theme.LIGHT);
    ground(Theme.LIGHT);
    softly.assertThat(chromium.violations()).as("WCAG on a narrow screen").isEmpty();
    return this;
  }

  /** Everything at every width and in both themes. */
  Looks full(String name) {
    once();
    for (int width : List.of(Chromium.WIDE, 700, Chromium.NARROW, Chromium.NARROWEST)) {
      for (Theme theme : Theme.values()) {
        String how = (theme + " at " + width).toLowerCase(Locale.ROOT);
        chromium.theme(theme);
        ground(theme);
        fits(how, width, "");
        softly.assertThat(chromium.violations()).as("WCAG " + how).isEmpty();
        Site.keep(name + "-" + how.replace(" at ", "-"), chromium.picture());
      }
      fits("with airy text", width, AIRY.replace("arguments[0]", "true"));
      chromium.js(AIRY, false);
      fits(
          "with text twice as large",
          width * 2,
          "document.documentElement.style.fontSize = '200%'");
      chromium.js("document.documentElement.style.fontSize = ''");
    }
    return this;
  }

  /** Fails with all that was found. */
  void check() {
    softly.assertThat(chromium.complaints()).as("the browser's console").isEmpty();
    softly.assertAll();
  }

  private void ground(Theme theme) {
    softly
        .assertThat(chromium.js("return getComputedStyle(document.body).backgroundColor"))
        .as("ground")
        .isEqualTo(theme == Theme.LIGHT ? "rgb(246, 247, 249)" : "rgb(20, 23, 28)");
  }

  private void fits(String how, int width, String change) {
    chromium.width(width);
    chromium.js(change);
    chromium.settle();
    softly
        .assertThat(chromium.texts(TOO_WIDE))
        .as("what makes the page scroll sideways " + how)
        .isEmpty();
  }
}
