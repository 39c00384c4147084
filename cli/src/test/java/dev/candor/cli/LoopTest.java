package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.candor.client.Telemetry;
import dev.candor.collector.ReceiverSettings;
import dev.candor.sonarqube.agent.SonarQubeAgent;
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
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: a server's database, the agent, TLS, the receiver, a report; then off. */
class LoopTest {
  private static final String TABLES =
      """
      CREATE TABLE schema_migrations(version VARCHAR(255));
      CREATE TABLE properties(prop_key VARCHAR(512), text_value VARCHAR(4000));
      CREATE TABLE internal_properties(kee VARCHAR(20), text_value VARCHAR(4000));
      CREATE TABLE users(uuid VARCHAR(255), active BOOLEAN, external_identity_provider VARCHAR(100),
        last_connection_date BIGINT, last_sonarlint_connection BIGINT);
      CREATE TABLE projects(uuid VARCHAR(40), qualifier VARCHAR(10));
      CREATE TABLE project_branches(uuid VARCHAR(50), project_uuid VARCHAR(50),
        branch_type VARCHAR(12));
      CREATE TABLE snapshots(uuid VARCHAR(50), component_uuid VARCHAR(50), islast BOOLEAN,
        build_date BIGINT);
      CREATE TABLE metrics(uuid VARCHAR(40), name VARCHAR(64));
      CREATE TABLE live_measures(component_uuid VARCHAR(50), project_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), value DOUBLE);
      CREATE TABLE project_measures(analysis_uuid VARCHAR(50), component_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), text_value VARCHAR(4000));
      CREATE TABLE analysis_properties(analysis_uuid VARCHAR(40), kee VARCHAR(512),
        text_value VARCHAR(4000));
      CREATE TABLE project_alm_settings(project_uuid VARCHAR(50), alm_setting_uuid VARCHAR(40));
      CREATE TABLE alm_settings(uuid VARCHAR(40), alm_id VARCHAR(40), url VARCHAR(2000));
      CREATE TABLE plugins(kee VARCHAR(200), removed BOOLEAN);
      INSERT INTO schema_migrations VALUES ('6609');
      INSERT INTO properties VALUES ('sonar.core.id', 'ABB010CE-AVcdRncGX_RgEGt_NVoS');
      INSERT INTO users VALUES ('u1', TRUE, 'sonarqube', NULL, NULL);
      INSERT INTO metrics VALUES ('m1', 'ncloc'), ('m2', 'ncloc_language_distribution');
      INSERT INTO projects VALUES ('AYproj00000000000001', 'TRK');
      INSERT INTO project_branches VALUES
        ('AYproj00000000000001', 'AYproj00000000000001', 'BRANCH');
      INSERT INTO snapshots VALUES ('s1', 'AYproj00000000000001', TRUE, 1663000000000);
      INSERT INTO live_measures VALUES
        ('AYproj00000000000001', 'AYproj00000000000001', 'm1', 4711);
      INSERT INTO project_measures VALUES ('s1', 'AYproj00000000000001', 'm2', 'java=4711');
      """;

  @TempDir Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void fromADatabaseToAReportAndOff() throws Exception {
    Products products = new Products();
    ReceiverSettings settings =
        ReceiverSettings.of(folder.resolve("data")).withAddress("127.0.0.1", 0);
    Server database =
        Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
            .start();
    Path store = keyStore();
    try (Serve.Running running = Serve.Running.start(settings, products, Clock.systemUTC());
        Connection connection =
            DriverManager.getConnection(
                "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./sonar;NON_KEYWORDS=VALUE",
                "",
                "");
        Statement sql = connection.createStatement()) {
      sql.execute(TABLES);
      HttpsServer door = door(store, running.address());
      Path conf = home(database.getPort(), door.getAddress().getPort(), store);
      try (Telemetry telemetry = agent().telemetry(Clock.systemUTC()).start()) {
        await(() -> instance(running, products).contains("active"));
        assertThat(instance(running, products))
            .containsExactly(
                "ABB010CE-AVcdRncGX_RgEGt_NVoS", "active", "9.7.0.61563", "1", "1", "4711");
        Files.writeString(conf, "sonar.telemetry.enabled = false\n", StandardOpenOption.APPEND);
        await(() -> instance(running, products).contains("opted-out"));
        assertThat(telemetry.status().sent().stream().map(m -> m.type()))
            .containsExactly("ping", "opt-out");
        assertThat(telemetry.status().sent()).allMatch(m -> m.to().startsWith("https://"));
      } finally {
        door.stop(0);
      }
    } finally {
      database.stop();
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

  private Path home(int databasePort, int doorPort, Path store) throws Exception {
    Path home = folder.resolve("home");
    Path drivers = Files.createDirectories(home.resolve("lib/jdbc/h2"));
    Files.copy(
        Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
        drivers.resolve("h2.jar"));
    Files.createFile(home.resolve("lib/sonar-application-9.7.0.61563.jar"));
    Path conf = Files.createDirectories(home.resolve("conf")).resolve("sonar.properties");
    return Files.writeString(
        conf,
        """
        sonar.embeddedDatabase.port=%d
        candor.telemetry.url=https://localhost:%d/sonarqube
        candor.telemetry.trustStore=%s
        candor.telemetry.trustStorePassword=changeit
        sonar.telemetry.frequencyInSeconds=1
        sonar.telemetry.lock.delay=1
        """
            .formatted(databasePort, doorPort, store));
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
