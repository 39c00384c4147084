package dev.candor.collector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The ways to end a request. */
final class Answer {
  /** A client that sets this header to 503 hears that, where others find the connection broken. */
  static final String RETRY = "Candor-Retry";

  /** Sent with a message that is only a check. */
  static final String CHECK = "Candor-Check";

  /** Says in the answer to a check what is taken at its address. */
  static final String TAKES = "Candor-Takes";

  private Answer() {}

  static void nothing(Response response, Callback callback) {
    response.setStatus(204);
    callback.succeeded();
  }

  static void accepted(Response response, Callback callback) {
    response.setStatus(202);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  static void text(Response response, Callback callback, int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  static void text(Response response, Callback callback, int status, String line) {
    byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
    text(response, callback, status, "text/plain; charset=utf-8", body);
  }

  static void problem(Response response, Callback callback, Problem problem) {
    text(response, callback, problem.status(), Problem.CONTENT_TYPE, problem.json());
  }

  /**
   * Ends a request whose message could not be kept. Clients such as SonarQube take any HTTP answer
   * for success but come again after a broken connection, so they get no answer.
   */
  static void unavailable(Request request, Response response, Callback callback) {
    if ("503".equals(request.getHeaders().get(RETRY))) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "60");
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      problem(response, callback, Problem.unavailable());
    } else {
      hangUp(request, callback);
    }
  }

  /** Breaks the connection without an answer. */
  static void hangUp(Request request, Callback callback) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    endPoint.close();
    callback.failed(new QuietException.Exception("connection broken on purpose"));
  }
}
