package dev.candor.collector.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that gets an error; the detail is for whoever sent it. */
final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private final transient Map<String, String> typed = new LinkedHashMap<>();

  HttpException(int status, String detail) {
    super(detail);
    this.status = status;
  }

  static HttpException notFound(String what) {
    return new HttpException(404, "there is no such " + what);
  }

  static HttpException badRequest(String detail) {
    return new HttpException(400, detail);
  }

  /** The same, with that header on the answer. */
  HttpException with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  /** The same, of a form whose fields should not be lost by it; passwords are not kept. */
  HttpException keeping(Map<String, String> form) {
    typed.putAll(Form.open(form));
    return this;
  }

  /** What was typed, to be shown again. */
  Map<String, String> typed() {
    return typed;
  }

  /** An answer with the headers of this. */
  Reply on(Reply reply) {
    Reply whole = reply;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      whole = whole.with(header.getKey(), header.getValue());
    }
    return whole;
  }

  int status() {
    return status;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
