package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which message is the one that says that an instance is there. */
class HeartbeatTest {
  private static final String MESSAGE =
      "{\"method\":\"%s\",\"path\":\"%s\",\"id\":\"id\",\"schema\":\"#/$defs/ping\","
          + "\"title\":\"A message\",\"description\":\"One of them.\"}";

  private static Dictionary with(String messages) {
    String json =
        Kettle.DICTIONARY.replaceFirst(
            "(?s)\"x-messages\":\\{.*?\\}\\}",
            "\"x-messages\":{" + messages.replace("$", "\\$") + "}");
    return Dictionary.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String message(String name, String method, String path) {
    return "\"" + name + "\":" + String.format(java.util.Locale.ROOT, MESSAGE, method, path);
  }

  private static Optional<String> heartbeat(String... messages) {
    return with(String.join(",", messages)).heartbeat().map(MessageType::name);
  }

  @Test
  void isThePingElseTheOnlyMessageThatIsNoOptOut() {
    String bye = message("bye", "DELETE", "");
    String beat = message("beat", "POST", "");
    String sums = message("sums", "POST", "/sums");
    assertThat(heartbeat(bye, beat)).contains("beat");
    assertThat(heartbeat(sums, message("ping", "POST", ""), bye)).contains("ping");
    assertThat(heartbeat(sums, beat)).isEmpty();
    assertThat(with(bye + "," + beat).optOut().map(MessageType::name)).contains("bye");
    assertThat(with(beat).optOut()).isEmpty();
  }
}
