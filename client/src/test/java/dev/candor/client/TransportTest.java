package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of the network and of receivers, each made by a real server on this machine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TransportTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  private Answer send(Transport transport) throws Exception {
    Path body = Files.writeString(folder.resolve("m.json"), "{\"id\":\"x\"}");
    Instant now = CLOCK.instant();
    Message message =
        new Message(
            now, "ping", "key-1234", "x", body, 1, now, "", "", now, Message.Outcome.WAITING);
    try (Transport.Session session = transport.open()) {
      return session.send("POST", "", message, CLOCK);
    }
  }

  private static Transport to(int port) {
    return Transport.of(URI.create("http://127.0.0.1:" + port + "/kettle"), "kettle/1.0")
        .proxies(name -> null, Map.of())
        .patience(Duration.ofSeconds(2));
  }

  /** A server that does one thing with each connection. */
  private static ServerSocket server(Conversation conversation) throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Threads.daemon(
            "test-server",
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  conversation.with(socket);
                } catch (IOException e) {
                  // The test is over, or the client gave up: both are its business.
                }
              }
            })
        .start();
    return server;
  }

  private interface Conversation {
    void with(Socket socket) throws IOException;
  }

  private static void readHead(InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    String line = lines.readLine();
    while (line != null && !line.isEmpty()) {
      line = lines.readLine();
    }
  }

  /** Reads until the client is gone. */
  private static void untilGone(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  @Test
  void refused() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(send(to(port))).isEqualTo(Answer.stayed("the connection was refused"));
  }

  @Test
  void resetInTheMiddle() throws Exception {
    try (ServerSocket server = server(socket -> socket.getInputStream().read())) {
      assertThat(send(to(server.getLocalPort())).outcome()).isEqualTo(Message.Outcome.WAITING);
    }
  }

  @Test
  void neverAnswers() throws Exception {
    try (ServerSocket server =
        server(
            socket -> {
              readHead(socket.getInputStream());
              untilGone(socket);
            })) {
      assertThat(send(to(server.getLocalPort()))).isEqualTo(Answer.again("no answer in time"));
    }
  }

  @Test
  void dripsItsAnswer() throws Exception {
    try (ServerSocket server =
        server(
            socket -> {
              readHead(socket.getInputStream());
              OutputStream out = socket.getOutputStream();
              out.write(
                  "HTTP/1.1 202 x\r\nContent-Length: 1000\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              out.flush();
              untilGone(socket);
            })) {
      assertThat(send(to(server.getLocalPort()))).isEqualTo(Answer.again("no answer in time"));
    }
  }

  @Test
  void answersWithoutEnd() throws Exception {
    try (ServerSocket server =
        server(
            socket -> {
              readHead(socket.getInputStream());
              OutputStream out = socket.getOutputStream();
              out.write(
                  "HTTP/1.1 400 x\r\nConnection: close\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              while (true) {
                out.write(new byte[8192]);
              }
            })) {
      assertThat(send(to(server.getLocalPort()))).isEqualTo(Answer.refused("HTTP 400"));
    }
  }

  @Test
  void slowTls() throws Exception {
    try (ServerSocket server =
        server(
            socket -> {
              untilGone(socket);
            })) {
      Transport transport =
          Transport.of(
                  URI.create("https://127.0.0.1:" + server.getLocalPort() + "/kettle"),
                  "kettle/1.0")
              .patience(Duration.ofSeconds(2));
      assertThat(send(transport).outcome()).isEqualTo(Message.Outcome.WAITING);
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsNamedAndOneThatIsPasses() throws Exception {
    Path store = keyStore("localhost");
    try (Receiver receiver = tls(store)) {
      URI uri = URI.create("https://localhost:" + receiver.port() + "/kettle");
      Answer untrusted = send(Transport.of(uri, "kettle/1.0"));
      assertThat(untrusted.outcome()).isEqualTo(Message.Outcome.WAITING);
      assertThat(untrusted.words()).startsWith("TLS failed").contains("trust store");
      assertThat(send(Transport.of(uri, "kettle/1.0").trusting(store, PASSWORD)))
          .isEqualTo(Answer.accepted(202));
      assertThat(receiver.seen()).hasSize(1);
    }
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    Path store = keyStore("elsewhere.example");
    try (Receiver receiver = tls(store)) {
      URI uri = URI.create("https://localhost:" + receiver.port() + "/kettle");
      Answer answer = send(Transport.of(uri, "kettle/1.0").trusting(store, PASSWORD));
      assertThat(answer.words()).startsWith("TLS failed");
      assertThat(receiver.seen()).isEmpty();
    }
  }

  /** By the JDK's own tool. */
  private Path keyStore(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + name,
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

  private static Receiver tls(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new Receiver(server);
  }

  @Test
  void redirectsToAnotherHostAreNotFollowed() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver other = new Receiver()) {
      receiver.reply(308, "Location", other.uri().toString(), "");
      assertThat(send(to(receiver.port())).outcome()).isEqualTo(Message.Outcome.REFUSED);
      receiver.reply(302, "Location", "/elsewhere", "");
      assertThat(send(to(receiver.port())).outcome()).isEqualTo(Message.Outcome.REFUSED);
      assertThat(other.seen()).isEmpty();
      receiver.reply(308, "Location", "/moved", "");
      assertThat(send(to(receiver.port()))).isEqualTo(Answer.accepted(202));
      assertThat(receiver.seen().get(3).path()).isEqualTo("/moved");
      assertThat(receiver.seen().get(3).body()).isEqualTo("{\"id\":\"x\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://telemetry.example/x", "ftp://x", "htp://x", "https:/x", "kettle"})
  void whatIsNotSafeIsRefusedAtOnce(String address) {
    assertThatThrownBy(() -> Transport.of(URI.create(address), "kettle/1.0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address);
  }

  @Test
  void plainHttpElsewhereIsAllowedByNameOnlyAndSecretsAreNotShown() {
    Transport plain =
        Transport.ofPlainHttp(URI.create("http://jane:secret@telemetry.example/x?key=1"), "k/1");
    assertThat(plain.address()).isEqualTo("http://telemetry.example/x");
    Transport keyed =
        Transport.of(URI.create("https://a.example/key_" + "x".repeat(43) + "/kettle"), "k/1");
    assertThat(keyed.address()).isEqualTo("https://a.example/key_…/kettle");
  }

  @Test
  void honoursADateToWaitFor() throws Exception {
    try (Receiver receiver = new Receiver()) {
      receiver.reply(503, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT", "");
      assertThat(send(to(receiver.port())).after()).contains(Duration.ofHours(24));
      receiver.reply(503, "Retry-After", "soon", "");
      assertThat(send(to(receiver.port())).after()).isEmpty();
    }
  }

  @Test
  void goesThroughAProxyWithAPassword() throws Exception {
    AtomicReference<String> authorization = new AtomicReference<>("");
    try (Receiver proxy = new Receiver();
        ServerSocket asking =
            server(
                socket -> {
                  BufferedReader lines =
                      new BufferedReader(
                          new InputStreamReader(
                              socket.getInputStream(), StandardCharsets.US_ASCII));
                  while (true) {
                    String line = lines.readLine();
                    if (line == null) {
                      return;
                    }
                    if (line.toLowerCase(java.util.Locale.ROOT).startsWith("proxy-authorization")) {
                      authorization.set(line);
                    }
                    if (line.isEmpty()) {
                      char[] body = new char[10];
                      for (int n = 0; n < 10; ) {
                        n += lines.read(body, n, 10 - n);
                      }
                      String answer =
                          authorization.get().isEmpty()
                              ? "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                              : "HTTP/1.1 202 x\r\n";
                      socket
                          .getOutputStream()
                          .write(
                              (answer + "Content-Length: 0\r\n\r\n")
                                  .getBytes(StandardCharsets.US_ASCII));
                    }
                  }
                })) {
      assertThat(proxy.seen()).isEmpty();
      Map<String, String> settings =
          Map.of(
              "http.proxyHost", "127.0.0.1",
              "http.proxyPort", "" + asking.getLocalPort(),
              "http.proxyUser", "jane",
              "http.proxyPassword", "secret");
      Transport transport =
          Transport.ofPlainHttp(URI.create("http://telemetry.invalid/kettle"), "kettle/1.0")
              .proxies(settings::get, Map.of())
              .patience(Duration.ofSeconds(5));
      assertThat(send(transport)).isEqualTo(Answer.accepted(202));
      assertThat(authorization.get()).endsWith("Basic amFuZTpzZWNyZXQ=");
      assertThat(transport.proxy()).contains("127.0.0.1:" + asking.getLocalPort());
    }
  }

  @Test
  void readsProxiesFromTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "HTTPS_PROXY", "http://u:p%40@proxy.example:3128", "NO_PROXY", "inside.example,.corp");
    Proxies proxies = new Proxies(name -> null, environment);
    assertThat(proxies.describe(URI.create("https://telemetry.example/x")))
        .contains("proxy.example:3128");
    for (String direct :
        List.of(
            "https://inside.example/",
            "https://a.inside.example/",
            "https://x.corp/",
            "https://127.0.0.1/",
            "http://telemetry.example/")) {
      assertThat(proxies.describe(URI.create(direct))).as(direct).isEmpty();
    }
  }

  @Test
  void knocksWithoutTellingAnything() throws Exception {
    try (Receiver receiver = new Receiver()) {
      Transport.Probe probe = to(receiver.port()).probe(CLOCK);
      assertThat(probe.reached()).isTrue();
      assertThat(probe.ahead().orElseThrow().abs()).isLessThan(Duration.ofSeconds(30));
      assertThat(receiver.seen().get(0).body()).isEmpty();
    }
  }
}
