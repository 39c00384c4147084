package dev.candor.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;

/** A real Chromium without a window, and what whoever uses the dashboard does with it. */
final class Chromium implements AutoCloseable {
  /** Light or dark, as the system's setting asks for. */
  enum Theme {
    LIGHT,
    DARK
  }

  /** The programs: the browser and its driver, of the same version. */
  record Programs(Path browser, Path driver) {
    /** Those on the PATH; empty unless both are there. */
    static Optional<Programs> find() {
      Optional<Path> driver = onPath("chromedriver");
      return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
          .flatMap(name -> onPath(name).stream())
          .findFirst()
          .flatMap(browser -> driver.map(found -> new Programs(browser, found)));
    }

    private static Optional<Path> onPath(String name) {
      return Stream.of(
              Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
          .map(folder -> Path.of(folder, name))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }

  static final int WIDE = 1400;
  static final int NARROW = 390;

  /** What WCAG 1.4.10 asks for: a page of 1280 pixels at 400 percent. */
  static final int NARROWEST = 320;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String AXE = resource("/axe.min.js");

  private final ChromeDriver driver;
  private final Path downloads;

  /** Starts one with a profile of its own in that folder. */
  Chromium(Programs programs, Path folder) throws IOException {
    downloads = Files.createDirectories(folder.resolve("downloads"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(programs.browser().toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    options.addArguments(
        "--headless=new",
        // There is no sandbox to be had for root or in most containers; only our own pages are
        // shown.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        "--lang=en",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--user-data-dir=" + folder.resolve("profile"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(programs.driver().toFile())
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
    reset();
  }

  /** As a new visitor has it: no cookies, light, wide, and nothing that moves. */
  void reset() {
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
    driver.get("about:blank");
    width(WIDE);
    theme(Theme.LIGHT);
    complaints();
  }

  void theme(Theme theme) {
    media(
        Map.of(
            "prefers-color-scheme",
            theme == Theme.DARK ? "dark" : "light",
            "prefers-reduced-motion",
            "reduce"));
  }

  /** What the system's settings ask of pages. */
  void media(Map<String, String> features) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            features.entrySet().stream()
                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                .toList()));
    settle();
  }

  void width(int pixels) {
    size(pixels, 900);
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    settle();
  }

  void withoutScripts() {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
  }

  /** Opens it, and waits until its script has drawn all. */
  void open(URI address) {
    driver.get(address.toString());
    ready();
  }

  /** Waits until the page's script has drawn all. */
  void ready() {
    until(
        "the page to be drawn", () -> js("return document.documentElement.dataset.ready") != null);
    settle();
  }

  /** Waits until what was asked of the browser is painted. */
  void settle() {
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
  }

  void until(String what, BooleanSupplier condition) {
    new FluentWait<>(condition)
        .withTimeout(PATIENCE)
        .pollingEvery(Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class)
        .withMessage(() -> "waited for " + what + " at " + driver.getCurrentUrl() + complaints())
        .until(BooleanSupplier::getAsBoolean);
  }

  ChromeDriver driver() {
    return driver;
  }

  URI address() {
    return URI.create(driver.getCurrentUrl());
  }

  Object js(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** What the script returns, as a list of texts. */
  List<String> texts(String script, Object... arguments) {
    List<String> texts = new ArrayList<>();
    for (Object item : (List<?>) js(script, arguments)) {
      texts.add(String.valueOf(item));
    }
    return texts;
  }

  long number(String script, Object... arguments) {
    return ((Number) js(script, arguments)).longValue();
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  boolean has(String selector) {
    return !all(selector).isEmpty();
  }

  String text() {
    return one("main").getText();
  }

  /** Presses keys, wherever the focus is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Presses Tab until the focus is there. */
  void tabTo(String selector) {
    for (int i = 0; i < 200; i++) {
      press(Keys.TAB);
      if (Boolean.TRUE.equals(
          js("return document.activeElement.matches(arguments[0])", selector))) {
        return;
      }
    }
    throw new AssertionError("Tab does not reach " + selector + " at " + driver.getCurrentUrl());
  }

  /** Does what leads to another page, and waits for that. */
  void leave(Runnable action) {
    js("document.documentElement.dataset.left = 'not yet'");
    action.run();
    until(
        "another page",
        () ->
            Boolean.TRUE.equals(
                js(
                    "return document.readyState === 'complete'"
                        + " && document.documentElement.dataset.left === undefined")));
    ready();
  }

  /** Waits for the next file that is downloaded, takes it away and gives what was in it. */
  byte[] download(String name) throws IOException {
    Path file = downloads.resolve(name);
    until("the download of " + name, () -> Files.exists(file));
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  /** What axe-core finds against WCAG 2.2 AA and its own good practice; a line each. */
  List<String> violations() {
    return axe(
        "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],"
            + " rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] }");
  }

  /** What of that is about colours alone. */
  List<String> contrasts() {
    return axe("{ runOnly: { type: 'rule', values: ['color-contrast'] } }");
  }

  private List<String> axe(String options) {
    if (Boolean.TRUE.equals(js("return window.axe === undefined"))) {
      js(AXE);
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[0];
            axe.run(document, OPTIONS).then(
              (result) => done(result.violations.map((rule) =>
                rule.id + ": " + rule.help + " at " + rule.nodes.slice(0, 3).map((node) =>
                  node.target.join(" ") + " (" + node.failureSummary.split("\\n").slice(1).join(";") + ")"
                ).join(", "))),
              (error) => done(["axe failed: " + error]))
            """
                .replace("OPTIONS", options));
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  /**
   * What the browser complained about since this was last asked: errors, refusals by the policy.
   */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** The whole page as a PNG, below the fold too. */
  byte[] picture() {
    return picture(Map.of("captureBeyondViewport", true));
  }

  /** What is in the window as a PNG. */
  byte[] windowPicture() {
    return picture(Map.of());
  }

  private byte[] picture(Map<String, Object> how) {
    return Base64.getDecoder()
        .decode((String) driver.executeCdpCommand("Page.captureScreenshot", how).get("data"));
  }

  private static String resource(String name) {
    try (InputStream in = Chromium.class.getResourceAsStream(name)) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> own = ProcessHandle.current().descendants().toList();
    driver.quit();
    // They write into their profile to the last.
    own.stream()
        .filter(Chromium::isBrowsers)
        .forEach(one -> one.onExit().orTimeout(20, TimeUnit.SECONDS).join());
  }

  private static boolean isBrowsers(ProcessHandle one) {
    return one.info().command().filter(path -> path.contains("chrom")).isPresent();
  }
}
