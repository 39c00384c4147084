package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a source does, it costs its own members and nothing else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SourcesTest {
  @TempDir Path folder;

  private Telemetry.Builder kettle() {
    return new Kettle(folder.resolve("state"), URI.create("http://127.0.0.1:9/kettle"))
        .bare()
        .budget(new Budget(Duration.ofMillis(300), 50, 2000));
  }

  private static final Map<String, Source> BROKEN =
      Map.of(
          "throws",
              (out, meter) -> {
                out.list("users").object().put("cups", 1);
                throw new IOException("jane@example.com");
              },
          "error",
              (out, meter) -> {
                throw new StackOverflowError("jane");
              },
          "memory",
              (out, meter) -> {
                throw new OutOfMemoryError("jane");
              },
          "denied",
              (out, meter) -> {
                throw new AccessDeniedException("/home/jane");
              },
          "not-applicable",
              (out, meter) -> {
                throw new SourceException(Omission.NOT_APPLICABLE, "no users here");
              },
          "unfinished", (out, meter) -> out.list("users").object(),
          "rows",
              (out, meter) -> {
                out.list("users");
                while (true) {
                  meter.row();
                }
              },
          "bytes",
              (out, meter) -> {
                out.list("users");
                for (int i = 0; i < 100_000; i++) {
                  out.object().put("user", Kettle.ID).end();
                }
              },
          "deaf",
              (out, meter) -> {
                out.list("users");
                long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                out.end();
              },
          "twice", (out, meter) -> out.put("model", "large"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throws|failed|java.io.IOException",
        "error|failed|java.lang.StackOverflowError",
        "memory|failed|java.lang.OutOfMemoryError",
        "denied|denied|java.nio.file.AccessDeniedException",
        "not-applicable|not-applicable|no users here",
        "unfinished|failed|java.lang.IllegalStateException",
        "rows|failed|more than 50 rows",
        "bytes|failed|more than 2000 bytes",
        "deaf|timeout|not done within 0 s",
        "twice|failed|member \"model\" is already written by the source model",
      })
  void aSourceThatFailsCostsItsOwnMembers(String name, String reason, String detail)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Telemetry telemetry =
        kettle()
            .source("model", (o, meter) -> o.put("model", "small"))
            .source(name, BROKEN.get(name))
            .source("cups", (o, meter) -> o.put("cups", 3))
            .build()) {
      Preview preview = telemetry.preview(out);
      assertThat(out.toString(StandardCharsets.UTF_8))
          .isEqualTo("{\"id\":\"" + Kettle.ID + "\",\"model\":\"small\",\"cups\":3}");
      SourceOutcome outcome = preview.sources().get(2);
      assertThat(outcome.omitted().orElseThrow().word()).isEqualTo(reason);
      assertThat(outcome.detail()).isEqualTo(detail);
      assertThat(preview.sources().toString()).doesNotContain("jane");
    }
  }

  @Test
  void aSourceThatDoesNotComeBackIsNotStartedAgain() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Telemetry telemetry =
        kettle()
            .source(
                "stuck",
                (out, meter) -> {
                  boolean waiting = true;
                  while (waiting) {
                    try {
                      never.await();
                      waiting = false;
                    } catch (InterruptedException e) {
                      waiting = true; // as a driver would that knows no interrupts
                    }
                  }
                })
            .build()) {
      telemetry.preview(OutputStream.nullOutputStream());
      Preview second = telemetry.preview(OutputStream.nullOutputStream());
      assertThat(second.sources().get(1).detail())
          .isEqualTo("it has not come back from an earlier ping");
      assertThat(second.sources().get(1).took()).isZero();
    } finally {
      never.countDown();
    }
  }

  @Test
  void closesWithinFiveSecondsWhateverASourceDoes() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Telemetry telemetry =
        kettle()
            .budget(new Budget(Duration.ofMinutes(5), 10, 1000))
            .cadence(new Cadence(Duration.ofDays(1), Duration.ZERO, Duration.ofMillis(10)))
            .source(
                "deaf",
                (out, meter) -> {
                  started.countDown();
                  long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                })
            .start();
    started.await();
    long before = System.nanoTime();
    telemetry.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void withoutAnIdThereIsNoPing() throws Exception {
    try (Telemetry telemetry =
        kettle()
            .identity(
                meter -> {
                  throw new SourceException(Omission.DENIED, "the database refuses the login");
                })
            .build()) {
      assertThat(telemetry.preview(OutputStream.nullOutputStream()).complete()).isFalse();
      assertThat(telemetry.sendNow()).isEmpty();
      assertThat(telemetry.status().collecting().get(1))
          .isEqualTo("no ping: the instance's id cannot be told (the database refuses the login)");
    }
  }

  @Test
  void randomIdsAndSecretsAreMadeOnceAndKept() throws Exception {
    java.util.random.RandomGenerator random =
        java.util.random.RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    Path file = folder.resolve("made").resolve("id");
    Meter meter = new Meter(Budget.DEFAULT, System::nanoTime);
    String id = Identity.random(file, random).id(meter);
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(Identity.random(file, random).id(meter)).isEqualTo(id);
    Path secret = folder.resolve("secret");
    String jane = Pseudonyms.stored(secret, random).of("jane");
    assertThat(jane)
        .matches("[0-9a-f]{32}")
        .isEqualTo(Pseudonyms.stored(secret, random).of("jane"));
    assertThat(Pseudonyms.stored(folder.resolve("other"), random).of("jane")).isNotEqualTo(jane);
  }
}
