package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.Receiver;
import dev.candor.store.Tallies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
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
              List.of("2026-11-22", "15", "15", "0"),
              List.of("2026-11-23", "15", "15", "0"),
              List.of("2026-11-24", "6", "7", "1"),
              List.of("2026-11-28", "1", "1", "0"));
      // 15 first ones and 15 a day later; then 6 that came 22:55 to 23:00 hours after those, the
      // last of these just in time, and the first once more an hour later; a late one.
      assertThat(rows(running, token, "lateness"))
          .containsExactly(
              List.of("less than 23 hours", "5", "5", "13.5"),
              List.of("on time: 23 to 25 hours", "15", "16", "43.2"),
              List.of("late: 2 to 8 days", "1", "1", "2.7"),
              List.of("the first, or the first for 8 days", "15", "15", "40.5"));
      // The clock stands still while they come and are loaded; those of the fixture came hours ago.
      assertThat(rows(running, token, "lag"))
          .containsExactly(
              List.of("up to 1 s", "8", "21.1"),
              List.of("up to a day", "15", "39.5"),
              List.of("more than a day", "15", "39.5"));
    }
  }

  /** Thirty pings of the fixture, all with a plugin that has a version; then those sent here. */
  @Test
  void howOftenEachFieldIsFilled() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String analyst = running.token(cookie, "analyst");
      String viewer = running.token(cookie, "viewer");
      try (Receiver receiver = receiver(running)) {
        for (int i = 0; i < 10; i++) {
          String plugins =
              ",\"plugins\":[{\"name\":\"java\"},{\"name\":\"x\",\"version\":\"1.0\"}]";
          String few = i < 3 ? ",\"licenseType\":\"PRODUCTION\"" : "";
          assertThat(post(receiver, ping(i, plugins + few))).isEqualTo(202);
        }
      }
      running.store.load();
      Map<String, JsonNode> fields = fields(running, analyst);
      assertThat(share(fields, "id")).isEqualTo("100.0 null");
      assertThat(share(fields, "docker")).isEqualTo("75.0 null");
      assertThat(share(fields, "database.name")).isEqualTo("75.0 null");
      assertThat(share(fields, "ncloc")).isEqualTo("0.0 null");
      assertThat(share(fields, "licenseType")).isEqualTo("7.5 null");
      // 30 plugins of the fixture with a version, and 10 of 20 of those sent here.
      assertThat(share(fields, "plugins[].name")).isEqualTo("100.0 100.0");
      assertThat(share(fields, "plugins[].version")).isEqualTo("100.0 80.0");
      assertThat(share(fields, "users[].userUuid")).isEqualTo("0.0 null");

      Map<String, JsonNode> folded = fields(running, viewer);
      assertThat(share(folded, "licenseType")).as("of three instances").isEqualTo("null null");
      assertThat(share(folded, "docker")).as("ten do not").isEqualTo("75.0 null");
      assertThat(running.get("/p/sonarqube/dictionary", "Cookie", cookie).body())
          .contains("<span>7.5 %</span>", "<span>100.0 %; 80.0 % of items</span>");
    }
  }

  private static Map<String, JsonNode> fields(Running running, String token) throws Exception {
    JsonNode body =
        JSON.readTree(
            running.get("/api/v1/products/sonarqube/dictionary", "Authorization", token).body());
    Map<String, JsonNode> fields = new TreeMap<>();
    body.get("messages")
        .get("ping")
        .forEach(field -> fields.put(field.get("field").asString(), field));
    return fields;
  }

  private static String share(Map<String, JsonNode> fields, String name) {
    JsonNode field = java.util.Objects.requireNonNull(fields.get(name), name);
    return field.get("percent") + " " + field.get("itemPercent");
  }

  @Test
  void daysThatAreNotWholeAreMarkedInTableChartAndApi() throws Exception {
    try (Running running = new Running(data)) {
      running.store.tallies().add(up("2026-11-22", 6));
      try (Receiver receiver = receiver(running)) {
        running.clock.pass(Duration.ofHours(13)); // 2026-11-24 09:00, before any of the days before
        assertThat(post(receiver, ping(1, ""))).isEqualTo(202);
      }
      running.store.load();
      running.clock.pass(Duration.ofMinutes(1)); // Answers of before are old by then.
      String cookie = running.administrator();
      String path = "/p/sonarqube/reports/alive-by-";
      assertThat(running.get(path + "day", "Cookie", cookie).body())
          .contains(
              "\"incomplete\":{\"2026-11-22\":\"receiver ran 25 % of the day\",\"2026-11-24\":\"0 % complete\"}",
              "2026-11-24 <small class=\"incomplete\">0 % complete</small>",
              "that day is <strong>0.0 %</strong> complete");
      JsonNode weeks =
          JSON.readTree(
              running
                  .get("/api/v1/products/sonarqube/reports/alive-by-week", "Cookie", cookie)
                  .body());
      assertThat(weeks.get("incomplete").toString())
          .isEqualTo("{\"2026-11-16\":\"6.3 of 7 days\",\"2026-11-23\":\"1 of 7 days\"}");
    }
  }

  private static Tallies.Counted up(String day, int hours) {
    return new Tallies.Counted(LocalDate.parse(day), Duration.ofHours(hours), List.of(), List.of());
  }

  @Test
  void thePageCanBeNarrowedByDaysAndOffersNothingElse() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      running.store.tallies().add(up("2026-11-22", 6));
      running.store.tallies().add(up("2026-11-23", 12));
      String page = running.get("/p/sonarqube/quality", "Cookie", cookie).body();
      assertThat(page).contains("name=\"from\"").doesNotContain("name=\"edition\"");
      assertThat(rows(running, running.token(cookie, "analyst"), "uptime?from=2026-11-23"))
          .containsExactly(List.of("2026-11-23", "50.0", "720"));
    }
  }
}
