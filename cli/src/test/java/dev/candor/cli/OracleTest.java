package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.ReportResult;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded request of real servers goes over HTTP into a store; what the reports say must
 * then equal what DuckDB finds in the raw JSON as recorded, by queries that share nothing with the
 * reports': plain JSON paths, no dictionary, no views.
 */
class OracleTest {
  /** In the order in which they were recorded. */
  private static final List<String> ORDER =
      List.of(
          "8.9.0-h2-fresh-POST",
          "8.9.0-h2-rich-POST",
          "9.7.0-h2-fresh-POST",
          "9.7.0-h2-rich-earlier-POST",
          "9.7.0-h2-rich-POST",
          "9.7.0-h2-optout-DELETE",
          "9.7.0-h2-reenabled-POST",
          "9.7.0-h2-rich-uncompressed-POST",
          "9.7.0-h2-docs-enabled-false-POST",
          "9.7.0-postgres-fresh-POST",
          "9.7.0-postgres-rich-POST",
          "9.9.8-h2-fresh-POST",
          "10.7.0-h2-fresh-POST",
          "10.7.0-h2-fresh-metrics-installation-dbmigration-POST",
          "10.7.0-h2-fresh-metrics-user-POST",
          "10.7.0-h2-rich-earlier-POST",
          "10.7.0-h2-rich-POST",
          "10.7.0-h2-rich-metrics-installation-POST",
          "10.7.0-h2-rich-metrics-language-POST",
          "10.7.0-h2-rich-metrics-user-POST");

  @TempDir static Path folder;
  private static Serve.Running running;
  private static Product product;
  private static Connection raw;

  @BeforeAll
  static void sendEverything() throws Exception {
    Products products = new Products();
    product = products.all().getFirst();
    ReceiverSettings settings =
        ReceiverSettings.of(folder.resolve("data")).withAddress("127.0.0.1", 0);
    running =
        Serve.Running.start(
            settings, new Lifetime(false, 0), Optional.empty(), products, new Ticking());
    StringBuilder pings = new StringBuilder();
    for (String name : ORDER) {
      assertThat(send(name)).as(name).isEqualTo(202);
      if (!name.contains("metrics") && !name.endsWith("DELETE")) {
        String body = new String(bytes(name + ".json"), StandardCharsets.UTF_8).strip();
        pings
            .append("{\"n\":")
            .append(ORDER.indexOf(name))
            .append(",\"p\":")
            .append(body)
            .append("}\n");
      }
    }
    running.store().load();
    Path lines = Files.writeString(folder.resolve("raw.ndjson"), pings);
    raw = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = raw.createStatement()) {
      statement.execute(
          "CREATE TABLE latest AS SELECT p->>'$.id' AS id, arg_max(p, n) AS p FROM read_json('"
              + lines
              + "', format = 'newline_delimited', columns = {n: 'BIGINT', p: 'JSON'}) GROUP BY 1");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    raw.close();
    running.close();
  }

