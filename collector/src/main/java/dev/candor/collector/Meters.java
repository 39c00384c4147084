package dev.candor.collector;

import dev.candor.dictionary.Finding;
import dev.candor.store.Tallies;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** What the receiver counts, for Prometheus. Labels come from dictionaries, and are bounded. */
final class Meters {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
  private static final int MAX_PATHS = 500;

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
  private final Set<String> paths = ConcurrentHashMap.newKeySet();

  void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
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
    for (Finding finding : found) {
      String reason = finding.reason().name().toLowerCase(Locale.ROOT);
      findings.labelValues(product, message, reason, bounded(finding.path())).inc();
    }
  }

  /** The path, or "other" for one that comes after the first few hundred. */
  private String bounded(String path) {
    if (paths.contains(path)) {
      return path;
    }
    synchronized (paths) {
      return paths.size() < MAX_PATHS && paths.add(path) ? path : "other";
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
