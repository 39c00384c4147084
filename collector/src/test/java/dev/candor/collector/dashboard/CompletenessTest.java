package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompletenessTest {
  // 2026-11-25 is a Wednesday.
  private static final LocalDate LAST = LocalDate.parse("2026-11-25");

  private static Completeness of(double percent, Map<LocalDate, Double> up) {
    return new Completeness(Optional.of(LAST), Optional.of(percent), up);
  }

  @Test
  void theLastDayIsAsCompleteAsDaysUsuallyAreByThen() {
    assertThat(of(63, Map.of()).note("day", LAST)).hasValue("63 % complete");
    assertThat(of(62.5, Map.of()).note("day", LAST)).hasValue("62.5 % complete");
    assertThat(of(100, Map.of()).note("day", LAST)).isEmpty();
    assertThat(of(63, Map.of()).note("day", LAST.minusDays(1))).isEmpty();
    assertThat(new Completeness(Optional.of(LAST), Optional.empty(), Map.of()).note("day", LAST))
        .hasValue("may not be over");
  }

  @Test
  void aDayOnWhichTheReceiverDidNotRunIsMarked() {
    Completeness down =
        of(100, Map.of(LAST.minusDays(1), 25.0, LAST.minusDays(2), 99.9, LAST, 10.0));
    assertThat(down.note("day", LAST.minusDays(1))).hasValue("receiver ran 25 % of the day");
    assertThat(down.note("day", LAST.minusDays(2))).isEmpty();
    assertThat(down.note("day", LAST)).as("goes by its pings").isEmpty();
  }

  @Test
  void weeksAndMonthsAreMarkedUntilTheyAreOver() {
    Completeness half = of(50, Map.of());
    assertThat(half.note("week", LocalDate.parse("2026-11-23"))).hasValue("2.5 of 7 days");
    assertThat(half.note("week", LocalDate.parse("2026-11-16"))).isEmpty();
    assertThat(half.note("month", LocalDate.parse("2026-11-01"))).hasValue("24.5 of 30 days");
    assertThat(half.note("month", LocalDate.parse("2026-10-01"))).isEmpty();
    Completeness down = of(100, Map.of(LocalDate.parse("2026-11-17"), 0.0));
    assertThat(down.note("week", LocalDate.parse("2026-11-16"))).hasValue("6 of 7 days");
  }

  @Test
  void nothingElseIsMarked() {
    assertThat(of(50, Map.of()).note("first_day", LAST)).isEmpty();
    assertThat(Completeness.UNKNOWN.note("day", LAST)).isEmpty();
  }
}
