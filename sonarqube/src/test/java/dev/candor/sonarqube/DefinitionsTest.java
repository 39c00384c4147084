package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The words of docs/definitions.md, by a timeline and what it must come to. */
class DefinitionsTest {

  @Test
  void theTimelineComesToTheExpectedStates() throws Exception {
    assertRows(
        "SELECT id, state, first_day, last_day, days_seen, version FROM instance ORDER BY id",
        "instances.csv");
  }

  @Test
  void theTimelineComesToTheExpectedEvents() throws Exception {
    assertRows("SELECT day, id, event FROM instance_event ORDER BY day, id, event", "events.csv");
  }

  @Test
  void theTimelineComesToTheExpectedMonths() throws Exception {
    assertRows(RawTables.PRODUCT.report("cohorts").orElseThrow().sql(), "cohorts.csv");
  }

  @Test
  void repeatsAreLeftOutAndNotDeleted() throws Exception {
    try (RawTables tables = timeline()) {
      assertThat(tables.rows("SELECT count(*) FROM raw_ping")).containsExactly("21");
      assertThat(tables.rows("SELECT count(*) FROM ping")).containsExactly("18");
    }
  }

  private static void assertRows(String sql, String file) throws Exception {
    try (RawTables tables = timeline()) {
      assertThat(tables.rows(sql))
          .containsExactlyElementsOf(lines(file).stream().map(l -> l.replace(',', '|')).toList());
    }
  }

  private static RawTables timeline() throws IOException, SQLException {
    RawTables tables = new RawTables();
    for (String line : lines("timeline.csv")) {
      String[] cell = line.split(",", -1);
      tables.run(
          cell[1].equals("ping")
              ? "INSERT INTO raw_ping (_received, id, version, \"messageSequenceNumber\", _key) VALUES ("
                  + String.join(
                      ", ",
                      value(cell[0]),
                      value(cell[2]),
                      value(cell[3]),
                      value(cell[4]),
                      value(cell[5]))
                  + ")"
              : "INSERT INTO raw_opt_out (_received, id) VALUES ("
                  + value(cell[0])
                  + ", "
                  + value(cell[2])
                  + ")");
    }
    return tables;
  }

  private static String value(String cell) {
    return cell.isEmpty() ? "NULL" : "'" + cell + "'";
  }

  /** The lines below the heading. */
  private static List<String> lines(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DefinitionsTest.class.getResourceAsStream("/definitions/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    }
  }
}
