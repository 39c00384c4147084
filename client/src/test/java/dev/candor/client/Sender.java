package dev.candor.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A process to be killed: makes a ping every few milliseconds and sends it. Arguments: state
 * directory, endpoint.
 */
final class Sender {
  private Sender() {}

  public static void main(String[] args) {
    Telemetry telemetry =
        Telemetry.of(Kettle.DICTIONARY, Transport.of(URI.create(args[1]), "kettle/1.0"))
            .state(Path.of(args[0]))
            .identity(meter -> Kettle.ID)
            .environment(Map.of())
            .cadence(new Cadence(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(5)))
            .time(Clock.systemUTC(), System::nanoTime, RandomGenerator.of("SecureRandom"))
            .source("cups", (out, meter) -> out.put("cups", 12))
            .build();
    while (true) {
      telemetry.tick();
    }
  }
}
