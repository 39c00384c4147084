package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.candor.cli.fleet.Fleet;
import dev.candor.cli.fleet.FleetSettings;
import dev.candor.cli.fleet.Message;
import dev.candor.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Known attacks, where they would do harm: in a browser. */
@InChromium
class AttacksInChromiumTest {
  /** Ends attributes and elements, and tells if any of it is taken for markup. */
  private static final String MARKUP =
      "x\"'></script></title><img src=x onerror=window.ran=1><script>window.ran=1</script>";

  private static final String HARM =
      """
      return [window.ran ? "a script ran" : "",
        document.querySelector("img, [onerror]") ? "an element was made" : "",
        [...document.scripts].some((s) => s.type !== "application/json" && !s.src) ? "a script was made" : ""]
        .filter((harm) => harm);
      """;

  /** As if the sieve had let everything through, in every string that is stored. */
  @TestFactory
  Stream<DynamicTest> storedMarkupStaysText(Chromium chromium, @TempDir Path folder)
      throws IOException {
    Path data = folder.resolve("data");
    Products products = new Products();
    try (Store store = Store.open(data, products.all(), Clock.systemUTC())) {
      for (Message message : marked()) {
        store.append(
            products.all().getFirst().dictionary(),
            products.all().getFirst().dictionary().message(message.type()),
            message.bytes());
      }
      store.load();
      assertThat(store.backlog().refused()).isZero();
    }
    Path reports = Files.createDirectory(folder.resolve("reports"));
    Files.writeString(
        reports.resolve("marked.sql"),
        """
        -- title: A "title" %1$s
        -- question: %1$s
        -- note: %1$s
        -- chart: bars x=v y=n
        SELECT '%2$s' AS v, 1 AS n
        """
            .formatted(MARKUP, MARKUP.replace("'", "''")));
    Site site = Site.of(data, reports);
    site.administrator(chromium);
    List<String> pages = new ArrayList<>();
    Stream<DynamicTest> walk =
        new Walk(
                site,
                chromium,
                true,
                name -> {
                  harmless(chromium);
                  if (chromium.text().contains("<script>window.ran=1</script>")) {
                    pages.add(name);
                  }
                })
            .tests();
    Stream<DynamicTest> more =
        Stream.of("query?sql=SELECT+", "query?sql=nonsense+", "instances?q=", "overview?edition=")
            .map(
                start ->
                    DynamicTest.dynamicTest(
                        start,
                        () -> {
                          String value =
                              start.startsWith("query?sql=SELECT")
                                  ? "'" + MARKUP.replace("'", "''") + "' AS \"<script>\""
                                  : MARKUP;
                          chromium.open(
                              site.at(
                                  "/p/sonarqube/"
                                      + start
                                      + URLEncoder.encode(value, StandardCharsets.UTF_8)));
                          harmless(chromium);
                        }));
    Stream<DynamicTest> last =
        Stream.of(
            DynamicTest.dynamicTest(
                "and what was searched for, in the audit log",
                () -> {
                  chromium.open(site.at("/admin/audit"));
                  assertThat(chromium.text()).contains("<img src=x onerror=window.ran=1>");
                  harmless(chromium);
                  assertThat(pages)
                      .contains("instances", "instances-one", "reports", "reports-marked");
                }));
    return Stream.concat(walk, Stream.concat(more, last)).onClose(site::close);
  }

  private static void harmless(Chromium chromium) {
    assertThat(chromium.texts(HARM)).isEmpty();
    // Not only stopped by the policy: never taken for markup. A filter that makes no sense is a
    // 400.
    assertThat(chromium.complaints())
        .allMatch(line -> line.contains("the server responded with a status of 400"));
  }

  /** The last day of a small fleet, each text in it that may be one followed by markup. */
  private static List<Message> marked() {
    List<Message> marked = new ArrayList<>();
    JsonMapper json = JsonMapper.shared();
    for (Message message :
        new Fleet(new FleetSettings(12, 1, 3, java.time.LocalDate.of(2026, 6, 30))).lastDay()) {
      ObjectNode body = (ObjectNode) json.readTree(message.body());
      mark(body);
      body.put("_received", "2026-06-30T10:00:00.000Z");
      marked.add(
          new Message(
              message.received(), message.type(), message.agent(), json.writeValueAsString(body)));
    }
    assertThat(marked).hasSizeGreaterThan(5);
    return marked;
  }

