package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SonarQube/9.7.0.61563|SonarQube/9.7.0.61563",
        "SonarQube/25.1.0.102122 (Linux)|SonarQube/25.1.0.102122",
        "Candor/0.1.0-SNAPSHOT|Candor/0.1.0-SNAPSHOT",
        "curl/8.5.0|curl/8.5.0",
        "Tool/10.20.30.40|Tool/10.20.30",
        "Tool/1.10.20.30.40|Tool/1.10.20",
        "Tool/9.10.20.300|Tool/9.10.20.300",
      })
  void keepsProductAndVersion(String header, String agent) {
    assertThat(Receipt.of(AT, header, null).agent()).hasValue(agent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SonarQube",
        "jane@example.org/1.0",
        "10.0.0.1/1.0",
        "host10.0.0.1/1.0",
        "a/b",
        "https://example.org/1.0",
        "Tool/1.0\"",
        "Tool/1.0/2",
      })
  void keepsNothingElse(String header) {
    assertThat(Receipt.of(AT, header, null).agent()).isEmpty();
  }

  @Test
  void keepsKeysThatAreOne() {
    assertThat(Receipt.of(AT, null, "01JD-abc_9").key()).hasValue("01JD-abc_9");
    assertThat(Receipt.of(AT, null, "short").key()).isEqualTo(Optional.empty());
    assertThat(Receipt.of(AT, null, "with space and more").key()).isEmpty();
    assertThat(Receipt.of(AT, null, "x".repeat(65)).key()).isEmpty();
  }

  @Test
  void tellsTimeToTheMillisecondInUtc() {
    assertThat(Receipt.of(AT, null, null).time()).isEqualTo("2026-01-02T03:04:05.000Z");
  }
}
