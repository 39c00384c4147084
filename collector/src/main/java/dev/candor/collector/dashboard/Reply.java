package dev.candor.collector.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a request gets.
 *
 * @param status HTTP status
 * @param headers headers beside those that all replies have
 * @param body the bytes; empty if there is a file
 * @param file what to send instead, and to delete after that
 */
record Reply(int status, Map<String, String> headers, byte[] body, Optional<Path> file) {
  /** What is null lacks. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  static Reply html(int status, String page) {
    return of(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
  }

  /** One of the records of {@link Json}. */
  static Reply json(Record answer) {
    return json(JSON.writeValueAsBytes(answer));
  }

  static Reply json(byte[] json) {
    return of(200, "application/json", json);
  }

  static Reply text(String type, String text) {
    return of(200, type, text.getBytes(StandardCharsets.UTF_8));
  }

  static Reply of(int status, String type, byte[] body) {
    return new Reply(status, Map.of("Content-Type", type), body, Optional.empty());
  }

  /** A file of our own, however large; it is deleted once it is sent. */
  static Reply of(String type, Path file) {
    return new Reply(200, Map.of("Content-Type", type), new byte[0], Optional.of(file));
  }

  /** To look there instead, with a GET. */
  static Reply seeOther(String location) {
    return new Reply(303, Map.of("Location", location), new byte[0], Optional.empty());
  }

  Reply withStatus(int other) {
    return new Reply(other, headers, body, file);
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body, file);
  }
}
