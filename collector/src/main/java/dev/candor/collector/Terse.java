package dev.candor.collector;

import dev.candor.store.Faults;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what never became a request of ours: a problem document, without a word of the request.
 */
final class Terse extends ErrorHandler {
  private final Meters meters;
  private final Faults faults;

  Terse(Meters meters, Faults faults) {
    this.meters = meters;
    this.faults = faults;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    meters.request("none", "none", Outcome.REFUSED, 0);
    int status = response.getStatus();
    if (status >= 500 && request.getAttribute(ERROR_EXCEPTION) instanceof Throwable fault) {
      faults.note(Faults.At.INGEST, fault);
    }
    Answer.problem(
        response, callback, status < 500 ? Problem.badRequest(status) : Problem.internal());
    return true;
  }
}
