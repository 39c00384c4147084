package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Sifted;
import dev.candor.store.Report;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportsTest {
  /** What they count does not come from messages. */
  private static final Set<String> ON_COUNTS =
      Set.of("requests", "refusals", "findings", "set-aside", "lag", "uptime", "clients");

  private static void add(RawTables tables, String name, String received) throws SQLException {
    Sifted.Kept kept = (Sifted.Kept) Pings.sift(name);
    tables.add(kept.type(), new String(kept.json(), StandardCharsets.UTF_8), received);
  }

  private static RawTables recorded() throws SQLException {
    RawTables tables = new RawTables();
    add(tables, "8.9.0-h2-rich-POST", "2026-11-20 10:00:00");
    add(tables, "9.7.0-h2-optout-DELETE", "2026-11-22 09:00:00");
    add(tables, "9.7.0-postgres-rich-POST", "2026-11-22 10:00:00");
    add(tables, "9.7.0-h2-rich-POST", "2026-11-22 11:00:00");
    add(tables, "9.7.0-h2-rich-POST", "2026-11-22 12:00:00");
    add(tables, "9.9.8-h2-fresh-POST", "2026-11-23 12:00:00");
    add(tables, "10.7.0-h2-rich-POST", "2026-11-23 13:00:00");
    add(tables, "10.7.0-h2-rich-metrics-language-POST", "2026-11-23 13:00:01");
    add(tables, "10.7.0-h2-rich-metrics-language-POST", "2026-11-23 13:00:02");
    add(tables, "mission-page", "2026-11-23 14:00:00");
    return tables;
  }

  @Test
  void everyReportHasAHeaderAndRunsWithAndWithoutPings() throws SQLException {
    try (RawTables full = recorded();
        RawTables empty = new RawTables()) {
      full.run(
          "INSERT INTO raw_ping (_received, id, version) VALUES"
              + " ('2026-11-20 10:00:00', 'upgraded', '9.9.0'),"
              + " ('2026-11-23 13:00:00', 'upgraded', '10.7.0')");
      for (Report report : RawTables.PRODUCT.reports()) {
        if (report.parameters().isEmpty() && !ON_COUNTS.contains(report.name())) {
          assertThat(full.rows(report.sql())).as(report.name()).isNotEmpty();
          empty.rows(report.sql());
        }
      }
    }
  }

  @Test
  void figuresOfTheRecordedPings() throws SQLException {
    try (RawTables tables = recorded()) {
      assertThat(report(tables, "alive-by-day"))
          .containsExactly(
              "2026-11-20|1|1|1", "2026-11-21|0|0|1", "2026-11-22|2|2|3", "2026-11-23|3|3|6");
      assertThat(report(tables, "sizes"))
          .containsExactly(
              "users|6|1|3|12|12|12|12|12|52",
              "projects|6|0|3|4|16|16|16|16|46",
              "lines of code|6|0|9754|22779|70134|267229|267229|267229|440030");
      assertThat(report(tables, "databases"))
          .containsExactly(
              "H2|2|3|50.0", "H2|1|1|16.7", "PostgreSQL|12|1|16.7", "PostgreSQL|15|1|16.7");
      assertThat(report(tables, "docker"))
          .containsExactly("no container|5|83.3", "container|1|16.7");
      // the aggregates of 8.9 count beside the projects of later servers
      assertThat(report(tables, "languages")).contains("ruby|4|6|21094");
      // the message that came twice under one message_uuid counts once
      assertThat(tables.rows("SELECT count(*), sum(CAST(value AS BIGINT)) FROM metric"))
          .containsExactly("7|22779");
    }
  }

  private static List<String> report(RawTables tables, String name) throws SQLException {
    return tables.report(name);
  }

  @Test
  void everyViewCanBeRead() throws SQLException {
    try (RawTables tables = recorded()) {
      for (String view : RawTables.PRODUCT.views().keySet()) {
        tables.rows("SELECT * FROM \"" + view + "\"");
      }
    }
  }
}
