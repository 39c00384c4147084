package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.dashboard.DashboardSettings;
import dev.candor.store.Lifetime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver that listens at all addresses: none of them is what clients are told. */
class EverywhereTest {
  @TempDir Path data;

  private Serve.Running serve(String host, Optional<URI> url) throws Exception {
    return Serve.Running.start(
        ReceiverSettings.of(data).withAddress(host, 0).withUrl(url),
        Lifetime.DEFAULT,
        Optional.of(DashboardSettings.of(data).withAddress("127.0.0.1", 0)),
        new Products(),
        Clock.systemUTC());
  }

  private static String hint(Serve.Running running) {
    StringWriter out = new StringWriter();
    try (PrintWriter printer = new PrintWriter(out)) {
      Serve.hint(printer, new Products(), running.receiver());
    }
    return out.toString();
  }

  private static String firstPage(Serve.Running running) throws Exception {
    URI first = running.dashboard().orElseThrow().firstStart().orElseThrow();
    try (HttpClient client =
        HttpClient.newBuilder()
            .cookieHandler(new java.net.CookieManager())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build()) {
      String form = "password=" + Site.PASSWORD.replace(' ', '+');
      client.send(
          HttpRequest.newBuilder(first)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form + form.replace("password", "&again")))
              .build(),
          HttpResponse.BodyHandlers.discarding());
      return client
          .send(
              HttpRequest.newBuilder(first.resolve("/p/sonarqube/reports/states")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "0"})
  void aWordStandsForTheNameThatNobodyTold(String host) throws Exception {
    try (Serve.Running running = serve(host, Optional.empty())) {
      int port = running.address().getPort();
      String line = "sonar.telemetry.url=http://RECEIVER:" + port + "/sonarqube";
      assertThat(hint(running))
          .contains(
              line, "In the place of RECEIVER goes a name by which clients reach this machine")
          .contains("--ingest-url")
          .doesNotContain("0.0.0.0");
      assertThat(firstPage(running)).contains(line, "In the place of RECEIVER");
      assertThat(Door.candor("key", "add", "fleet", "--data", data.toString()).out())
          .contains(
              "http://RECEIVER:" + port + "/key_", "Put your receiver's address in the place");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1"})
  void theAddressThatWasToldStandsThere(String host) throws Exception {
    URI told = URI.create("https://telemetry.example.com");
    try (Serve.Running running = serve(host, Optional.of(told))) {
      String line = "sonar.telemetry.url=" + told + "/sonarqube";
      assertThat(hint(running)).contains(line).doesNotContain("RECEIVER");
      assertThat(firstPage(running)).contains(line).doesNotContain("RECEIVER");
    }
  }
}
