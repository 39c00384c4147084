package dev.candor.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How an instance's telemetry stands, read from its state directory by whoever may read that; the
 * sending process need not be asked.
 *
 * @param position whether it is on, and why
 * @param lastPing when the last ping was made
 * @param nextPing when the next is due, reckoned from the last; empty before the first and when off
 * @param waiting messages that wait to be sent, oldest first
 * @param sent the sent log, oldest first
 * @param owed opt-outs that have not arrived; none while it is on
 * @param collecting what the last collecting said: when, what came of it, a line for each source
 *     and finding; empty before the first
 */
public record Status(
    Switch.Position position,
    Optional<Instant> lastPing,
    Optional<Instant> nextPing,
    List<Message> waiting,
    List<Message> sent,
    List<OptOut> owed,
    List<String> collecting) {

  static final String COLLECTING = "collecting.txt";

  /**
   * Reads a state directory.
   *
   * @throws IOException if it cannot be read; one that is not there yet is empty
   */
  static Status read(
      Path state,
      Switch.Position position,
      Duration period,
      Outbox outbox,
      OptOuts optOuts,
      Transport transport)
      throws IOException {
    Optional<Instant> last = newest(outbox.all(), optOuts).map(Message::created);
    List<String> collecting;
    try {
      collecting = Files.readAllLines(state.resolve(COLLECTING));
    } catch (NoSuchFileException e) {
      collecting = List.of();
    }
    return new Status(
        position,
        last,
        position.on() ? last.map(at -> at.plus(period)) : Optional.empty(),
        List.copyOf(outbox.waiting()),
        List.copyOf(outbox.sent()),
        position.on() ? List.of() : List.copyOf(optOuts.owed(transport)),
        List.copyOf(collecting));
  }

  /** The last ping. */
  static Optional<Message> newest(List<Message> all, OptOuts optOuts) {
    return all.stream().filter(message -> !optOuts.is(message)).reduce((older, newer) -> newer);
  }
}
