package dev.candor.collector;

import dev.candor.collector.access.IngestKeys;
import dev.candor.store.Faults;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends each request where it belongs. */
final class Entrance extends Handler.Abstract {
  private static final Logger LOG = System.getLogger("dev.candor.collector");

  private final Routes routes;
  private final IngestKeys keys;
  private final Intake intake;
  private final State state;
  private final Meters meters;
  private final Deadlines deadlines;
  private final Faults faults;

  Entrance(
      Routes routes,
      IngestKeys keys,
      Intake intake,
      State state,
      Meters meters,
      Deadlines deadlines,
      Faults faults) {
    this.routes = routes;
    this.keys = keys;
    this.intake = intake;
    this.state = state;
    this.meters = meters;
    this.deadlines = deadlines;
    this.faults = faults;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    deadlines.begin(request);
    try {
      answer(request, response, callback);
    } catch (RuntimeException | Error e) {
      faults.note(Faults.At.INGEST, e);
      Answer.problem(response, callback, Problem.internal());
    }
    return true;
  }

  private void answer(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getCanonicalPath();
    switch (path == null ? "" : path) {
      case "/health/live" -> get(request, response, callback, () -> live(response, callback));
      case "/health/ready" -> get(request, response, callback, () -> ready(response, callback));
      case "/metrics" -> get(request, response, callback, () -> metrics(response, callback));
      case String other -> message(other, request, response, callback);
    }
  }

  private void message(String path, Request request, Response response, Callback callback) {
    int second = path.indexOf('/', 1);
    Optional<String> key =
        second > 0
            ? Optional.of(path.substring(1, second)).filter(IngestKeys::isKey)
            : Optional.empty();
    Map<String, Route> methods = routes.at(key.isPresent() ? path.substring(second) : path);
    Route route = methods.get(request.getMethod());
    if (methods.isEmpty()) {
      stray(response, callback, Problem.notFound());
    } else if (route == null) {
      wrongMethod(response, callback, String.join(", ", methods.keySet()));
    } else if (!keys.admits(route.product().product(), key)) {
      forbidden(route, response, callback);
    } else if (!json(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
      stray(response, callback, Problem.unsupportedType());
    } else if (request.getHeaders().contains(Answer.CHECK)) {
      check(route, request, response, callback);
    } else {
      intake.take(route, request, response, callback);
    }
  }

  /** A client's empty message to see whether it would be received: nothing of it is kept. */
  private void check(Route route, Request request, Response response, Callback callback) {
    if (state.notReady().isPresent()) {
      Answer.unavailable(request, response, callback);
      return;
    }
    String message = route.type().path().isEmpty() ? "" : " " + route.type().name();
    response.getHeaders().put(Answer.TAKES, route.product().product() + message);
    Answer.nothing(response, callback);
  }

  private static boolean json(@org.jspecify.annotations.Nullable String contentType) {
    return contentType == null
        || contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private void get(Request request, Response response, Callback callback, Runnable answer) {
    if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
      answer.run(); // The server leaves the body of an answer to HEAD away.
    } else {
      wrongMethod(response, callback, "GET, HEAD");
    }
  }

  private void wrongMethod(Response response, Callback callback, String allow) {
    response.getHeaders().put(HttpHeader.ALLOW, allow);
    stray(response, callback, Problem.wrongMethod(allow));
  }

  private void forbidden(Route route, Response response, Callback callback) {
    String product = route.product().product();
    String message = route.type().name();
    meters.request(product, message, Outcome.FORBIDDEN, 0);
    LOG.log(Level.DEBUG, "{0} {1}: {2}", product, message, Outcome.FORBIDDEN.label());
    Answer.problem(response, callback, Problem.forbidden());
  }

  private void stray(Response response, Callback callback, Problem problem) {
    meters.request("none", "none", Outcome.REFUSED, 0);
    Answer.problem(response, callback, problem);
  }

  private void live(Response response, Callback callback) {
    Answer.text(response, callback, 200, "live");
  }

  private void ready(Response response, Callback callback) {
    state
        .notReady()
        .ifPresentOrElse(
            why -> Answer.text(response, callback, 503, why),
            () -> Answer.text(response, callback, 200, "ready"));
  }

  private void metrics(Response response, Callback callback) {
    Answer.text(response, callback, 200, Meters.CONTENT_TYPE, meters.text());
  }
}
