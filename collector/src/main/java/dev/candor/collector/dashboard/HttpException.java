package dev.candor.collector.dashboard;

/** A request that gets an error; the detail is for whoever sent it. */
final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

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

  int status() {
    return status;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
