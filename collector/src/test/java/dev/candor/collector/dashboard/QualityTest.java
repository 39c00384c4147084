package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page on the data itself says of messages that came over HTTP. */
class QualityTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern METRIC =
      Pattern.compile("candor_(requests|findings)_total\\{(.*)} ([0-9.]+)");

  @TempDir Path data;
  private final HttpClient client = HttpClient.newHttpClient();

  private Receiver receiver(Running running) throws IOException {
    Receiver receiver =
        Running.receiver(data, running.store, List.of(running.product), running.clock);
    receiver.keepCounts(running.store.tallies());
    return receiver;
  }

  private int post(Receiver receiver, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(receiver.address() + "/sonarqube"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    request.setHeader("User-Agent", "test/1.0");
    if (headers.length > 0) {
      request.setHeader(headers[0], headers[1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static String ping(int instance, String more) {
    return "{\"id\":\"" + Running.id(instance) + "\"" + more + "}";
  }

  /** What {@code /metrics} has counted: labels in order of their names, then the number. */
  private Map<String, Long> metrics(Receiver receiver) throws Exception {
    String text =
        client
            .send(
                HttpRequest.newBuilder(URI.create(receiver.address() + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Map<String, Long> counted = new TreeMap<>();
    Matcher line = METRIC.matcher(text);
    while (line.find()) {
      counted.put(line.group(1) + " " + line.group(2), (long) Double.parseDouble(line.group(3)));
    }
    return counted;
  }

  private static List<List<String>> rows(Running running, String token, String report)
      throws Exception {
    JsonNode body =
        JSON.readTree(
            running
                .get("/api/v1/products/sonarqube/reports/" + report, "Authorization", token)
                .body());
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : body.get("rows")) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.isNull() ? "null" : cell.asString()));
      rows.add(cells);
    }
    return rows;
  }

  @Test
  void whatCameOverHttpIsCountedByDayReasonAndPlace() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      Map<String, Long> metrics;
      try (Receiver receiver = receiver(running)) {
        for (int i = 0; i < 7; i++) {
          assertThat(post(receiver, ping(i, ",\"version\":\"9.9.0.65466\""))).isEqualTo(202);
        }
        for (int i = 0; i < 2; i++) {
          assertThat(post(receiver, ping(i, ",\"mail\":\"a@example.org\",\"edition\":\"a b\"")))
              .isEqualTo(202);
        }
        assertThat(post(receiver, "{\"id\":")).isEqualTo(400);
        assertThat(post(receiver, "{\"version\":\"9.9\"}")).isEqualTo(422);
        assertThat(
                post(
                    receiver,
                    ping(
                        8, ",\"plugins\":[{\"name\":\"a b\"},{\"name\":\"ok\"},{\"name\":\"?\"}]")))
            .isEqualTo(202);
        metrics = metrics(receiver);
        running.clock.pass(Duration.ofSeconds(30));
      }
      assertThat(rows(running, token, "requests"))
          .containsExactly(
              List.of("2026-11-23", "kept", "7"),
              List.of("2026-11-23", "refused", "2"),
              List.of("2026-11-23", "trimmed", "3"));
      assertThat(rows(running, token, "refusals"))
          .containsExactly(
              List.of("2026-11-23", "coarsened", "2"),
              List.of("2026-11-23", "grammar", "2"),
              List.of("2026-11-23", "malformed", "1"),
              List.of("2026-11-23", "missing", "1"),
              List.of("2026-11-23", "undeclared", "2"));
      assertThat(rows(running, token, "findings"))
          .contains(
              List.of("/mail", "ping", "undeclared", "2026-11-23", "2026-11-23", "2"),
              List.of("/plugins/*/name", "ping", "grammar", "2026-11-23", "2026-11-23", "2"));
      assertThat(rows(running, token, "uptime")).containsExactly(List.of("2026-11-23", "0.0", "0"));

      Map<String, Long> kept = new TreeMap<>();
      for (List<Object> row :
          asked(running, "SELECT message, outcome, requests FROM request_day")) {
        kept.put(
            "requests message=\"%s\",outcome=\"%s\",product=\"sonarqube\""
                .formatted(row.get(0), row.get(1)),
            (Long) row.get(2));
      }
      for (List<Object> row :
          asked(running, "SELECT message, path, reason, findings FROM finding_day")) {
        kept.put(
            "findings message=\"%s\",path=\"%s\",product=\"sonarqube\",reason=\"%s\""
                .formatted(row.get(0), row.get(1), row.get(2)),
            (Long) row.get(3));
      }
      assertThat(kept).isEqualTo(metrics);
    }
  }

  private static List<List<Object>> asked(Running running, String sql) throws IOException {
    return running.store.ask("sonarqube", sql).rows().stream()
        .map(row -> row.stream().map(java.util.Objects::requireNonNull).toList())
        .toList();
  }

  @Test
  void countsOutliveTheReceiverAndAddUp() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      for (int day = 0; day < 2; day++) {
        for (int run = 0; run < 2; run++) {
          try (Receiver receiver = receiver(running)) {
            assertThat(post(receiver, ping(1, ""))).isEqualTo(202);
          }
        }
        running.clock.pass(Duration.ofDays(1));
      }
      assertThat(rows(running, token, "requests"))
          .containsExactly(List.of("2026-11-23", "kept", "2"), List.of("2026-11-24", "kept", "2"));
    }
  }

  @Test
  void clientsRepeatsLatenessAndLag() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      try (Receiver receiver = receiver(running)) {
        running.clock.pass(Duration.ofHours(13)); // 2026-11-24 09:00
        for (int i = 0; i < 6; i++) {
          String body = ping(i, ",\"messageSequenceNumber\":" + (100 + i));
          String[] headers = {"User-Agent", "SonarQube/9.9.0.65466 (x)"};
          assertThat(post(receiver, body, headers)).isEqualTo(202);
        }
        running.store.load();
        // The same number again, an hour later: of these two the newer counts.
        running.clock.pass(Duration.ofHours(1)); // 10:00
        assertThat(post(receiver, ping(0, ",\"messageSequenceNumber\":100"))).isEqualTo(202);
        running.store.load();
        // Four days and three hours after the one before.
        running.clock.pass(Duration.ofHours(98)); // 2026-11-28 12:00
        assertThat(post(receiver, ping(1, ",\"messageSequenceNumber\":200"))).isEqualTo(202);
      }
      running.store.load();
      assertThat(rows(running, token, "clients"))
          .containsExactly(
              List.of("not told", "9", "60.0"),
              List.of("SonarQube/9.9.0.65466", "4", "26.7"),
              List.of("test/1.0", "2", "13.3"));
      assertThat(rows(running, token, "repeats"))
          .containsExactly(
              List.of("2026-11-22", "15", "0", "15"),
              List.of("2026-11-23", "15", "0", "15"),
              List.of("2026-11-24", "7", "1", "6"),
              List.of("2026-11-28", "1", "0", "1"));
      // 15 first ones and 15 a day later; then 6 that came 22:55 to 23:00 hours after those, the
      // last of these just in time; a repeat; a late one.
      assertThat(rows(running, token, "lateness"))
          .containsExactly(
              List.of("less than 23 hours", "15.8", "6", "6"),
              List.of("on time: 23 to 25 hours", "42.1", "15", "16"),
              List.of("late: 2 to 8 days", "2.6", "1", "1"),
              List.of("the first, or the first for 8 days", "39.5", "15", "15"));
      // The clock stands still while they come and are loaded; those of the fixture came hours ago.
      assertThat(rows(running, token, "lag"))
          .containsExactly(
              List.of("up to 1 s", "21.1", "8"),
              List.of("up to a day", "39.5", "15"),
              List.of("more than a day", "39.5", "15"));
    }
  }
}
