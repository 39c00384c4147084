package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However pings come, in whatever portions and order, the kept tables end up as if all had come at
 * once.
 */
class UpkeepTest {
  private static final LocalDateTime START = LocalDateTime.of(2026, 2, 14, 0, 0);

  /** All that is kept, but for the numbers that the tables themselves give. */
  private static final List<String> TABLES =
      List.of(
          "SELECT * EXCLUDE (_row, _instance) FROM instance_day ORDER BY id, day",
          "SELECT * EXCLUDE (_row, _instance) FROM instance_last ORDER BY id",
          "SELECT * EXCLUDE (_row) FROM ping_latest ORDER BY id",
          "SELECT l.id, p.* EXCLUDE (_instance) FROM plugin AS p"
              + " JOIN instance_last AS l ON l._instance = p._instance ORDER BY ALL",
          "SELECT l.id, m.* EXCLUDE (_instance) FROM project_mix AS m"
              + " JOIN instance_last AS l ON l._instance = m._instance ORDER BY ALL",
          "SELECT * FROM repeated ORDER BY ALL",
          "SELECT l.id, p.* EXCLUDE (_instance) FROM part AS p"
              + " JOIN instance_last AS l ON l._instance = p._instance ORDER BY ALL",
          "SELECT count(*) FROM part",
          "SELECT * FROM daily ORDER BY ALL",
          "SELECT * FROM weekly ORDER BY ALL",
          "SELECT * FROM monthly ORDER BY ALL",
          "SELECT id, _received FROM ping ORDER BY ALL");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void portionsAndOrderDoNotMatter(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> pings = pings(random);
    try (RawTables atOnce = new RawTables();
        RawTables inPortions = new RawTables()) {
      for (String ping : pings) {
        atOnce.run(insert(ping));
      }
      List<String> shuffled = new ArrayList<>(pings);
      if (seed % 2 == 0) {
        Collections.shuffle(shuffled, random);
      }
      for (String ping : shuffled) {
        inPortions.run(insert(ping));
        if (random.nextInt(7) == 0) {
          inPortions.keepUp();
        }
      }
      assertSame(seed, inPortions, atOnce);
      assertThat(atOnce.rows("SELECT d.id, d.day FROM instance_day AS d ORDER BY ALL"))
          .isEqualTo(atOnce.rows("SELECT DISTINCT id, day FROM ping ORDER BY ALL"));
      assertThat(atOnce.rows("SELECT * FROM repeated ORDER BY ALL"))
          .isNotEmpty()
          .isEqualTo(
              atOnce.rows(
                  "SELECT id, _received FROM raw_ping WHERE _row NOT IN (SELECT _row FROM ping)"
                      + " ORDER BY ALL"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsErasedIsAsIfItHadNeverCome(long seed) throws Exception {
    Random random = new Random(seed);
    LocalDateTime until = START.plusDays(10).plusMinutes(random.nextInt(8 * 24 * 60));
    try (RawTables erased = new RawTables();
        RawTables never = new RawTables()) {
      for (String ping : pings(random)) {
        erased.run(insert(ping));
        boolean goes =
            ping.contains("server-0")
                || ping.contains("server-1") && ping.compareTo("'" + until) <= 0;
        if (!goes) {
          never.run(insert(ping));
        }
      }
      erased.keepUp();
      erased.run("CREATE TEMP TABLE erased (id VARCHAR, until TIMESTAMP)");
      erased.run(
          "INSERT INTO erased VALUES ('server-0', '9999-12-31'), ('server-1', '%s')"
              .formatted(until));
      erased.erase();
      erased.run(
          "DELETE FROM raw_ping AS r USING erased AS e WHERE r.id = e.id AND _received <= until");
      assertSame(seed, erased, never);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void daysThatAreTooOldGoAndTheOthersStay(long seed) throws Exception {
    Random random = new Random(seed);
    try (RawTables tables = new RawTables()) {
      for (String ping : pings(random)) {
        tables.run(insert(ping));
      }
      tables.run(
          insert("'2026-02-27T23:59:59', 'server-old', '9.0', NULL, NULL, NULL, NULL, NULL"));
      tables.keepUp();
      String days = "SELECT * FROM instance_day WHERE day >= '2026-02-28' ORDER BY id, day";
      String states = "SELECT * FROM instance WHERE id <> 'server-old' ORDER BY id";
      List<String> daysBefore = tables.rows(days);
      List<String> statesBefore = tables.rows(states);
      assertThat(tables.rows("SELECT * FROM repeated WHERE _received < '2026-02-28'")).isNotEmpty();
      List<String> repeatedBefore =
          tables.rows("SELECT * FROM repeated WHERE _received >= '2026-02-28' ORDER BY ALL");
      tables.run("SET VARIABLE keep_from = DATE '2026-02-28'");
      tables.retain();
      assertThat(tables.rows("SELECT * FROM instance_day ORDER BY id, day")).isEqualTo(daysBefore);
      assertThat(tables.rows("SELECT * FROM instance ORDER BY id")).isEqualTo(statesBefore);
      assertThat(tables.rows("SELECT id FROM ping_latest WHERE id = 'server-old'")).isEmpty();
      assertThat(tables.rows("SELECT * FROM repeated ORDER BY ALL")).isEqualTo(repeatedBefore);
    }
  }

  /**
   * Old days fold while pings go on coming, and the tables are made anew: the sums stay the same.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void foldedDaysStayInTheSums(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> pings = new ArrayList<>(pings(random));
    Collections.sort(pings);
    int fold = 1 + random.nextInt(12);
    String until = "'" + START.plusDays(20);
    try (RawTables folded = new RawTables();
        RawTables whole = new RawTables()) {
      for (String ping : pings) {
        whole.run(insert(ping));
      }
      for (String ping : pings.stream().filter(p -> p.compareTo(until) < 0).toList()) {
        folded.run(insert(ping));
      }
      folded.keepUp();
      for (int day = fold; day <= fold + 1; day++) {
        String from = START.toLocalDate().plusDays(day).toString();
        folded.run("SET VARIABLE keep_from = DATE '" + from + "'");
        folded.retain();
        folded.run("DELETE FROM raw_ping WHERE _received < '" + from + "'");
      }
      if (seed % 2 == 0) {
        folded.makeAnew();
      }
      for (String ping : pings.stream().filter(p -> p.compareTo(until) >= 0).toList()) {
        folded.run(insert(ping));
        if (random.nextInt(7) == 0) {
          folded.keepUp();
        }
      }
      folded.makeAnew();
      assertThat(sums(folded)).as("seed %d", seed).isEqualTo(sums(whole));
      assertThat(folded.rows("SELECT id, first_day, days_seen FROM instance ORDER BY id"))
          .isEqualTo(whole.rows("SELECT id, first_day, days_seen FROM instance ORDER BY id"));
      // What comes late for a folded day changes none of them.
      folded.run(
          insert("'2026-02-14 00:00:01', 'server-0', '9.9.0.1', NULL, NULL, NULL, NULL, NULL"));
      folded.run(
          insert("'2026-02-14 00:00:01', 'server-late', '9.9.0.1', NULL, NULL, NULL, NULL, NULL"));
      assertThat(sums(folded)).as("seed %d, late", seed).isEqualTo(sums(whole));
    }
  }

  /** All sums, folded or not; what was folded and what took it away again may come to nothing. */
  private static List<String> sums(RawTables tables) throws Exception {
    List<String> sums = new ArrayList<>();
    for (String table : List.of("daily", "weekly", "monthly")) {
      tables
          .rows(
              "SELECT * FROM (SELECT COLUMNS(c -> c IN ('day', 'joined', 'release', 'edition',"
                  + " 'database')), sum(COLUMNS(c -> c LIKE '%instances' OR c IN ('retained',"
                  + " 'stayed', 'users', 'loc'))) FROM "
                  + table
                  + " GROUP BY ALL) ORDER BY ALL")
          .stream()
          .filter(row -> !row.matches(".*null(\\|0)+"))
          .forEach(row -> sums.add(table + " " + row));
    }
    return sums;
  }

  private static void assertSame(long seed, RawTables some, RawTables others) throws Exception {
    for (String table : TABLES) {
      assertThat(some.rows(table)).as("seed %d: %s", seed, table).isEqualTo(others.rows(table));
    }
  }

  /** Daily pings of some servers over a month, with gaps, repeats and equal keys. */
  private static List<String> pings(Random random) {
    List<String> pings = new ArrayList<>();
    for (int server = 0; server < 5; server++) {
      int number = 0;
      for (int day = 0; day < 30; day++) {
        for (int n = random.nextInt(10) < 7 ? 1 + random.nextInt(2) : 0; n > 0; n--) {
          // Never two of a server at one moment: their order would be the order of arrival.
          LocalDateTime at = START.plusDays(day).plusMinutes(n * 600L + random.nextInt(500));
          number += random.nextInt(10) < 8 ? 1 : -random.nextInt(3);
          pings.add(
              String.format(
                  Locale.ROOT,
                  "'%s', 'server-%d', '9.%d.0.1', %s, %s, %s",
                  at,
                  server,
                  day / 10,
                  server == 0 ? "NULL" : Math.max(0, number),
                  server == 1 ? "'key-" + number + "'" : "NULL",
                  lists(random)));
        }
      }
    }
    return pings;
  }

  /** A plugin, and projects; they seldom differ from those of another day. */
  private static String lists(Random random) {
    String language = random.nextInt(4) == 0 ? "java" : "go";
    return String.format(
        Locale.ROOT,
        """
        [{'name': 'java', 'version': '%d'}],
        [{'projectUuid': 'a', 'language': '%s', 'loc': %d}, {'projectUuid': 'b', 'language': 'go'}],
        [{'projectUuid': 'a', 'ci': 'Jenkins', 'scm': '%s'}]
        """,
        random.nextInt(3) / 2,
        language,
        random.nextInt(2),
        random.nextInt(5) == 0 ? "svn" : "git");
  }

  private static String insert(String ping) {
    return "INSERT INTO raw_ping (_received, id, version, \"messageSequenceNumber\", _key,"
        + " plugins, projects, \"projects-general-stats\") VALUES ("
        + ping
        + ")";
  }
}
