package dev.candor.cli.fleet;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One message of a simulated server.
 *
 * @param received when a receiver gets it
 * @param type {@code ping}, {@code metrics} or {@code opt-out}
 * @param agent the user agent that the server calls itself
 * @param body the JSON that goes over the wire
 */
public record Message(Instant received, String type, String agent, String body) {

  /** The body as it is sent. */
  public byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The message in an envelope that says when it arrived: one line for {@code candor import}, which
   * files it under that day. The body in it is exactly what the server sent.
   */
  public String envelope() {
    return "{\"received\":\""
        + Times.millis(received)
        + "\",\"message\":\""
        + type
        + "\",\"agent\":\""
        + agent
        + "\",\"body\":"
        + body
        + "}";
  }
}
