package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.candor.client.Telemetry;
import dev.candor.collector.ReceiverSettings;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import dev.candor.store.Lifetime;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: a server's database, the agent, TLS, the receiver, a report; then off. */
class LoopTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void fromADatabaseToAReportAndOff() throws Exception {
    Products products = new Products();
    ReceiverSettings settings =
        ReceiverSettings.of(folder.resolve("data")).withAddress("127.0.0.1", 0);
    Path store = keyStore();
    try (SmallServer server = new SmallServer(folder);
        Serve.Running running =
            Serve.Running.start(
                settings, Lifetime.DEFAULT, Optional.empty(), products, Clock.systemUTC())) {
      HttpsServer door = door(store, running.address());
      String data = settings.data().toString();
      String made = Door.candor("key", "add", "loop", "--data", data).out();
      String key = made.replaceFirst("(?s).*/(key_[^/]+)/.*", "$1");
      assertThat(made).contains("sonar.telemetry.url=" + running.address() + "/" + key);
      server.set(
          "candor.telemetry.url",
          "https://localhost:" + door.getAddress().getPort() + "/" + key + "/sonarqube");
      server.set("candor.telemetry.trustStore", store.toString());
      server.set("candor.telemetry.trustStorePassword", "changeit");
      server.set("sonar.telemetry.frequencyInSeconds", "1");
      server.set("sonar.telemetry.lock.delay", "1");
      try (Telemetry telemetry = agent().telemetry(Clock.systemUTC()).start()) {
        await(() -> instance(running, products).contains("active"));
        assertThat(instance(running, products))
            .containsExactly(
                "ABB010CE-AVcdRncGX_RgEGt_NVoS", "active", "9.7.0.61563", "1", "1", "4711");
        server.set("sonar.telemetry.enabled", "false");
        await(() -> instance(running, products).contains("opted-out"));
        await(() -> sent(telemetry).equals(List.of("ping", "opt-out")));
        assertThat(telemetry.status().sent())
            .allMatch(m -> m.to().startsWith("https://") && m.to().endsWith("/key_…/sonarqube"));
        assertThat(Door.candor("key", "list", "--data", data).out())
            .containsPattern("loop +sonarqube .* good")
            .doesNotContain(key)
            .doesNotContain("never");
      } finally {
        door.stop(0);
      }
    }
  }

  private SonarQubeAgent agent() throws Exception {
    return SonarQubeAgent.open(
        new SonarQubeAgent.Options(
            folder.resolve("home"),
            folder.resolve("state"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            folder,
            folder));
  }

  /** What the report says of the one instance; empty before its first ping. */
  private static List<String> instance(Serve.Running running, Products products) {
    try {
      running.store().load();
      var result =
          running.store().run("sonarqube", Reports.named(products.all().getFirst(), "instances"));
      List<String> columns = List.of("id", "state", "version", "users", "projects", "loc");
      return result.rows().stream()
          .flatMap(
              row ->
                  columns.stream().map(c -> String.valueOf(row.get(result.columns().indexOf(c)))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> sent(Telemetry telemetry) {
    try {
      return telemetry.status().sent().stream().map(message -> message.type()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Path keyStore() throws Exception {
    Path store = folder.resolve("tls.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return store;
  }

  /** Ends TLS before the receiver, as a reverse proxy does. */
  private static HttpsServer door(Path store, URI receiver) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", exchange -> pass(exchange, receiver));
    server.start();
    return server;
  }

  private static void pass(HttpExchange exchange, URI receiver) throws IOException {
    try (exchange;
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(receiver.resolve(exchange.getRequestURI().getPath()))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      for (String name :
          List.of("Content-Type", "Content-Encoding", "User-Agent", "Idempotency-Key")) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          request.header(name, value);
        }
      }
      HttpResponse<Void> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding());
      exchange.sendResponseHeaders(answer.statusCode(), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