  @Test
  void nothingRecordedIsForgotten() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(OracleTest.class.getResource("/pings").toURI()))) {
      assertThat(
              files
                  .map(f -> f.getFileName().toString())
                  .filter(f -> f.endsWith(".json"))
                  .map(f -> f.replace(".json", "")))
          .containsExactlyInAnyOrderElementsOf(ORDER);
    }
  }

  private static final Map<String, String> QUERIES =
      Map.of(
          "versions version,instances",
          "SELECT p->>'$.version', count(*) FROM latest GROUP BY 1",
          "editions edition,instances",
          "SELECT p->>'$.edition', count(*) FROM latest GROUP BY 1",
          "databases database,version,instances",
          """
          SELECT p->>'$.database.name', regexp_extract(p->>'$.database.version', '[0-9]+'), count(*)
          FROM latest GROUP BY 1, 2
          """,
          "plugins plugin,instances",
          """
          SELECT x->>'$.name', count(DISTINCT id)
          FROM (SELECT id, unnest(CAST(p->'$.plugins' AS JSON[])) AS x FROM latest) GROUP BY 1
          """,
          "docker docker,instances",
          """
          SELECT CASE coalesce(p->>'$.docker', p->>'$.container')
            WHEN 'true' THEN 'container' ELSE 'no container' END, count(*)
          FROM latest GROUP BY 1
          """,
          "languages language,loc",
          """
          SELECT language, CAST(sum(n) AS BIGINT) FROM (
            SELECT x->>'$.language' AS language, CAST(x->>'$.loc' AS BIGINT) AS n
            FROM (SELECT unnest(CAST(p->'$.projects' AS JSON[])) AS x FROM latest)
            UNION ALL
            SELECT x->>'$.language', CAST(x->>'$.ncloc' AS BIGINT)
            FROM (SELECT unnest(CAST(p->'$.nclocByLanguage' AS JSON[])) AS x FROM latest)
          ) GROUP BY 1
          """,
          "scm scm,projects",
          """
          SELECT scm, CAST(sum(n) AS BIGINT) FROM (
            SELECT x->>'$.scm' AS scm, 1 AS n
            FROM (SELECT unnest(CAST(p->'$.projects-general-stats' AS JSON[])) AS x FROM latest)
            UNION ALL
            SELECT x->>'$.scm', CAST(x->>'$.count' AS BIGINT)
            FROM (SELECT unnest(CAST(p->'$.projectCountByScm' AS JSON[])) AS x FROM latest)
          ) GROUP BY 1
          """,
          "ci ci,projects",
          """
          SELECT ci, CAST(sum(n) AS BIGINT) FROM (
            SELECT x->>'$.ci' AS ci, 1 AS n
            FROM (SELECT unnest(CAST(p->'$.projects-general-stats' AS JSON[])) AS x FROM latest)
            UNION ALL
            SELECT x->>'$.ci', CAST(x->>'$.count' AS BIGINT)
            FROM (SELECT unnest(CAST(p->'$.projectCountByCI' AS JSON[])) AS x FROM latest)
          ) GROUP BY 1
          """,
          "devops-platforms devops_platform,projects",
          """
          SELECT x->>'$.devopsPlatform', count(*)
          FROM (SELECT unnest(CAST(p->'$.projects-general-stats' AS JSON[])) AS x FROM latest)
          GROUP BY 1
          """,
          "users-activity days,accounts,active_users,sonarlint_users",
          """
          SELECT w.days, count(*),
            count(*) FILTER (DATE '2026-11-23' - CAST(substr(x->>'$.lastActivity', 1, 10) AS DATE) < greatest(w.days, 2)),
            count(*) FILTER (DATE '2026-11-23' - CAST(substr(x->>'$.lastSonarlintActivity', 1, 10) AS DATE) < greatest(w.days, 2))
          FROM (VALUES (1), (7), (30)) AS w (days),
            (SELECT unnest(CAST(p->'$.users' AS JSON[])) AS x FROM latest)
          WHERE x->>'$.status' = 'active' GROUP BY 1
          """);

  /** The reports that are checked here. */
  static Set<String> reports() {
    return QUERIES.keySet().stream().map(key -> key.split(" ", 2)[0]).collect(Collectors.toSet());
  }

  @TestFactory
  Stream<DynamicTest> reportsEqualTheRawLines() {
    return QUERIES.entrySet().stream()
        .map(
            query -> {
              String[] words = query.getKey().split(" ", 2);
              return DynamicTest.dynamicTest(
                  words[0],
                  () -> {
                    Set<String> expected = found(query.getValue());
                    assertThat(expected).as("rows in the raw lines").isNotEmpty();
                    assertThat(reported(words[0], List.of(words[1].split(","))))
                        .containsExactlyElementsOf(expected);
                  });
            });
  }

  /** The rows of a report, in those columns; a plugin's versions are one row each there. */
  private static Set<String> reported(String name, List<String> columns) throws Exception {
    ReportResult result =
        running.store().run(product.dictionary().product(), Reports.named(product, name));
    List<Integer> indexes = columns.stream().map(result.columns()::indexOf).toList();
    assertThat(indexes).doesNotContain(-1);
    if (name.equals("plugins")) {
      Map<String, Long> sums =
          result.rows().stream()
              .collect(
                  Collectors.groupingBy(
                      row -> String.valueOf(row.get(indexes.get(0))),
                      Collectors.summingLong(
                          row -> ((Number) row.get(indexes.get(1))).longValue())));
      return sums.entrySet().stream()
          .map(sum -> sum.getKey() + "|" + sum.getValue())
          .collect(Collectors.toCollection(TreeSet::new));
    }
    return result.rows().stream()
        .map(
            row ->
                indexes.stream()
                    .map(i -> String.valueOf(row.get(i)))
                    .collect(Collectors.joining("|")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> found(String sql) throws Exception {
    Set<String> found = new TreeSet<>();
    try (Statement statement = raw.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(rows.getObject(i)));
        }
        found.add(String.join("|", cells));
      }
    }
    return found;
  }

  /** As recorded: method and path, the compressed body where there is one, always "gzip". */
  private static int send(String name) throws Exception {
    String[] request =
        new String(bytes(name + ".http"), StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElseThrow()
            .split(" ", -1);
    byte[] body = bytes(name + (has(name + ".json.gz") ? ".json.gz" : ".json"));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(running.address() + request[1]))
                  .header("Content-Encoding", "gzip")
                  .header("Content-Type", "application/json; charset=utf-8")
                  .header("User-Agent", "SonarQube/9.7.0.61563")
                  .method(request[0], BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static boolean has(String name) {
    return OracleTest.class.getResource("/pings/" + name) != null;
  }

  private static byte[] bytes(String name) throws Exception {
    try (InputStream in = OracleTest.class.getResourceAsStream("/pings/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  /** The day of the recordings; a second passes each time that somebody looks. */
  private static final class Ticking extends Clock {
    private final AtomicLong seconds = new AtomicLong();

    @Override
    public Instant instant() {
      return Instant.parse("2026-11-23T20:00:00Z").plusSeconds(seconds.getAndIncrement());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
