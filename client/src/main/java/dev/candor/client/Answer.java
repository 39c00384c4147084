package dev.candor.client;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of one attempt to send.
 *
 * @param outcome accepted, refused for good, or still waiting to be sent
 * @param words the answer or failure for people, without anything secret
 * @param after how long the receiver asks to wait, if it does
 */
record Answer(Message.Outcome outcome, String words, Optional<Duration> after) {
  static Answer accepted(int status) {
    return new Answer(Message.Outcome.ACCEPTED, "HTTP " + status, Optional.empty());
  }

  static Answer refused(String words) {
    return new Answer(Message.Outcome.REFUSED, words, Optional.empty());
  }

  static Answer again(String words) {
    return new Answer(Message.Outcome.WAITING, words, Optional.empty());
  }
}
