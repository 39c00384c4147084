package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ping of 37 MB is made and sent by a process that has 24 MB of heap. */
class MemoryTest {
  @TempDir Path folder;

  @Test
  void memoryDoesNotGrowWithThePing() throws Exception {
    try (Receiver receiver = new Receiver()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx24m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Large.class.getName(),
                  folder.toString(),
                  receiver.uri().toString())
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isZero();
      assertThat(receiver.seen()).hasSize(1);
      assertThat(receiver.seen().get(0).body().length()).isGreaterThan(35_000_000);
    }
  }

  /** The process. */
  static final class Large {
    private Large() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      Kettle kettle = new Kettle(Path.of(args[0]), java.net.URI.create(args[1]));
      Budget budget = new Budget(Duration.ofMinutes(5), 1_000_000, 60L << 20);
      try (Telemetry telemetry =
          kettle
              .bare()
              .budget(budget)
              .source(
                  "users",
                  (out, meter) -> {
                    out.list("users");
                    for (int i = 0; i < 700_000; i++) {
                      meter.row();
                      out.object()
                          .put("user", String.format(Locale.ROOT, "%032x", i))
                          .put("cups", 7)
                          .end();
                    }
                    out.end();
                  })
              .build()) {
        telemetry.preview(OutputStream.nullOutputStream());
        boolean accepted =
            telemetry.sendNow().filter(m -> m.outcome() == Message.Outcome.ACCEPTED).isPresent();
        System.exit(accepted ? 0 : 1);
      }
    }
  }
}
