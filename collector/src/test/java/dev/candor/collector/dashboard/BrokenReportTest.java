package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.Receiver;
import dev.candor.dictionary.Dictionary;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.Store;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A product's own report that the database cannot answer. */
class BrokenReportTest {
  private static final String HEADER =
      "-- title: %s\n-- question: How many?\n-- chart: table\n-- counts: messages\n";

  @TempDir Path data;

  @Test
  void onlyItsOwnPanelSaysSoAndTheLogNamesIt() throws Exception {
    Dictionary toy;
    try (InputStream json = Receiver.class.getResourceAsStream("toy.json")) {
      toy = Dictionary.parse(Objects.requireNonNull(json).readAllBytes());
    }
    List<Report> reports =
        List.of(
            Report.parse(
                "good", HEADER.formatted("Good") + "SELECT count(*) AS messages FROM message"),
            Report.parse(
                "bad", HEADER.formatted("Bad") + "SELECT count(nope) AS messages FROM message"),
            Report.parse("odd", HEADER.formatted("Odd") + "SELECT 1 AS one"));
    Product product = Product.of(toy, reports);
    Running.SettableClock clock = new Running.SettableClock();
    List<String> log = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.candor.collector");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            log.add(MessageFormat.format(line.getMessage(), line.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try (Store store = Store.open(data, List.of(product), clock);
        Receiver receiver = Running.receiver(data, store, List.of(product), clock);
        Dashboard dashboard =
            Dashboard.start(
                DashboardSettings.of(data).withAddress("127.0.0.1", 0),
                store,
                List.of(product),
                receiver,
                clock);
        HttpClient client = HttpClient.newHttpClient()) {
      String base = dashboard.address().toString();
      URI first = URI.create(base + dashboard.firstStart().orElseThrow().getPath());
      String password = URLEncoder.encode(Running.PASSWORD, StandardCharsets.UTF_8);
      String cookie =
          Running.cookie(
              client.send(
                  HttpRequest.newBuilder(first)
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "password=" + password + "&again=" + password))
                      .build(),
                  HttpResponse.BodyHandlers.ofString()));
      for (String path : List.of("own", "reports/bad")) {
        HttpResponse<String> page =
            client.send(
                HttpRequest.newBuilder(URI.create(base + "/p/" + toy.product() + "/" + path))
                    .header("Cookie", cookie)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).as(path).isEqualTo(200);
        assertThat(page.body()).contains("This report cannot be answered.", "nope", "Binder Error");
        if (path.equals("own")) {
          assertThat(page.body()).contains(">Good</a>", "Reckoned");
        }
      }
      HttpResponse<String> api =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(base + "/api/v1/products/" + toy.product() + "/reports/bad"))
                  .header("Cookie", cookie)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(api.statusCode()).isEqualTo(500);
      assertThat(api.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(api.body())
          .contains("the report bad of " + toy.product() + " cannot be answered", "nope");
      assertThat(log)
          .filteredOn(line -> line.contains("report bad of " + toy.product()))
          .hasSize(1)
          .first()
          .asString()
          .contains("nope");
    } finally {
      logger.removeHandler(handler);
    }
  }
}
