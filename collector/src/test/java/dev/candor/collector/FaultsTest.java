package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.access.IngestKeys;
import dev.candor.store.Faults;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody foresaw is counted, and logged with its place and without its words. */
class FaultsTest {
  private static final Logger LOG = Logger.getLogger("dev.candor.faults");

  @TempDir Path data;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Faults faults = new Faults();

  private final Handler capture =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          logged.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(capture);
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(capture);
  }

  private Receiver receiver(Sink sink) throws Exception {
    return Receiver.start(
        Bench.settings(data),
        sink,
        List.of(Bench.toy()),
        new IngestKeys(data.resolve("access"), Clock.systemUTC(), new SecureRandom()),
        faults,
        Clock.systemUTC());
  }

  @Test
  void anErrorAtAMessageBreaksTheConnectionSoThatItComesAgain() throws Exception {
    Sink broken =
        (product, type, line) -> {
          throw new NoClassDefFoundError("at toy-0001");
        };
    try (Receiver receiver = receiver(broken);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ping =
          HttpRequest.newBuilder(receiver.address().resolve("/toy"))
              .header(Answer.RETRY, "503")
              .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"toy-0001\"}"))
              .build();
      assertThat(client.send(ping, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
      assertThat(metrics(client, receiver))
          .contains("candor_faults_total{at=\"ingest\"} 1.0")
          .contains("candor_faults_total{at=\"loader\"} 0.0");
    }
    assertThat(logged)
        .singleElement()
        .asString()
        .contains(
            "ingest failed: java.lang.NoClassDefFoundError at dev.candor.collector.FaultsTest")
        .doesNotContain("toy-0001");
  }

  @Test
  void aFigureThatCannotBeHadHidesNoOther() throws Exception {
    try (Receiver receiver = receiver((product, type, line) -> {});
        HttpClient client = HttpClient.newHttpClient()) {
      receiver.gauge(
          "candor_toys",
          "Toys.",
          () -> {
            throw new IllegalStateException("toy-0001");
          });
      assertThat(metrics(client, receiver))
          .contains("candor_toys NaN")
          .contains("candor_held_bytes");
      assertThat(metrics(client, receiver)).contains("candor_faults_total{at=\"metrics\"}");
    }
    assertThat(faults.sum(Faults.At.METRICS)).isEqualTo(2);
    assertThat(logged).noneMatch(line -> line.contains("toy-0001"));
  }

  private static String metrics(HttpClient client, Receiver receiver) throws Exception {
    URI address = receiver.address().resolve("/metrics");
    var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
