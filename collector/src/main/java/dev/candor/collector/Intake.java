package dev.candor.collector;

import dev.candor.dictionary.Finding;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import dev.candor.store.Faults;
import dev.candor.store.Trouble;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes one message in: body, sieve, sink, answer. */
final class Intake {
  private static final Logger LOG = System.getLogger("dev.candor.collector");

  private final Bounds bounds;
  private final Sieve sieve;
  private final Sink sink;
  private final Optional<Quarantine> quarantine;
  private final Clock clock;
  private final State state;
  private final Body.Memory memory;
  private final Meters meters;
  private final Faults faults;

  Intake(
      Bounds bounds,
      Sieve sieve,
      Sink sink,
      Optional<Quarantine> quarantine,
      Clock clock,
      State state,
      Meters meters,
      Faults faults) {
    this.bounds = bounds;
    this.sieve = sieve;
    this.sink = sink;
    this.quarantine = quarantine;
    this.clock = clock;
    this.state = state;
    this.memory = bounds.memory();
    this.meters = meters;
    this.faults = faults;
    meters.gauge("candor_held_bytes", "Bytes of bodies in memory.", memory::held);
    meters.gauge("candor_requests_at_work", "Requests at work.", state::atWork);
  }

  void take(Route route, Request request, Response response, Callback callback) {
    long start = System.nanoTime();
    // Jetty asks only while nothing is read or written: then it is not the sender who is silent.
    request.addIdleTimeoutListener(_ -> false);
    Outcome outcome;
    try {
      state.enter();
      try {
        outcome = work(route, request, response, callback);
      } finally {
        state.leave();
      }
    } catch (BodyRefused refused) {
      outcome = Outcome.REFUSED;
      count(route.type(), route, refused.problem().findings());
      Answer.problem(response, callback, refused.problem());
    } catch (Unavailable unavailable) {
      outcome = Outcome.UNAVAILABLE;
      Answer.unavailable(request, response, callback);
    } catch (IOException e) {
      outcome = Outcome.ABORTED;
      Answer.hangUp(request, callback);
    } catch (RuntimeException | Error e) {
      outcome = Outcome.UNAVAILABLE;
      faults.note(Faults.At.INGEST, e);
      Answer.unavailable(request, response, callback);
    }
    report(route, outcome, Request.getContentBytesRead(request), start);
  }

  private Outcome work(Route route, Request request, Response response, Callback callback)
      throws IOException, BodyRefused, Unavailable {
    Receipt receipt =
        Receipt.of(
            clock.instant(),
            request.getHeaders().get(HttpHeader.USER_AGENT),
            request.getHeaders().get("Idempotency-Key"));
    try (Body body =
        Body.read(Content.Source.asInputStream(request), request.getLength(), bounds, memory)) {
      meters.body(route.product().product(), route.type().name(), body.wire(), body.bytes().length);
      Optional<byte[]> original = quarantine.map(_ -> body.bytes().clone());
      Sifted sifted = route.sift(sieve, body.bytes());
      return switch (sifted) {
        case Sifted.Kept kept -> {
          count(kept.type(), route, kept.findings());
          append(route, kept, receipt);
          boolean trimmed = kept.findings().stream().anyMatch(f -> f.reason().drops());
          if (trimmed) {
            isolate(route, kept.type(), receipt, original);
          }
          Answer.accepted(response, callback);
          yield trimmed ? Outcome.TRIMMED : Outcome.KEPT;
        }
        case Sifted.Refused refused -> {
          count(route.type(), route, refused.findings());
          isolate(route, route.type(), receipt, original);
          Answer.problem(response, callback, Problem.of(refused.findings()));
          yield Outcome.REFUSED;
        }
      };
    }
  }

  private void append(Route route, Sifted.Kept kept, Receipt receipt) throws Unavailable {
    try {
      sink.append(route.product(), kept.type(), kept.with(receipt.members(kept.type())));
      state.kept();
    } catch (IOException e) {
      if (state.notReady().isEmpty()) {
        LOG.log(
            Level.ERROR,
            "messages cannot be kept (" + Trouble.cause(e) + "): senders are asked to come again",
            e);
      }
      state.failed(Trouble.cause(e));
      throw new Unavailable("not kept");
    }
  }

  private void isolate(Route route, MessageType type, Receipt receipt, Optional<byte[]> original) {
    quarantine.ifPresent(
        kept -> original.ifPresent(body -> kept.keep(route.product(), type, receipt, body)));
  }

  private void count(MessageType type, Route route, List<Finding> found) {
    meters.findings(route.product().product(), type.name(), found);
  }

  private void report(Route route, Outcome outcome, long size, long start) {
    long nanos = System.nanoTime() - start;
    String product = route.product().product();
    String message = route.type().name();
    meters.request(product, message, outcome, nanos);
    LOG.log(Level.DEBUG, "{0} {1}: {2}, {3} bytes", product, message, outcome.label(), size);
  }
}
