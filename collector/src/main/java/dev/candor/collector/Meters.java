package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import dev.candor.store.Faults;
import dev.candor.store.Tallies;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * What the receiver counts, for Prometheus. Labels come from dictionaries; of a name that no
 * dictionary has, a bounded number do, which never take the place of others.
 */
final class Meters {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
  private static final String OTHER = "other";

  /** Names of a kind of message that its dictionary lacks: its next release may bring some. */
  private static final int MAX_STRANGE = 100;

  /** The places of a kind of message that its dictionary has, and those that it lacks. */
  private static final class Places {
    private final Set<String> declared = new HashSet<>();
    private final Set<String> strange = ConcurrentHashMap.newKeySet();

    Places(MessageType type) {
      declared.add("");
      declare(type.root(), "");
    }

    private void declare(Node node, String path) {
      if (node instanceof Node.Obj object) {
        object
            .members()
            .forEach(
                (name, member) -> {
                  declared.add(path + "/" + name);
                  declare(member, path + "/" + name);
                });
      } else if (node instanceof Node.Arr list) {
        declared.add(path + "/*");
        declare(list.items(), path + "/*");
      }
    }

    String label(String path) {
      if (declared.contains(path) || strange.contains(path)) {
        return path;
      }
      synchronized (strange) {
        return strange.size() < MAX_STRANGE && strange.add(path) ? path : OTHER;
      }
    }
  }

  private record Kind(String product, String message) {}

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("candor_requests_total")
          .help("Requests, by what became of them.")
          .labelNames("product", "message", "outcome")
          .register(registry);
  private final Counter findings =
      Counter.builder()
          .name("candor_findings_total")
          .help("Places of messages that were left out, coarsened or refused.")
          .labelNames("product", "message", "reason", "path")
          .register(registry);
  private final Histogram wire =
      Histogram.builder()
          .name("candor_body_wire_bytes")
          .help("Size of bodies as they came.")
          .labelNames("product", "message")
          .classicOnly()
          .classicExponentialUpperBounds(256, 4, 10)
          .register(registry);
  private final Histogram inflated =
      Histogram.builder()
          .name("candor_body_bytes")
          .help("Size of bodies, inflated.")
          .labelNames("product", "message")
          .classicOnly()
          .classicExponentialUpperBounds(256, 4, 10)
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("candor_request_seconds")
          .help("Time from a request's headers to its answer.")
          .labelNames("outcome")
          .classicOnly()
          .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
          .register(registry);
  private final Map<Kind, Places> places = new HashMap<>();
  private final Faults faults;

  Meters(List<Dictionary> products, Faults faults) {
    for (Dictionary product : products) {
      for (MessageType type : product.messages()) {
        places.put(new Kind(product.product(), type.name()), new Places(type));
      }
    }
    this.faults = faults;
    CounterWithCallback.builder()
        .name("candor_faults_total")
        .help("Faults that nobody foresaw, by what failed; the log has each.")
        .labelNames("at")
        .callback(
            callback -> {
              for (Faults.At at : Faults.At.values()) {
                callback.call(faults.sum(at), at.word());
              }
            })
        .register(registry);
  }

  void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(valueOrNone(value)))
        .register(registry);
  }

  void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(valueOrNone(value)))
        .register(registry);
  }

  /** Without the one figure that cannot be had the others are still worth showing. */
  private double valueOrNone(DoubleSupplier value) {
    try {
      return value.getAsDouble();
    } catch (RuntimeException | Error e) {
      faults.note(Faults.At.METRICS, e);
      return Double.NaN;
    }
  }

  void request(String product, String message, Outcome outcome, long nanos) {
    requests.labelValues(product, message, outcome.label()).inc();
    seconds.labelValues(outcome.label()).observe(nanos / 1e9);
  }

  void body(String product, String message, long wireBytes, long bytes) {
    wire.labelValues(product, message).observe((double) wireBytes);
    inflated.labelValues(product, message).observe((double) bytes);
  }

  void findings(String product, String message, List<Finding> found) {
    Places known = places.get(new Kind(product, message));
    for (Finding finding : found) {
      String reason = finding.reason().name().toLowerCase(Locale.ROOT);
      String path = known == null ? OTHER : known.label(finding.path());
      findings.labelValues(product, message, reason, path).inc();
    }
  }

  /** The requests counted so far, by what became of them. */
  List<Tallies.Requests> requests() {
    return requests.collect().getDataPoints().stream()
        .map(
            point ->
                new Tallies.Requests(
                    label(point, "product"),
                    label(point, "message"),
                    label(point, "outcome"),
                    (long) point.getValue()))
        .toList();
  }

  /** The places of messages counted so far. */
  List<Tallies.Findings> findings() {
    return findings.collect().getDataPoints().stream()
        .map(
            point ->
                new Tallies.Findings(
                    label(point, "product"),
                    label(point, "message"),
                    label(point, "reason"),
                    label(point, "path"),
                    (long) point.getValue()))
        .toList();
  }

  private static String label(DataPointSnapshot point, String name) {
    return String.valueOf(point.getLabels().get(name));
  }

  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
