package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Sifted;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static void add(RawTables tables, String name, String received) throws SQLException {
    Sifted.Kept kept = (Sifted.Kept) Pings.sift(name);
    tables.add(kept.type(), new String(kept.json(), StandardCharsets.UTF_8), received);
  }

  private static RawTables recorded() throws SQLException {
    RawTables tables = new RawTables();
    add(tables, "8.9.0-h2-rich-POST", "2026-11-20 10:00:00");
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
      for (Map.Entry<String, String> report : SonarQube.reports().entrySet()) {
        assertThat(report.getValue())
            .as(report.getKey())
            .startsWith("-- title: ")
            .contains("\n-- question: ", "\n-- chart: ");
        assertThat(full.rows(report.getValue())).as(report.getKey()).isNotEmpty();
        empty.rows(report.getValue());
        if (Boolean.getBoolean("show")) {
          System.out.println(report.getKey() + "\n  " + full.rows(report.getValue()));
        }
      }
    }
  }

  @Test
  void everyViewCanBeRead() throws SQLException {
    try (RawTables tables = recorded()) {
      for (String view : SonarQube.views().keySet()) {
        tables.rows("SELECT * FROM \"" + view + "\"");
      }
    }
  }
}
