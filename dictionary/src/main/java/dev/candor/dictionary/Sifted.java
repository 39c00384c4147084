package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the sieve made of a message. */
public sealed interface Sifted {

  /** Everything that did not pass just as it came. */
  List<Finding> findings();

  /**
   * The message passed, perhaps without some of its parts.
   *
   * @param type what kind of message it is
   * @param id the instance's id
   * @param json what is left of it: one JSON object on one line, without a line end
   * @param members names of its top-level members
   * @param findings what was left out or coarsened, as many as {@link Limits#maxFindings} allows
   */
  @SuppressWarnings("ArrayRecordComponent") // a large body is handed on, not copied
  record Kept(MessageType type, String id, byte[] json, Set<String> members, List<Finding> findings)
      implements Sifted {

    /** Whether the message passed without the loss of a single value. */
    public boolean whole() {
      return findings.isEmpty();
    }

    /**
     * The message with those string members added at its end that it lacks; values are plain ASCII.
     */
    public byte[] with(Map<String, String> additions) {
      StringBuilder tail = new StringBuilder();
      additions.forEach(
          (name, value) -> {
            if (!members.contains(name)) {
              tail.append(tail.isEmpty() && members.isEmpty() ? "" : ",");
              tail.append('"').append(name).append("\":\"").append(plain(value)).append('"');
            }
          });
      byte[] added = tail.append('}').toString().getBytes(StandardCharsets.US_ASCII);
      byte[] all = new byte[json.length - 1 + added.length];
      System.arraycopy(json, 0, all, 0, json.length - 1);
      System.arraycopy(added, 0, all, json.length - 1, added.length);
      return all;
    }

    private static String plain(String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
          throw new IllegalArgumentException(
              "not a plain ASCII value: character " + i + " of an added member");
        }
      }
      return value;
    }
  }

  /**
   * The message did not pass.
   *
   * @param findings why; the first is the one that decided
   */
  record Refused(List<Finding> findings) implements Sifted {}
}
