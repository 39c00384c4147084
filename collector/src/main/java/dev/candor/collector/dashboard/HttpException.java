package dev.candor.collector.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that gets an error; the detail is for whoever sent it. */
final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

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
