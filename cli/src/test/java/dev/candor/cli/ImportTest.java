package dev.candor.cli;

import static dev.candor.cli.Door.candor;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import takes, what it does not, and what it says of it. */
class ImportTest {
  private static final String GOOD = "{\"id\":\"AAAAAAAAAAAAAAA1\",\"version\":\"9.9.0.1\"%s}";

  @TempDir Path folder;

  private Door load(Path file) {
    return candor("import", "--data", folder.resolve("data").toString(), file.toString());
  }

  private String report(String name) {
    return candor(
            "report", name, "--data", folder.resolve("data").toString(), "--format", "csv")
        .out();
  }

  private static String timed(String time) {
    return GOOD.formatted(",\"timestamp\":\"" + time + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2099-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "yesterday",
        "2026-01-31"
      })
  void aTimeThatCannotBeOneOfReceiptIsRefusedAloneAndMovesNothing(String time) throws Exception {
    String before = Instant.now().minus(Duration.ofDays(1)).toString();
    Path file = folder.resolve("times.ndjson");
    Files.writeString(
        file,
        timed(before)
            + "\n"
            + timed(time)
            + "\n{\"received\":\""
            + time
            + "\",\"message\":\"opt-out\",\"body\":{\"id\":\"AAAAAAAAAAAAAAA1\"}}\n"
            + timed(before).replace("AAA1", "AAA2")
            + "\n");
    Door door = load(file);
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.out()).isEqualTo("1 file: 2 messages kept, 2 refused\n");
    assertThat(door.err())
        .contains(file + ":2: refused: /timestamp: expected ")
        .contains(file + ":3: refused: /received: expected ");
    assertThat(report("states")).isEqualTo("state,instances,percent\nactive,2,100.0\n");
  }

  @Test
  void aTimeAheadByLittleIsNow() throws Exception {
    Path file = folder.resolve("soon.json");
    Files.writeString(file, timed(Instant.now().plus(Duration.ofMinutes(30)).toString()));
    Door door = load(file);
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
    assertThat(report("instances"))
        .contains(LocalDate.now(ZoneOffset.UTC).toString())
        .doesNotContain(LocalDate.now(ZoneOffset.UTC).plusDays(1).toString());
  }

  @Test
  void whatIsMadeUpHasHappened() {
    Path file = folder.resolve("fleet.ndjson");
    candor("simulate", "--instances", "20", "--days", "3", "--output", file.toString());
    Door door = load(file);
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
  }

  @Test
  void nothingIsErasedOfWhatIsNotKnown() throws Exception {
    Path file = folder.resolve("one.json");
    Files.writeString(file, timed(Instant.now().toString()));
    load(file);
    String data = folder.resolve("data").toString();
    Door door = candor("erase", "NOPE", "--data", data);
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.out()).isEmpty();
    assertThat(door.err()).startsWith("candor: nothing is known of an instance NOPE of sonarqube");
    assertThat(candor("erase", "AAAAAAAAAAAAAAA1", "--data", data).out()).contains("1 messages");
    assertThat(candor("erase", "AAAAAAAAAAAAAAA1", "--data", data).exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsTooOldGoesWhenTold() throws Exception {
    Path file = folder.resolve("old.json");
    Files.writeString(file, timed("2020-01-31T08:00:00Z"));
    load(file);
    String data = folder.resolve("data").toString();
    Door refused = candor("retain", "--data", data);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("1 of 1 messages").contains("candor retain --yes");
    Door done = candor("retain", "--yes", "--data", data);
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("1 messages went, 0 in quarantine");
    assertThat(candor("retain", "--data", data).out()).contains("0 messages went");
  }
}
