package dev.candor.client;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of one attempt to send.
 *
 * @param outcome accepted, refused for good, or still waiting to be sent
 * @param words the answer or failure for people, without anything secret
 * @param after how long the receiver asks to wait, if it does
 * @param left whether anything of the message may have left this machine
 */
record Answer(Message.Outcome outcome, String words, Optional<Duration> after, boolean left) {
  static Answer accepted(int status) {
    return new Answer(Message.Outcome.ACCEPTED, "HTTP " + status, Optional.empty(), true);
  }

  static Answer refused(String words) {
    return new Answer(Message.Outcome.REFUSED, words, Optional.empty(), true);
  }

  static Answer again(String words) {
    return again(words, Optional.empty());
  }

  static Answer again(String words, Optional<Duration> after) {
    return new Answer(Message.Outcome.WAITING, words, after, true);
  }

  /** Nothing came of it, and the receiver has seen nothing of the message. */
  static Answer stayed(String words) {
    return new Answer(Message.Outcome.WAITING, words, Optional.empty(), false);
  }

  /** The same, for a message that no refusal ends. */
  Answer never() {
    return outcome == Message.Outcome.REFUSED ? again(words, after) : this;
  }
}
