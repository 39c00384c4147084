package dev.candor.collector;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what never became a request of ours: a problem document, without a word of the request.
 */
final class Terse extends ErrorHandler {
  private final Meters meters;

  Terse(Meters meters) {
    this.meters = meters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    meters.request("none", "none", Outcome.REFUSED, 0);
    int status = response.getStatus();
    Answer.problem(
        response, callback, status < 500 ? Problem.badRequest(status) : Problem.internal());
    return true;
  }
}
