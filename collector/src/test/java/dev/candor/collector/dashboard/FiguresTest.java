package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.store.Page;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FiguresTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path data;

  @Test
  void theApiSaysWhatTheReportsSay() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      for (Report report : running.product.reports()) {
        HttpResponse<String> answer =
            running.get(
                "/api/v1/products/sonarqube/reports/" + report.name(), "Authorization", token);
        assertThat(answer.statusCode()).as(report.name()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        ReportResult own = running.store.run("sonarqube", report);
        assertThat(body.get("rows").size()).as(report.name()).isEqualTo(own.rows().size());
        for (int row = 0; row < own.rows().size(); row++) {
          for (int column = 0; column < own.columns().size(); column++) {
            Object value = own.rows().get(row).get(column);
            JsonNode shown = body.get("rows").get(row).get(column);
            assertThat(shown.isNull() ? "null" : shown.asString())
                .as("%s row %d column %s", report.name(), row, own.columns().get(column))
                .isEqualTo(
                    value instanceof java.time.LocalDateTime ? value + "Z" : String.valueOf(value));
          }
        }
      }
    }
  }

  @Test
  void everyPageShowsItsReports() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      for (Page page : running.product.pages()) {
        if (page.isForOneInstance()) {
          continue;
        }
        HttpResponse<String> shown = running.get("/p/sonarqube/" + page.name(), "Cookie", cookie);
        assertThat(shown.statusCode()).as(page.name()).isEqualTo(200);
        for (String report : page.reports()) {
          assertThat(shown.body())
              .contains(running.product.report(report).orElseThrow().question());
        }
      }
      String one = running.get("/p/sonarqube/instances/" + Running.id(3), "Cookie", cookie).body();
      assertThat(one).contains("9.9.0.65466", "2026-11-22", "/messages/ping/");
      String link =
          one.substring(one.indexOf("/p/sonarqube/instances/" + Running.id(3) + "/messages"));
      String json = running.get(link.substring(0, link.indexOf('"')), "Cookie", cookie).body();
      assertThat(json).contains("\"edition\" : \"community\"").doesNotContain("null");
      assertThat(running.get("/p/sonarqube/instances?q=" + Running.id(7), "Cookie", cookie).body())
          .contains("1 found");
    }
  }

  @Test
  void filtersNarrowWhatIsCounted() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      String path = "/api/v1/products/sonarqube/reports/alive-by-day";
      assertThat(rows(running, path + "?edition=enterprise&from=2026-11-23", token))
          .isEqualTo("[[\"2026-11-23\",3,0,3]]");
      assertThat(running.get(path + "?from=yesterday", "Authorization", token).statusCode())
          .isEqualTo(400);
    }
  }

  /** A page and the API alike: what is wrong is said, and nothing is answered as if it were not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "edition=nothing-like-that",
        "from=2026-11-24&to=2026-11-23",
        "from=yesterday",
        "to=%2B999999999-01-01",
        "to=2026-02-30",
        "from=0001-01-01",
        "editon=community"
      })
  void filtersThatMakeNoSenseAreSaid(String query) throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      for (String page : List.of("/p/sonarqube/overview", "/p/sonarqube/reports/alive-by-day")) {
        HttpResponse<String> said = running.get(page + "?" + query, "Cookie", cookie);
        assertThat(said.statusCode()).as(page).isEqualTo(400);
        assertThat(said.body())
            .contains("<p class=\"error\" role=\"alert\">", "class=\"filters\"")
            .doesNotContain("<figure");
      }
      HttpResponse<String> problem =
          running.get(
              "/api/v1/products/sonarqube/reports/alive-by-day?" + query,
              "Authorization",
              running.token(cookie, "analyst"));
      assertThat(problem.statusCode()).isEqualTo(400);
      assertThat(JSON.readTree(problem.body()).get("detail").asString()).isNotBlank();
    }
  }

  @Test
  void whatIsAboutThePresentSaysThatDaysDoNotNarrowIt() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String page = running.get("/p/sonarqube/overview?to=2026-11-22", "Cookie", cookie).body();
      String headline = panel(page, "headline");
      assertThat(headline)
          .containsPattern("Pings today</a>\\s*</dt>\\s*<dd><strong>15</strong>")
          .contains("Not narrowed by from and to: this is as of 2026-11-23.");
      assertThat(panel(page, "editions")).contains("Not narrowed by from and to");
      assertThat(panel(page, "alive-by-day"))
          .contains("2026-11-22")
          .doesNotContain("2026-11-23", "Not narrowed");
      assertThat(page)
          .contains("href=\"/p/sonarqube/versions?to=2026-11-22\"")
          .contains("href=\"/p/sonarqube/reports?to=2026-11-22\"");

      String analyst = running.token(cookie, "analyst");
      String path = "/api/v1/products/sonarqube/reports/";
      assertThat(
              running.get(path + "editions?to=2026-11-22", "Authorization", analyst).statusCode())
          .isEqualTo(400);
      assertThat(running.get(path + "uptime?edition=community", "Authorization", analyst).body())
          .contains("cannot be narrowed by edition");
    }
  }

  private static String panel(String page, String report) {
    int at = page.indexOf("aria-labelledby=\"report-" + report + "\"");
    return page.substring(at, page.indexOf("</figure>", at));
  }

  @Test
  void noSumIsOfADayToCome() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      assertThat(rows(running, query("SELECT max(day) FROM daily"), token))
          .isEqualTo("[[\"2026-11-23\"]]");
    }
  }

  @Test
  void anOwnQuerySaysWhatIsShownAndItsCsvHasAll() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String page =
          running
              .post(
                  "/p/sonarqube/query",
                  Map.of(
                      "sql", "SELECT n FROM range(12000) AS t (n)", "csrf", running.csrf(cookie)),
                  "Cookie",
                  cookie)
              .body();
      assertThat(page).contains("The first 500 of more than 10,000 rows; the CSV has all.");
      String token = running.token(cookie, "analyst");
      String path = query("SELECT n FROM range(12000) AS t (n)");
      JsonNode json = JSON.readTree(running.get(path, "Authorization", token).body());
      assertThat(json.get("rows").size()).isEqualTo(10_000);
      assertThat(json.get("whole").asBoolean()).isFalse();
      HttpResponse<String> csv = running.get(path + "&format=csv", "Authorization", token);
      assertThat(csv.body().lines()).hasSize(12_001).last().isEqualTo("11999");
      HttpResponse<String> posted =
          running.post(
              "/api/v1/products/sonarqube/query?format=csv",
              Map.of("sql", "SELECT n FROM range(12000) AS t (n)", "csrf", running.csrf(cookie)),
              "Cookie",
              cookie);
      assertThat(posted.body()).isEqualTo(csv.body());
    }
  }

  /** Within each day by itself, and never so that the rest tells of a small one. */
  @Test
  void rowsFoldWithinTheirDay() {
    Report report =
        Report.parse(
            "r",
            "-- title: T\n-- question: Q\n-- chart: table\n-- counts: active pinged\n"
                + "-- sums: active pinged\n-- within: day\n");
    ReportResult shown =
        new Threshold(5)
            .apply(
                report,
                new ReportResult(
                    List.of("day", "release", "active", "pinged"),
                    List.of(
                        List.of("one", "9.9", 20L, 18L),
                        List.of("one", "10.0", 6L, 6L),
                        List.of("one", "10.1", 2L, 1L),
                        List.of("two", "9.9", 20L, 20L),
                        List.of("three", "9.9", 3L, 3L))));
    assertThat(shown.rows())
        .containsExactly(
            List.of("one", "9.9", 20L, 18L),
            List.of("one", "other", 8L, 7L),
            List.of("two", "9.9", 20L, 20L),
            List.of("three", "other", Threshold.Withheld.WITHHELD, Threshold.Withheld.WITHHELD));
  }

  @Test
  void headlineFiguresSayWhatTheyCountAndLeadToTheirReports() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String page = running.get("/p/sonarqube/overview", "Cookie", cookie).body();
      assertThat(page)
          .contains(
              "<dl class=\"figures\">",
              "<a href=\"/p/sonarqube/reports/states\">Instances active</a>",
              "<strong>15</strong>",
              "pinged within the last 8 days");
      String three =
          running.get("/p/sonarqube/overview?edition=enterprise", "Cookie", cookie).body();
      assertThat(three)
          .contains(
              "<strong>3</strong>",
              "<a href=\"/p/sonarqube/reports/states?edition=enterprise\">Instances active</a>");
      assertThat(
              rows(
                  running,
                  "/api/v1/products/sonarqube/reports/headline?edition=enterprise",
                  running.token(cookie, "viewer")))
          .startsWith(
              "[[\"Instances active\",\"pinged within the last 8 days\",\"states\",null,null,null],");
    }
  }

  private static String rows(Running running, String path, String token) throws Exception {
    return JSON.readTree(running.get(path, "Authorization", token).body()).get("rows").toString();
  }

  @Test
  void viewersSeeNoSmallGroups() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String viewer = running.token(cookie, "viewer");
      String path = "/api/v1/products/sonarqube/reports/";
      // Three instances are too few by themselves, so the twelve go with them.
      assertThat(rows(running, path + "editions", viewer)).isEqualTo("[[\"other\",15,100.0]]");
      assertThat(rows(running, path + "alive-by-day?edition=enterprise", viewer))
          .isEqualTo("[[\"2026-11-22\",null,null,null],[\"2026-11-23\",null,null,null]]");
      assertThat(running.get(path + "instances", "Authorization", viewer).statusCode())
          .isEqualTo(403);
      assertThat(
              running.get(path + "editions?format=parquet", "Authorization", viewer).statusCode())
          .isEqualTo(403);
    }
  }

  /** However a report's numbers fall, nothing that is too small can be read or reckoned. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void foldingLeavesNothingSmall(long seed) {
    Random random = new Random(seed);
    Report report =
        Report.parse(
            "r",
            "-- title: T\n-- question: Q\n-- chart: table\n-- counts: instances\n"
                + "-- sums: instances\n");
    for (int round = 0; round < 200; round++) {
      int least = 2 + random.nextInt(8);
      List<List<@Nullable Object>> rows = new ArrayList<>();
      long total = 0;
      for (int i = random.nextInt(12); i > 0; i--) {
        long n = random.nextInt(random.nextBoolean() ? 6 : 100);
        total += n;
        rows.add(List.of("word" + i, n));
      }
      ReportResult shown =
          new Threshold(least).apply(report, new ReportResult(List.of("word", "instances"), rows));
      long sum = 0;
      boolean withheld = false;
      for (List<@Nullable Object> row : shown.rows()) {
        if (row.get(1) == Threshold.Withheld.WITHHELD) {
          withheld = true;
          assertThat(
                  shown.rows().stream()
                      .filter(r -> !r.equals(row))
                      .mapToLong(r -> ((Number) r.get(1)).longValue())
                      .sum())
              .as("seed %d: all rows but zeros went into the one that is withheld", seed)
              .isZero();
        } else {
          long n = ((Number) row.get(1)).longValue();
          sum += n;
          assertThat(n == 0 || n >= least).as("seed %d: %s", seed, shown.rows()).isTrue();
        }
      }
      assertThat(withheld || sum == total).isTrue();
    }
  }

  @Test
  void anOwnQueryReadsTheProductsDataAndNothingElse() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      assertThat(
              rows(
                  running,
                  query("SELECT edition, count(*) FROM instance GROUP BY ALL ORDER BY 1"),
                  token))
          .isEqualTo("[[\"community\",12],[\"enterprise\",3]]");
      assertThat(
              rows(
                  running,
                  query(
                      "WITH d AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM instance) SELECT max(n), now() > DATE '2000-01-01' FROM d"),
                  token))
          .isEqualTo("[[15,true]]");
      Path outside = data.resolve("access/accounts.json");
      for (String attack :
          List.of(
              "SELECT * FROM read_text('" + outside + "')",
              "SELECT * FROM read_csv('/etc/passwd')",
              "FROM '/etc/passwd'",
              "SELECT * FROM \"" + outside + "\"",
              "SELECT * FROM glob('/*')",
              "SELECT * FROM query('SELECT 1')",
              "SELECT * FROM query_table('candor.loaded_segment')",
              "SELECT * FROM candor.loaded_segment",
              "SELECT * FROM duckdb_settings()",
              "SELECT * FROM (FROM read_blob('/etc/passwd')) AS x",
              "SELECT (SELECT content FROM read_text('/etc/passwd'))",
              "WITH x AS (FROM read_text('/etc/passwd')) FROM x",
              "SELECT current_setting('temp_directory')",
              "SELECT getvariable('x')",
              "SELECT nextval('candor.row_number')",
              "SELECT write_log('x')",
              "SELECT sleep_ms(1000)",
              "COPY instance TO '" + data.resolve("out.csv") + "'",
              "COPY (SELECT 1) TO '" + data.resolve("out.csv") + "'",
              "ATTACH '" + data.resolve("x.db") + "' AS x",
              "INSTALL httpfs",
              "LOAD httpfs",
              "DROP TABLE raw_ping",
              "DELETE FROM raw_ping",
              "UPDATE raw_ping SET id = ''",
              "INSERT INTO raw_ping (id) VALUES ('x')",
              "CREATE TABLE x AS SELECT 1",
              "SET memory_limit = '1GB'",
              "PRAGMA database_list",
              "EXPORT DATABASE '" + data.resolve("x") + "'",
              "CALL pragma_version()",
              "EXPLAIN SELECT 1",
              "DESCRIBE instance",
              "SELECT 1; DROP TABLE raw_ping",
              "SELECT 1; SELECT 2")) {
        HttpResponse<String> answer = running.get(query(attack), "Authorization", token);
        assertThat(answer.statusCode()).as(attack + ": " + answer.body()).isEqualTo(400);
      }
      assertThat(rows(running, query("SELECT count(*) FROM raw_ping"), token)).isEqualTo("[[30]]");
      assertThat(data.resolve("out.csv")).doesNotExist();
    }
  }

  @Test
  void aQueryOfAnyLengthIsAnsweredAndNoted() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      String token = running.token(cookie, "analyst");
      String sql = "SELECT 7 AS n /* " + "x".repeat(19_000) + " */";
      HttpResponse<String> page =
          running.post(
              "/p/sonarqube/query",
              Map.of("sql", sql, "csrf", running.csrf(cookie)),
              "Cookie",
              cookie);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("<td class=\"n\">7</td>", "x".repeat(19_000));
      String api = "/api/v1/products/sonarqube/query";
      HttpResponse<String> answer =
          running.send("POST", api, "{\"sql\":\"" + sql + "\"}", "Authorization", token);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"rows\":[[7]]");
      HttpResponse<String> longer =
          running.get(
              api + "?sql=" + URLEncoder.encode(sql, StandardCharsets.UTF_8),
              "Authorization",
              token);
      assertThat(longer.statusCode()).isEqualTo(414);
      assertThat(longer.body()).contains("send what is long by POST");
      assertThat(Files.readString(data.resolve("access/audit.ndjson")))
          .contains("\"target\":\"" + api + "?sql=SELECT 7 AS n")
          .contains("\"target\":\"/p/sonarqube/query?sql=SELECT 7 AS n");
    }
  }

  @Test
  void whatIsWrongWithAQueryIsSaidInItsOwnWordsWithItsPlace() throws Exception {
    try (Running running = new Running(data)) {
      String token = running.token(running.administrator(), "analyst");
      String far = "SELECT " + "1 AS a, ".repeat(40) + "nothing FROM instance";
      for (Map.Entry<String, String> wrong :
          Map.of(
                  "SELECT 1 AS one,\n  nothing\nFROM instance",
                  "line 2, column 3",
                  "SELECT 'é' AS one,\n  'éé', nothing\nFROM instance",
                  "line 2, column 9",
                  "SELECT FROM\nWHERE",
                  "line 2, column 1",
                  "SELECT 1,\n CAST('abc' AS INTEGER)",
                  "Could not convert string 'abc'",
                  "SELECT id\nFROM nowhere",
                  "line 2, column 6",
                  "SELECT id,\n read_text(id) FROM instance",
                  "line 2, column 2",
                  "SELECT id FROM instance -- a comment\nORDER BY nothing",
                  "line 2, column 10",
                  far,
                  "line 1, column " + (far.indexOf("nothing") + 1))
              .entrySet()) {
        String body =
            running
                .send(
                    "POST",
                    "/api/v1/products/sonarqube/query",
                    "{\"sql\":\"" + wrong.getKey().replace("\n", "\\n") + "\"}",
                    "Authorization",
                    token)
                .body();
        assertThat(body)
            .as(wrong.getKey())
            .contains("\"status\":400", wrong.getValue())
            .doesNotContain("LINE ", "LIMIT", "^");
      }
    }
  }

  @Test
  void aCommentInAnOwnQueryIsNoHeader() throws Exception {
    try (Running running = new Running(data)) {
      String sql = URLEncoder.encode("-- parameter: none\nSELECT 7 AS n", StandardCharsets.UTF_8);
      String cookie = running.administrator();
      HttpResponse<String> page = running.get("/p/sonarqube/query?sql=" + sql, "Cookie", cookie);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("<td class=\"n\">7</td>");
    }
  }

  @Test
  void whatIsErasedIsNowhere() throws Exception {
    String id = Running.id(4);
    Path aside = data.resolve("journal/sonarqube/ping/000000000099.ndjson.bad");
    Path quarantined = data.resolve("quarantine/sonarqube/ping/2026-11-23/1-1-1.ping");
    try (Running running = new Running(data)) {
      Files.writeString(aside, "{\"id\":\"" + id + "\"}\n{\"id\":\"other\"}\n");
      Files.createDirectories(quarantined.getParent());
      Files.writeString(quarantined, "\n{\"id\": \"" + id + "\"}");
      String cookie = running.administrator();
      String page = "/p/sonarqube/instances/" + id;
      Map<String, String> form =
          Map.of("csrf", running.csrf(cookie), "confirm", id.toLowerCase(Locale.ROOT));
      assertThat(running.post(page + "/erase", form, "Cookie", cookie).statusCode()).isEqualTo(400);
      assertThat(running.get(page, "Cookie", cookie).statusCode()).isEqualTo(200);

      String receipt =
          running
              .post(
                  page + "/erase",
                  Map.of("csrf", running.csrf(cookie), "confirm", id),
                  "Cookie",
                  cookie)
              .body();
      assertThat(receipt)
          .contains(
              "erased at 2026-11-23T20:00:00Z: 3 messages in the store and its journal, 1 in quarantine");
      assertThat(running.get(page, "Cookie", cookie).statusCode()).isEqualTo(404);
      for (String table : List.of("raw_ping", "instance_day", "instance_last", "ping_latest")) {
        assertThat(running.store.ask("sonarqube", "SELECT count(DISTINCT id) FROM " + table).rows())
            .as(table)
            .isEqualTo(List.of(List.of(14L)));
      }
      assertThat(aside).hasContent("{\"id\":\"other\"}");
      assertThat(quarantined).doesNotExist();
      assertThat(Files.readString(data.resolve("access/audit.ndjson")))
          .contains("\"action\":\"erase\"");
    }
  }

  private static String query(String sql) {
    return "/api/v1/products/sonarqube/query?sql=" + URLEncoder.encode(sql, StandardCharsets.UTF_8);
  }
}
