package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that can be asked for.
 *
 * @param method HTTP method
 * @param pattern path; a part in braces matches any one part, and names it
 * @param role the least role that it needs; empty if it is public
 * @param summary what it is, in a sentence
 * @param action how the audit log calls it; empty if it is not noted here
 * @param handler what answers
 */
record Endpoint(
    String method,
    String pattern,
    Optional<Role> role,
    String summary,
    String action,
    Handler handler) {

  /** Answers a request that was let in. */
  @FunctionalInterface
  interface Handler {
    Reply answer(Ask ask) throws IOException;
  }

  /** For everybody, without a login. */
  static Endpoint open(String method, String pattern, String summary, Handler handler) {
    return new Endpoint(method, pattern, Optional.empty(), summary, "", handler);
  }

  /** To look at, for this role and those above it. */
  static Endpoint get(Role role, String pattern, String summary, Handler handler) {
    return new Endpoint("GET", pattern, Optional.of(role), summary, "view", handler);
  }

  /** That changes something; the handler itself notes what it did. */
  static Endpoint change(
      Role role, String method, String pattern, String summary, Handler handler) {
    return new Endpoint(method, pattern, Optional.of(role), summary, "", handler);
  }

  /** The names in this path, if it fits the pattern. */
  Optional<Map<String, String>> match(String path) {
    String[] wanted = pattern.split("/", -1);
    String[] parts = path.split("/", -1);
    if (wanted.length != parts.length) {
      return Optional.empty();
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        if (parts[i].isEmpty()) {
          return Optional.empty();
        }
        names.put(wanted[i].substring(1, wanted[i].length() - 1), parts[i]);
      } else if (!wanted[i].equals(parts[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  boolean isApi() {
    return pattern.startsWith("/api/");
  }
}