  private static void mark(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        JsonNode value = object.get(name);
        // An instance's id is part of addresses; dates are dates in the store.
        if (value.isString() && !name.equals("id") && !value.asString().matches("[0-9-]{10}.*")) {
          object.put(name, value.asString() + MARKUP);
        } else {
          mark(value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(AttacksInChromiumTest::mark);
    }
  }

  /** Whatever got into a page all the same would find the policy in its way. */
  @Test
  void thePolicyStopsWhatIsNotOurs(Site site, Chromium chromium) throws IOException {
    site.administrator(chromium);
    try (Elsewhere elsewhere = new Elsewhere("")) {
      chromium.js(
          """
          const elsewhere = arguments[0];
          window.stopped = [];
          document.addEventListener("securitypolicyviolation", (e) => window.stopped.push(e.effectiveDirective));
          const add = (name, set) => {
            const element = document.createElement(name);
            set(element);
            document.body.append(element);
          };
          add("script", (e) => e.textContent = "window.ran = 1");
          add("script", (e) => e.src = elsewhere + "evil.js");
          add("img", (e) => e.src = elsewhere + "evil.png");
          add("iframe", (e) => e.src = elsewhere);
          add("style", (e) => e.textContent = "body { display: none }");
          add("div", (e) => e.innerHTML = "<b style='color: red' onclick='window.ran = 1'>x</b>");
          document.querySelector("b").click();
          setTimeout("window.ran = 1");
          fetch(elsewhere).catch(() => {});
          add("form", (e) => { e.action = elsewhere; e.method = "post"; });
          document.querySelector("body > form").submit();
          """,
          elsewhere.address().toString());
      chromium.until(
          "the policy's refusals",
          () ->
              chromium
                  .texts("return window.stopped")
                  .containsAll(
                      List.of(
                          "script-src-elem",
                          "script-src-attr",
                          "script-src",
                          "style-src-elem",
                          "style-src-attr",
                          "img-src",
                          "frame-src",
                          "connect-src",
                          "form-action")));
      assertThat(chromium.js("return window.ran")).isNull();
      assertThat(chromium.one("main").isDisplayed()).isTrue();
      assertThat(elsewhere.asked()).isEmpty();
    }
  }

  @Test
  void noOtherSiteShowsItInAFrame(Site site, Chromium chromium) throws IOException {
    site.administrator(chromium);
    try (Elsewhere elsewhere =
        new Elsewhere("<iframe src='" + site.at("/p/sonarqube/overview") + "'></iframe>")) {
      chromium.driver().get(elsewhere.address().toString());
      chromium.driver().switchTo().frame(0);
      assertThat(String.valueOf(chromium.js("return location.href"))).startsWith("chrome-error:");
      chromium.driver().switchTo().defaultContent();
      assertThat(chromium.complaints()).anyMatch(line -> line.contains("frame-ancestors"));
    }
  }

  @Test
  void noOtherSiteHasTheBrowserInviteSomebody(Site site, Chromium chromium) throws IOException {
    site.administrator(chromium);
    String csrf = String.valueOf(chromium.js("return document.querySelector('[name=csrf]').value"));
    for (String known : List.of("", csrf)) {
      try (Elsewhere elsewhere =
          new Elsewhere(
              "<form method=post action='%s'><input name=name value=eve><input name=role value=administrator><input name=csrf value='%s'></form><script>document.forms[0].submit()</script>"
                  .formatted(site.at("/admin/users"), known))) {
        chromium.driver().get(elsewhere.address().toString());
        chromium.until("the form's way", () -> chromium.address().equals(site.at("/admin/users")));
        assertThat(chromium.text()).contains("this came from another site");
      }
    }
    chromium.open(site.at("/admin/users"));
    assertThat(chromium.text()).contains("admin").doesNotContain("eve");
  }

  @Test
  void theSessionIsOutOfReachOfScripts(Site site, Chromium chromium) {
    site.administrator(chromium);
    assertThat(chromium.driver().manage().getCookies())
        .isNotEmpty()
        .allMatch(cookie -> cookie.isHttpOnly() && "Lax".equals(cookie.getSameSite()));
    assertThat(chromium.js("return document.cookie")).isEqualTo("");
    assertThat(chromium.number("return localStorage.length + sessionStorage.length")).isZero();
  }

  /** Another site: one page, and a note of what it was asked for. */
  private static final class Elsewhere implements AutoCloseable {
    private final HttpServer server;
    private final List<URI> asked = java.util.Collections.synchronizedList(new ArrayList<>());

    Elsewhere(String page) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            asked.add(exchange.getRequestURI());
            byte[] body = ("<!doctype html><body>" + page).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    List<URI> asked() {
      return List.copyOf(asked);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
