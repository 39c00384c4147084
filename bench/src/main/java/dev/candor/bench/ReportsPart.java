package dev.candor.bench;

import dev.candor.cli.Products;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.postgresql.PGConnection;

/** Every report over a store with a long history, beside PostgreSQL on the same days. */
final class ReportsPart implements Part {
  /** Days that are filled before their upkeep runs once. */
  private static final int STEP = 30;

  /** How often a report runs in a round. */
  private static final int RUNS = 20;

  /**
   * Milliseconds of a report.
   *
   * @param half the median of each round
   * @param most the 95th percentile of each round
   */
  private record Times(Spread half, Spread most) {}

  /**
   * The same questions for PostgreSQL, which has a row for each instance and day and no sums. Each
   * answers a column {@code instances} whose sum is compared.
   */
  private static final Map<String, String> QUESTIONS =
      Map.of(
          "alive-by-week",
          """
          SELECT date_trunc('week', day)::date AS week, count(DISTINCT id) AS instances
          FROM instance_day GROUP BY 1 ORDER BY 1
          """,
          "alive-by-day",
          """
          SELECT day, count(*) AS instances, count(*) FILTER (WHERE first_day = day) AS new_instances
          FROM instance_day GROUP BY 1 ORDER BY 1
          """,
          "versions-by-day",
          """
          SELECT day, release, count(*) AS instances
          FROM instance_day GROUP BY 1, 2 ORDER BY 1, 2
          """,
          "databases",
          """
          SELECT database, substring(database_version FROM '^[0-9]+') AS version,
            count(*) AS instances
          FROM active GROUP BY 1, 2 ORDER BY 3 DESC
          """,
          "editions",
          "SELECT edition, count(*) AS instances FROM active GROUP BY 1 ORDER BY 2 DESC");

  private static final String COLUMNS =
      "id, day, version, release, edition, database, database_version, users, projects, loc,"
          + " first_day, _received";

  @Override
  public String name() {
    return "reports";
  }

  @Override
  public String about() {
    return "every report over a year of a fleet (--instances) against PostgreSQL, and as it grows";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    int instances = setting.instances();
    int days = setting.brief() ? 20 : 365;
    Product product = new Products().all().getFirst();
    Path data = setting.store().orElse(setting.folder("data"));
    Path small = setting.folder("data");
    List<Double> pings = new ArrayList<>();
    List<Double> slowest = new ArrayList<>();
    List<Double> middle = new ArrayList<>();
    Map<String, Times> times = Map.of();
    int filled = filled(data, product);
    for (int part = 1; part <= 4; part++) {
      int until = days * part / 4;
      if (until < filled) {
        continue;
      }
      fill(setting, product, data, instances, days, filled, until);
      filled = until;
      times = measure(setting, product, data, part < 4 ? 1 : setting.rounds());
      pings.add(pings(data));
      slowest.add(slowest(times).median());
      middle.add(middle(times));
      setting.say("    " + Spread.plain(pings.getLast()) + " million pings");
    }
    fill(setting, product, small, instances / 4, days, filled(small, product), days);
    table(results, instances, days, times, measure(setting, product, small, 1));
    results.bound(
        "slowest report, p95, " + Spread.plain(pings.getLast()) + " million pings",
        slowest(times),
        "ms",
        150);
    if (pings.size() > 1) {
      results.picture(
          new Picture("reports", "Reports, as history grows", "million pings", "ms")
              .line("slowest report", pings, slowest)
              .line("middle report", pings, middle));
      results.atMost(
          "slowest report, 4 times the history",
          "itself at a quarter of it",
          Spread.of(slowest.getLast() / slowest.getFirst()),
          1.5);
    }
    beside(setting, results, product, data);
  }

  private static Spread slowest(Map<String, Times> times) {
    return Collections.max(
        times.values().stream().map(Times::most).toList(),
        (a, b) -> Double.compare(a.median(), b.median()));
  }

  private static double middle(Map<String, Times> times) {
    return new Spread(times.values().stream().map(one -> one.half().median()).toList()).median();
  }

  private static void table(
      Results results,
      int instances,
      int days,
      Map<String, Times> times,
      Map<String, Times> smaller) {
    List<List<String>> rows = new ArrayList<>();
    times.forEach(
        (name, time) -> {
          Times other = Objects.requireNonNull(smaller.get(name));
          rows.add(
              List.of(
                  name,
                  time.half().toString(),
                  time.most().toString(),
                  other.half().toString(),
                  other.most().toString()));
        });
    String size = "%,d instances, p50";
    results.table(
        "Reports over " + days + " days, ms",
        List.of(
            "report",
            String.format(Locale.ROOT, size, instances),
            "p95",
            String.format(Locale.ROOT, size, instances / 4),
            "p95"),
        rows);
  }

  /** Fills days of a made-up fleet by SQL, and runs the same upkeep as the loader. */
  private static void fill(
      Setting setting, Product product, Path data, int instances, int days, int from, int until)
      throws IOException, SQLException {
    if (from == until) {
      return;
    }
    String upkeep = product.timeline().orElseThrow().refresh(product.dictionary().message("ping"));
    try (Connection database = open(data);
        Statement sql = database.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'; SET search_path = 'sonarqube'");
      sql.execute("SET VARIABLE instances = " + instances + "; SET VARIABLE seed = 7");
      sql.execute("SET VARIABLE days = " + days + "; SET VARIABLE end_day = DATE '2026-06-30'");
      sql.execute(resource("fleet.sql"));
      String dayOfAll = resource("day.sql");
      String inOrder = resource("order.sql");
      for (int day = from; day < until; ) {
        // Only the last days have lists: no report reads those of older ones.
        int next = day < until - 2 ? Math.min(until - 2, day + STEP) : until;
        long first;
        try (ResultSet row = sql.executeQuery("SELECT nextval('candor.row_number')")) {
          row.next();
          first = row.getLong(1);
        }
        sql.execute("BEGIN");
        for (; day < next; day++) {
          sql.execute("SET VARIABLE day_number = " + day);
          sql.execute("SET VARIABLE detail = " + (day >= until - 2));
          sql.execute(dayOfAll);
        }
        sql.execute("SET VARIABLE first_row = " + first);
        sql.execute(upkeep);
        sql.execute(inOrder);
        sql.execute("COMMIT");
      }
      sql.execute("CHECKPOINT");
    }
  }

