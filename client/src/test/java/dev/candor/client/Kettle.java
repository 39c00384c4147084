package dev.candor.client;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A small product under a clock that only moves when it is told to. */
final class Kettle {
  static final Dictionary DICTIONARY = dictionary();
  static final String ID = "00ff00ff00ff00ff00ff00ff00ff00ff";

  private static Dictionary dictionary() {
    try (InputStream in = Kettle.class.getResourceAsStream("kettle.json")) {
      return Dictionary.parse(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Wall and monotonic clock. */
  static final class Time extends Clock {
    private Instant wall = Instant.parse("2026-11-24T10:00:00Z");
    private long nanos = 1_000_000;

    /** Time goes by. */
    void pass(Duration time) {
      wall = wall.plus(time);
      nanos += time.toNanos();
    }

    /** The wall clock is set; no time goes by. */
    void set(Instant instant) {
      wall = instant;
    }

    /** The machine sleeps: the wall clock goes on, the monotonic one does not. */
    void suspend(Duration time) {
      wall = wall.plus(time);
    }

    long nanos() {
      return nanos;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return wall;
    }
  }

  final Time time = new Time();
  private final Path state;
  private final URI endpoint;
  private boolean on = true;
  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20261124);

  Kettle(Path state, URI endpoint) {
    this.state = state;
    this.endpoint = endpoint;
  }

  void turn(boolean to) {
    on = to;
  }

  Path state() {
    return state;
  }

  /** A kettle with one source of one count. */
  Telemetry.Builder builder() {
    return builder(endpoint);
  }

  /** The same kettle with another address. */
  Telemetry.Builder builder(URI address) {
    return bare(address).source("cups", (out, meter) -> out.put("cups", 12));
  }

  /** A kettle that has nothing to tell but its id. */
  Telemetry.Builder bare() {
    return bare(endpoint);
  }

  private Telemetry.Builder bare(URI address) {
    return Telemetry.of(DICTIONARY, Transport.of(address, "kettle/1.0"))
        .state(state)
        .identity(meter -> ID)
        .environment(Map.of())
        .switchedBy(() -> new Switch.Position(on, "the test", List.of()))
        .time(time, time::nanos, random);
  }
}
