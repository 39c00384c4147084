package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  private static final Pattern PING = Pattern.compile("sonar\\.telemetry\\.url=([^\\s<]+)");
  private static final Pattern METRICS =
      Pattern.compile("sonar\\.telemetry\\.metrics\\.url=([^\\s<]+)");

  @TempDir Path data;

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static int send(String url, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void thePageMakesShowsAndEndsKeys() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String csrf = running.csrf(cookie);
      String open = running.receiver.address() + "/sonarqube";
      String ping = "{\"id\":\"" + Running.id(1) + "\"}";
      assertThat(send(open, ping)).isEqualTo(202);

      Map<String, String> form =
          Map.of("name", "fleet", "product", "sonarqube", "openDays", "0", "csrf", csrf);
      String made = running.post("/admin/keys", form, "Cookie", cookie).body();
      String url = found(PING, made);
      assertThat(url).startsWith(running.receiver.address() + "/key_").endsWith("/sonarqube");
      assertThat(send(url, ping)).isEqualTo(202);
      String metrics =
          "{\"message_uuid\":\"0af5d7b0-9a2b-4c3d-8e4f-5a6b7c8d9e0f\",\"installation_id\":\""
              + Running.id(1)
              + "\",\"dimension\":\"installation\",\"metric_values\":[]}";
      assertThat(send(found(METRICS, made), metrics)).isEqualTo(202);
      assertThat(send(open, ping)).isEqualTo(403);

      String secret = url.substring(url.indexOf("key_"), url.lastIndexOf('/'));
      assertThat(running.get("/admin/keys", "Cookie", cookie).body())
          .contains("<td>fleet</td>", "2026-11-23")
          .doesNotContain(secret);
      running.post("/admin/keys/fleet/end", Map.of("csrf", csrf), "Cookie", cookie);
      assertThat(send(url, ping)).isEqualTo(403);
      running.post("/admin/keys/fleet/remove", Map.of("csrf", csrf), "Cookie", cookie);
      assertThat(send(open, ping)).isEqualTo(202);
      assertThat(Files.readString(data.resolve("access/audit.ndjson")))
          .contains(
              "\"action\":\"make ingest key\",\"target\":\"fleet for sonarqube\"",
              "\"action\":\"end ingest key\",\"target\":\"fleet at 2026-11-23T20:00:00Z\"",
              "\"action\":\"remove ingest key\",\"target\":\"fleet\"")
          .doesNotContain(secret);
    }
  }

  @Test
  void theApiDoesTheSame() throws Exception {
    try (Running running = new Running(data)) {
      String admin = running.token(running.administrator(), "administrator");
      String path = "/api/v1/ingest-keys";
      Map<String, String> form = Map.of("name", "a", "product", "sonarqube");
      HttpResponse<String> made = running.post(path, form, "Authorization", admin);
      String url = found(PING, made.body().replace("\"", " "));
      assertThat(send(url, "{\"id\":\"" + Running.id(1) + "\"}")).isEqualTo(202);
      assertThat(running.post(path, form, "Authorization", admin).statusCode()).isEqualTo(400);
      assertThat(running.get(path, "Authorization", admin).body())
          .contains("\"name\":\"a\"", "\"good\":true")
          .doesNotContain(url.substring(url.indexOf("key_"), url.lastIndexOf('/')));
      assertThat(
              running
                  .post(path + "/a/end", Map.of("day", "2026-12-01"), "Authorization", admin)
                  .body())
          .contains("2026-12-01T00:00:00Z");
      assertThat(
              running
                  .post(path + "/a/end", Map.of("day", "soon"), "Authorization", admin)
                  .statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void oddNamesAndProductsAreRefusedAndNotRepeatedAsMarkup() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String csrf = running.csrf(cookie);
      for (String odd : new String[] {"<script>alert(1)</script>", "../../x", "a\r\nX-Evil: 1"}) {
        HttpResponse<String> name =
            running.post(
                "/admin/keys",
                Map.of("name", odd, "product", "sonarqube", "csrf", csrf),
                "Cookie",
                cookie);
        assertThat(name.statusCode()).as(odd).isEqualTo(400);
        assertThat(name.body()).doesNotContain("<script>alert");
        assertThat(name.headers().firstValue("X-Evil")).isEmpty();
        HttpResponse<String> product =
            running.post(
                "/admin/keys", Map.of("name", "a", "product", odd, "csrf", csrf), "Cookie", cookie);
        assertThat(product.statusCode()).as(odd).isEqualTo(404);
        assertThat(product.body()).doesNotContain("<script>alert");
      }
      assertThat(data.resolve("access/ingest-keys.json")).doesNotExist();
    }
  }
}