  /** How many days a store has; it is made if there is none. */
  private static int filled(Path data, Product product) throws IOException, SQLException {
    Store.open(data, List.of(product), Clock.systemUTC()).close();
    try (Connection database = open(data);
        Statement sql = database.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT coalesce(max(\"messageSequenceNumber\"), 0) FROM sonarqube.raw_ping")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static Connection open(Path data) throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + data.resolve("store.duckdb"));
  }

  private static double pings(Path data) throws SQLException {
    try (Connection database = open(data);
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) / 1e6 FROM sonarqube.raw_ping")) {
      row.next();
      return row.getDouble(1);
    }
  }

  /** How long each report takes, warm. No answer is kept: each run reads the tables. */
  private static Map<String, Times> measure(Setting setting, Product product, Path data, int rounds)
      throws IOException {
    Map<String, Times> times = new LinkedHashMap<>();
    int runs = setting.brief() ? 1 : RUNS;
    try (Store store = Store.open(data, List.of(product), Clock.systemUTC())) {
      for (Report report : product.reports()) {
        store.run(product.name(), report);
        List<Double> half = new ArrayList<>();
        List<Double> most = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          List<Double> sorted = new ArrayList<>();
          for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            store.run(product.name(), report);
            sorted.add((System.nanoTime() - start) / 1e6);
          }
          Collections.sort(sorted);
          half.add(sorted.get(runs / 2));
          most.add(sorted.get((int) Math.ceil(0.95 * runs) - 1));
        }
        times.put(report.name(), new Times(new Spread(half), new Spread(most)));
      }
    }
    return times;
  }

  private static void beside(Setting setting, Results results, Product product, Path data)
      throws Exception {
    try (Postgres postgres = Postgres.start(setting)) {
      copy(postgres, data, setting.folder("csv"));
      List<List<String>> rows = new ArrayList<>();
      try (Store store = Store.open(data, List.of(product), Clock.systemUTC());
          Connection peer = DriverManager.getConnection(postgres.url());
          Statement sql = peer.createStatement()) {
        for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
          Report report = product.report(question.getKey()).orElseThrow();
          List<Double> ours = new ArrayList<>();
          List<Double> theirs = new ArrayList<>();
          for (int round = 0; round <= setting.rounds(); round++) {
            long start = System.nanoTime();
            ReportResult result = store.run(product.name(), report);
            long between = System.nanoTime();
            long sum = sum(sql, question.getValue());
            long end = System.nanoTime();
            if (sum != sum(result)) {
              throw new IllegalStateException(
                  report.name() + ": PostgreSQL counts " + sum + ", the report " + sum(result));
            }
            if (round > 0) {
              ours.add((between - start) / 1e6);
              theirs.add((end - between) / 1e6);
            }
          }
          Spread mine = new Spread(ours);
          Spread other = new Spread(theirs);
          rows.add(List.of(report.name(), mine.toString(), other.toString()));
          results.ratio("report " + report.name(), "PostgreSQL", other.over(mine), 20);
        }
      }
      results.table(
          "Reports beside PostgreSQL 15 with a row for each instance and day, ms; equal answers",
          List.of("report", "Candor", "PostgreSQL"),
          rows);
    }
  }

  private static void copy(Postgres postgres, Path data, Path folder) throws Exception {
    postgres.execute(
        """
        CREATE TABLE instance_day (id TEXT, day DATE, version TEXT, release TEXT, edition TEXT,
          database TEXT, database_version TEXT, users BIGINT, projects BIGINT, loc BIGINT,
          first_day DATE, _received TIMESTAMP);
        """);
    Path file = folder.resolve("instance_day.csv");
    try (Connection database = open(data);
        Statement sql = database.createStatement()) {
      sql.execute(
          "COPY (SELECT "
              + COLUMNS
              + " FROM sonarqube.instance_day) TO '"
              + file
              + "' (HEADER false)");
    }
    try (Connection peer = DriverManager.getConnection(postgres.url());
        Reader rows = Files.newBufferedReader(file)) {
      peer.unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY instance_day FROM STDIN (FORMAT csv)", rows);
    }
    Files.delete(file);
    postgres.execute(
        """
        CREATE INDEX ON instance_day (id, day DESC);
        CREATE INDEX ON instance_day (day);
        ANALYZE instance_day;
        """);
    postgres.execute(
        """
        CREATE VIEW active AS
        SELECT * FROM (
          SELECT DISTINCT ON (id) * FROM instance_day ORDER BY id, day DESC
        ) AS latest
        WHERE (SELECT max(day) FROM instance_day) - day < 8
        """);
  }

  private static long sum(Statement sql, String question) throws SQLException {
    try (ResultSet rows = sql.executeQuery(question)) {
      long sum = 0;
      while (rows.next()) {
        sum += rows.getLong("instances");
      }
      return sum;
    }
  }

  private static long sum(ReportResult result) {
    int column = result.columns().indexOf("instances");
    return result.rows().stream()
        .mapToLong(row -> ((Number) Objects.requireNonNull(row.get(column))).longValue())
        .sum();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportsPart.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
