package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Role;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
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
 * @param contract what it takes and gives, for the API's description
 */
record Endpoint(
    String method,
    String pattern,
    Optional<Role> role,
    String summary,
    String action,
    Handler handler,
    Contract contract) {

  /** Answers a request that was let in. */
  @FunctionalInterface
  interface Handler {
    Reply answer(Ask ask) throws IOException, AccessException;
  }

  /**
   * What a program has to know of it.
   *
   * @param query parameters of the query
   * @param body record whose members the request has; empty for no body
   * @param answer record that the answer is; empty for something else
   * @param types other media types that it can answer with
   */
  record Contract(
      List<Parameter> query,
      Optional<Class<?>> body,
      Optional<Class<?>> answer,
      List<String> types) {
    static final Contract NONE =
        new Contract(List.of(), Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * A parameter of the query.
   *
   * @param schema what it may be, as a JSON Schema
   */
  record Parameter(String name, Map<String, Object> schema, String meaning) {
    static Parameter text(String name, String meaning) {
      return new Parameter(name, Map.of("type", "string"), meaning);
    }

    static Parameter day(String name, String meaning) {
      return new Parameter(name, Map.of("type", "string", "format", "date"), meaning);
    }

    static Parameter word(String name, List<String> words, String meaning) {
      return new Parameter(name, Map.of("type", "string", "enum", words), meaning);
    }

    static Parameter number(String name, int least, String meaning) {
      return new Parameter(name, Map.of("type", "integer", "minimum", least), meaning);
    }

    /** Any further parameters of that kind, each by its own name. */
    static Parameter further(String name, String meaning) {
      return new Parameter(
          name,
          Map.of("type", "object", "additionalProperties", Map.of("type", "string")),
          meaning);
    }
  }

  /** The same, narrowed by these. */
  Endpoint with(Parameter... query) {
    return described(
        new Contract(List.of(query), contract.body(), contract.answer(), contract.types()));
  }

  /** The same, answering with this record. */
  Endpoint answering(Class<?> answer, String... otherTypes) {
    return described(
        new Contract(contract.query(), contract.body(), Optional.of(answer), List.of(otherTypes)));
  }

  /** The same, taking this record. */
  Endpoint taking(Class<?> body) {
    return described(
        new Contract(contract.query(), Optional.of(body), contract.answer(), contract.types()));
  }

  /** The same, answering with this media type alone. */
  Endpoint giving(String type) {
    return described(
        new Contract(contract.query(), contract.body(), Optional.empty(), List.of(type)));
  }

  private Endpoint described(Contract changed) {
    return new Endpoint(method, pattern, role, summary, action, handler, changed);
  }

  /** For everybody, without a login. */
  static Endpoint open(String method, String pattern, String summary, Handler handler) {
    return new Endpoint(method, pattern, Optional.empty(), summary, "", handler, Contract.NONE);
  }

  /** To look at, for this role and those above it. */
  static Endpoint get(Role role, String pattern, String summary, Handler handler) {
    return new Endpoint("GET", pattern, Optional.of(role), summary, "view", handler, Contract.NONE);
  }

  /** To look at what is asked for by a body, for this role and those above it. */
  static Endpoint post(Role role, String pattern, String summary, Handler handler) {
    return new Endpoint(
        "POST", pattern, Optional.of(role), summary, "view", handler, Contract.NONE);
  }

  /** That changes something; the handler itself notes what it did. */
  static Endpoint change(
      Role role, String method, String pattern, String summary, Handler handler) {
    return new Endpoint(method, pattern, Optional.of(role), summary, "", handler, Contract.NONE);
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
