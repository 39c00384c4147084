package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.EdgeMessages;
import dev.candor.dictionary.MessageType;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.Report;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Messages at the edges of everything that a dictionary admits, and beyond, through the real door:
 * whatever came, all of it loads, every report answers, and a restart works. Longer with {@code
 * -Dcandor.edge=N}.
 */
class EdgeTest {
  private static final long SEED = Long.getLong("candor.seed", 20261128);
  private static final int MESSAGES = Math.max(300, Integer.getInteger("candor.edge", 0));
  private static final int INSTANCES = 40;

  @TempDir Path data;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @ParameterizedTest
  @ValueSource(strings = {"sonarqube", "shop"})
  void nothingThatIsSentStopsIt(String name) throws Exception {
    try (Serve.Running running = start();
        HttpClient client = HttpClient.newHttpClient()) {
      Dictionary dictionary = products().named(name).dictionary();
      for (MessageType type : dictionary.messages()) {
        EdgeMessages edges = new EdgeMessages(type, random);
        List<String> ids = Stream.generate(edges::id).limit(INSTANCES).toList();
        long kept = 0;
        // Opt-outs erase: few of them, and last.
        for (int i = 0; i < (type.isOptOut() ? 5 : MESSAGES); i++) {
          byte[] body = edges.next(ids.get(random.nextInt(INSTANCES)));
          boolean spoilt = i % 5 == 4;
          int status = send(client, running, name, type, spoilt ? spoilt(body) : body);
          assertThat(status).as("seed %d: %s", SEED, type.name()).isIn(202, spoilt ? 400 : 202);
          kept += status == 202 ? 1 : 0;
        }
        if (!type.isOptOut()) {
          running.store().load();
          // Each one, none of them set aside.
          assertThat(count(running, name, type)).isEqualTo(kept);
          assertThat(kept).isGreaterThan(MESSAGES / 2);
        }
      }
      answersAll(running, name);
    }
    try (Serve.Running again = start()) {
      answersAll(again, name);
    }
  }

  private static void answersAll(Serve.Running running, String name) throws IOException {
    running.store().load();
    assertThat(running.store().backlog().segments()).isZero();
    assertThat(running.store().backlog().refused()).isZero();
    Product product = products().named(name);
    for (Report report : product.reports()) {
      assertThat(running.store().run(name, report).columns()).as(report.name()).isNotEmpty();
    }
  }

  private static Object count(Serve.Running running, String name, MessageType type)
      throws IOException {
    return running
        .store()
        .ask(name, "SELECT count(*) FROM message WHERE message = ?", type.name())
        .rows()
        .getFirst()
        .getFirst();
  }

  private static Products products() {
    Path shop = Path.of("src", "test", "resources", "shop.json");
    return CommandLine.populateCommand(new Products(), "--dictionary", shop.toString());
  }

  private Serve.Running start() throws IOException {
    return Serve.Running.start(
        ReceiverSettings.of(data).withAddress("127.0.0.1", 0),
        Lifetime.DEFAULT,
        Optional.empty(),
        products(),
        Clock.systemUTC());
  }

  private static int send(
      HttpClient client, Serve.Running running, String name, MessageType type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.address() + "/" + name + type.path()))
            .method(type.method(), HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Content-Type", "application/json")
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** A message with a byte changed, cut off, or with something that no dictionary names. */
  private byte[] spoilt(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String more =
        switch (random.nextInt(6)) {
          case 0 -> ",\"install\":1,\"install\":2}";
          case 1 -> ",\"x\":" + "[".repeat(20) + "1e999999999999" + "]".repeat(20) + "}";
          case 2 -> ",\"x\":\"\\u0000\\ud83d\\ude00" + "y".repeat(10_000) + "\"}";
          case 3 -> ",\"_received\":\"9999-12-31\",\"_row\":-1,\"_key\":{}}";
          case 4 -> ",\"x\":" + "9".repeat(900) + "}";
          default -> "";
        };
    return (text.substring(0, text.length() - 1) + more).getBytes(StandardCharsets.UTF_8);
  }
}
