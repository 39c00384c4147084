package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One ping for a cluster. */
class LeaseTest {
  private static final Duration TERM = Duration.ofMinutes(2);

  @TempDir Path folder;

  private final Kettle.Time time = new Kettle.Time();

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:mem:lease;DB_CLOSE_DELAY=-1");
  }

  private JdbcLease jdbc(String holder) {
    return new JdbcLease(LeaseTest::connect, "kettle", holder, TERM, time);
  }

  private static void table() throws SQLException {
    try (Connection connection = connect();
        Statement sql = connection.createStatement()) {
      sql.execute("DROP TABLE IF EXISTS candor_lease");
      sql.execute(
          "CREATE TABLE candor_lease (name VARCHAR(100) PRIMARY KEY, holder VARCHAR(64) NOT NULL,"
              + " until_ms BIGINT NOT NULL, last_ping_ms BIGINT NOT NULL)");
    }
  }

  @Test
  void aRowInATableDecides() throws Exception {
    table();
    JdbcLease one = jdbc("one");
    JdbcLease two = jdbc("two");
    assertThat(one.hold()).isTrue();
    assertThat(two.hold()).isFalse();
    time.pass(Duration.ofMinutes(1));
    assertThat(one.hold()).isTrue();
    time.pass(TERM.plusSeconds(1));
    assertThat(two.hold()).isTrue();
    assertThat(one.hold()).isFalse();
    two.close();
    assertThat(one.hold()).isTrue();
  }

  @Test
  void theNodesOfAClusterSendOnePingADayWhoeverLeads() throws Exception {
    table();
    try (Receiver receiver = new Receiver()) {
      Kettle a = new Kettle(folder.resolve("a"), receiver.uri());
      Kettle b = new Kettle(folder.resolve("b"), receiver.uri());
      try (Telemetry one =
              a.builder()
                  .lease(new JdbcLease(LeaseTest::connect, "kettle", "one", TERM, a.time))
                  .build();
          Telemetry two =
              b.builder()
                  .lease(new JdbcLease(LeaseTest::connect, "kettle", "two", TERM, b.time))
                  .build()) {
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
          // Each is down every other eight hours.
          if ((minute / 480) % 2 == 0) {
            one.tick();
          } else {
            two.tick();
          }
          a.time.pass(Duration.ofMinutes(1));
          b.time.pass(Duration.ofMinutes(1));
        }
      }
      assertThat(receiver.seen()).hasSize(3);
    }
  }

  @Test
  void aTableThatLacksIsNamedWithoutTheDatabasesWords() {
    JdbcLease lease =
        new JdbcLease(
            () -> DriverManager.getConnection("jdbc:h2:mem:other"), "kettle", "one", TERM, time);
    assertThatThrownBy(lease::hold)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("candor_lease")
        .hasMessageNotContaining("SELECT");
  }

  @Test
  void aFileLeaseIsTakenOverOnceItIsOldEnough() throws Exception {
    Path file = folder.resolve("lease");
    FileLease one = new FileLease(file, Duration.ofMinutes(1), time);
    assertThat(one.hold()).isTrue();
    assertThat(one.hold()).isTrue();
    one.close();
    FileLease two = new FileLease(file, Duration.ofMinutes(1), time);
    assertThat(two.hold()).isFalse();
    time.pass(Duration.ofMinutes(1));
    assertThat(two.hold()).isTrue();
    two.close();
  }

  @Test
  void anotherProcessCannotTakeAFileLeaseThatIsRenewed() throws Exception {
    Path file = folder.resolve("lease");
    try (FileLease mine = new FileLease(file, Duration.ZERO, time)) {
      assertThat(mine.hold()).isTrue();
      time.pass(Duration.ofHours(1));
      assertThat(mine.hold()).isTrue();
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Taker.class.getName(),
                  file.toString())
              .inheritIO()
              .start();
      assertThat(other.waitFor()).isEqualTo(Taker.REFUSED);
    }
  }

  /** Another process that tries to take a lease. */
  static final class Taker {
    static final int REFUSED = 3;

    private Taker() {}

    public static void main(String[] args) throws IOException {
      FileLease lease = new FileLease(Path.of(args[0]), Duration.ZERO, java.time.Clock.systemUTC());
      System.exit(lease.hold() ? 0 : REFUSED);
    }
  }
}
