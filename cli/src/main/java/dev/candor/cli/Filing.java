package dev.candor.cli;

import dev.candor.collector.Receipt;
import dev.candor.collector.Sink;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Puts messages that did not come over HTTP through the sieve and into the store. */
final class Filing {
  private final Dictionary dictionary;
  private final Sieve sieve;
  private final Sink sink;

  Filing(Dictionary dictionary, Sieve sieve, Sink sink) {
    this.dictionary = dictionary;
    this.sieve = sieve;
    this.sink = sink;
  }

  /**
   * Files one message; returns when it is durable, or refused.
   *
   * @param key what makes a second import of the same message count once
   */
  Sifted file(
      byte[] body, MessageType type, Instant received, Optional<String> agent, Optional<String> key)
      throws IOException {
    Sifted sifted = sieve.sift(body, type);
    if (sifted instanceof Sifted.Kept kept) {
      Receipt receipt = Receipt.of(received, agent.orElse(null), key.orElse(null));
      sink.append(dictionary, kept.type(), kept.with(receipt.members(kept.type())));
    }
    return sifted;
  }
}
