package dev.candor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  @Test
  void bodyIsWhatWasSentToTheByte() {
    Envelope envelope =
        open(
            "{\"received\":\"2026-01-31T08:00:00.000Z\",\"message\":\"ping\",\"body\": {\"id\" :1 } }\r");
    assertThat(new String(envelope.body(), UTF_8)).isEqualTo("{\"id\" :1 } ");
    assertThat(envelope.received()).contains(Instant.parse("2026-01-31T08:00:00Z"));
    assertThat(envelope.message()).contains("ping");
    assertThat(envelope.agent()).isEmpty();
  }

  @Test
  void plainMessageIsFiledUnderItsTimestamp() {
    Envelope envelope = open("{\"id\":\"x\",\"timestamp\":\"2026-01-31T08:00:00.123Z\"}");
    assertThat(envelope.received()).contains(Instant.parse("2026-01-31T08:00:00.123Z"));
    assertThat(envelope.names()).containsExactlyInAnyOrder("id", "timestamp");
  }

  @Test
  void messageWithAMemberOfThatNameIsNoEnvelope() {
    assertThat(new String(open("{\"id\":\"x\",\"body\":{}}").body(), UTF_8))
        .isEqualTo("{\"id\":\"x\",\"body\":{}}");
  }

  @Test
  void brokenLinesAreLeftToTheSieve() {
    assertThat(new String(open("{\"id\":").body(), UTF_8)).isEqualTo("{\"id\":");
    assertThat(open("").names()).isEmpty();
  }

  @Test
  void wrongTimeIsRefused() {
    assertThatThrownBy(() -> open("{\"received\":\"yesterday\",\"body\":{}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("/received: expected an instant such as 2026-01-31T08:00:00.000Z");
  }

  private static Envelope open(String line) {
    return Envelope.open(line.getBytes(UTF_8));
  }
}
