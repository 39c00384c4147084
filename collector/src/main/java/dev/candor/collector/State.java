package dev.candor.collector;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether messages can be taken now, and how many are at work. */
final class State {
  /** How long after a failure to keep a message the receiver calls itself not ready. */
  private static final Duration SICK = Duration.ofSeconds(30);

  private final Clock clock;
  private final int maxRequests;
  private final Semaphore places;
  private volatile boolean stopping;
  private volatile Optional<Instant> failed = Optional.empty();
  private volatile String why = "";
  private volatile Supplier<Optional<String>> behind = Optional::empty;

  State(Clock clock, int maxRequests) {
    this.clock = clock;
    this.maxRequests = maxRequests;
    this.places = new Semaphore(maxRequests);
  }

  /** Takes a place at work; give it back by {@link #leave}. */
  void enter() throws Unavailable {
    if (stopping) {
      throw new Unavailable("shutting down");
    }
    if (!places.tryAcquire()) {
      throw new Unavailable("too many requests at once");
    }
  }

  void leave() {
    places.release();
  }

  int atWork() {
    return maxRequests - places.availablePermits();
  }

  /** Notes that a message could not be kept, and why. */
  void failed(String cause) {
    why = cause;
    failed = Optional.of(clock.instant());
  }

  void kept() {
    if (failed.isPresent()) {
      failed = Optional.empty();
    }
  }

  void alsoAsk(Supplier<Optional<String>> trouble) {
    behind = trouble;
  }

  /** Why no message should be sent here now, or empty. */
  Optional<String> notReady() {
    if (stopping) {
      return Optional.of("shutting down");
    }
    return failed
        .filter(instant -> clock.instant().isBefore(instant.plus(SICK)))
        .map(_ -> "messages cannot be kept: " + why)
        .or(behind);
  }

  /** Takes no more requests, and waits until those at work are done. */
  boolean drain(Duration most) throws InterruptedException {
    stopping = true;
    return places.tryAcquire(maxRequests, most.toMillis(), TimeUnit.MILLISECONDS);
  }
}
