package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;

/** Where messages go that passed: the store in earnest, anything else in a test. */
@FunctionalInterface
public interface Sink {
  /**
   * Keeps one message, and returns when it is durable.
   *
   * @param line one JSON object without a line end
   * @throws IOException if it cannot be kept: the disk is full, the store is closed
   */
  void append(Dictionary product, MessageType type, byte[] line) throws IOException;
}
