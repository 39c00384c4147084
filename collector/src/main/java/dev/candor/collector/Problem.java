package dev.candor.collector;

import dev.candor.dictionary.Finding;
import dev.candor.dictionary.Reason;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An answer that says what is wrong (RFC 9457). It names places and what was expected there, never
 * a value.
 *
 * @param status HTTP status
 * @param title the same for all answers of this status
 * @param detail what to do about it
 * @param findings places in the message; empty if the trouble is not in the message
 */
record Problem(int status, String title, String detail, List<Finding> findings) {
  static final String CONTENT_TYPE = "application/problem+json";
  private static final JsonFactory JSON = new JsonFactory();

  static Problem malformed(String expected) {
    return of(List.of(new Finding(Reason.MALFORMED, "", "", expected, 0, 0)));
  }

  static Problem tooLarge(String expected) {
    return of(List.of(new Finding(Reason.BOUND, "", "", expected, 0, 0)));
  }

  /** For a message that the sieve refused; the first finding decides. */
  static Problem of(List<Finding> findings) {
    return switch (findings.getFirst().reason()) {
      case BOUND -> new Problem(413, "Content Too Large", "the message breaks a bound", findings);
      case MALFORMED ->
          new Problem(400, "Bad Request", "the message is not one whole JSON object", findings);
      case MISSING, UNDECLARED, GRAMMAR, COARSENED ->
          new Problem(422, "Unprocessable Content", "the message names no instance", findings);
    };
  }

  static Problem unsupportedType() {
    return new Problem(
        415,
        "Unsupported Media Type",
        "send it as application/json",
        List.of(
            new Finding(
                Reason.MALFORMED, "", "", "expected the content type application/json", 0, 0)));
  }

  static Problem notFound() {
    return new Problem(404, "Not Found", "no product is received at this path", List.of());
  }

  static Problem forbidden() {
    return new Problem(
        403,
        "Forbidden",
        "messages of this product need an ingest key in the path, one that is good: ask whoever runs"
            + " this receiver",
        List.of());
  }

  static Problem wrongMethod(String allow) {
    return new Problem(405, "Method Not Allowed", "this path takes " + allow, List.of());
  }

  static Problem unavailable() {
    return new Problem(
        503, "Service Unavailable", "the message was not kept: send it again later", List.of());
  }

  static Problem internal() {
    return new Problem(500, "Internal Server Error", "the receiver failed", List.of());
  }

  /** For what is no HTTP that the receiver speaks. */
  static Problem badRequest(int status) {
    return new Problem(status, "Bad Request", "the request is not well-formed HTTP", List.of());
  }

  byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("title", title);
      json.writeNumberProperty("status", status);
      json.writeStringProperty("detail", detail);
      json.writeArrayPropertyStart("findings");
      findings.forEach(finding -> write(json, finding));
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Finding finding) {
    json.writeStartObject();
    json.writeStringProperty("reason", finding.reason().name().toLowerCase(Locale.ROOT));
    json.writeStringProperty("pointer", finding.pointer());
    json.writeStringProperty("expected", finding.expected());
    if (finding.line() > 0) {
      json.writeNumberProperty("line", finding.line());
      json.writeNumberProperty("column", finding.column());
    }
    json.writeEndObject();
  }
}
