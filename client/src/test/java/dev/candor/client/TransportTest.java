package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.DataInputStream;
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
import java.util.Base64;
import java.util.List;
import java.util.Locale;
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
      assertThat(send(to(receiver.port())).outcome()).isEqualTo(Message.Outcome.WAITING);
      receiver.reply(302, "Location", "/elsewhere", "");
      assertThat(send(to(receiver.port())).outcome()).isEqualTo(Message.Outcome.WAITING);
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
                    if (line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization")) {
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
  void aHostNameWithAnUnderscoreIsAHostName() throws Exception {
    try (Receiver proxy = new Receiver()) {
      Transport transport =
          Transport.ofPlainHttp(URI.create("http://candor_receiver:7700/kettle"), "kettle/1.0")
              .proxies(
                  Map.of("http.proxyHost", "127.0.0.1", "http.proxyPort", "" + proxy.port())::get,
                  Map.of());
      assertThat(transport.address()).isEqualTo("http://candor_receiver:7700/kettle");
      assertThat(send(transport)).isEqualTo(Answer.accepted(202));
      assertThat(proxy.seen().get(0).path()).isEqualTo("/kettle");
      assertThat(proxy.seen().get(0).host()).isEqualTo("candor_receiver:7700");
    }
    for (String bad :
        List.of("http://a_b:99999/x", "http://a_b:0/x", "http://a b/x", "http:///x")) {
      assertThatThrownBy(() -> Transport.ofPlainHttp(URI.create(bad.replace(" ", "%20")), "k/1"))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Joins a connection to this port of this machine, whatever host was asked for. */
  private static void join(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread back =
          Threads.daemon(
              "test-back",
              () -> {
                try {
                  server.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException e) {
                  // The other side is done.
                }
              });
      back.start();
      client.getInputStream().transferTo(server.getOutputStream());
    }
  }

  @Test
  void aProxysPasswordGoesToTheProxyAloneAndACertificateForANameWithAnUnderscoreHolds()
      throws Exception {
    Path store = keyStore("*.localhost");
    AtomicReference<String> asked = new AtomicReference<>("");
    try (Receiver receiver = tls(store);
        ServerSocket proxy =
            server(
                socket -> {
                  asked.set(head(socket.getInputStream()));
                  String answer =
                      asked.get().toLowerCase(Locale.ROOT).contains("proxy-authorization")
                          ? "HTTP/1.1 200 x\r\n\r\n"
                          : "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                              + "Content-Length: 0\r\nConnection: close\r\n\r\n";
                  socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  if (answer.contains("200")) {
                    join(socket, receiver.port());
                  }
                })) {
      String variable = "http://jane:s%#^@ec@127.0.0.1:" + proxy.getLocalPort();
      for (String host : List.of("a.localhost", "a_b.localhost")) {
        Transport transport =
            Transport.of(URI.create("https://" + host + ":4711/kettle"), "kettle/1.0")
                .proxies(name -> null, Map.of("HTTPS_PROXY", variable))
                .trusting(store, PASSWORD);
        assertThat(send(transport)).as(host).isEqualTo(Answer.accepted(202));
        assertThat(asked.get())
            .startsWith("CONNECT " + host + ":4711 ")
            .contains(
                "uthorization: Basic "
                    + Base64.getEncoder()
                        .encodeToString("jane:s%#^@ec".getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(receiver.seen()).hasSize(2).allMatch(seen -> seen.login().isEmpty());
      Transport other =
          Transport.of(URI.create("https://a_b.elsewhere:4711/kettle"), "kettle/1.0")
              .proxies(name -> null, Map.of("HTTPS_PROXY", variable))
              .trusting(store, PASSWORD);
      assertThat(send(other).words()).startsWith("TLS failed");
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Test
  void goesThroughASocksProxy() throws Exception {
    AtomicReference<String> asked = new AtomicReference<>("");
    try (Receiver receiver = new Receiver();
        ServerSocket socks =
            server(
                socket -> {
                  DataInputStream in = new DataInputStream(socket.getInputStream());
                  in.readByte();
                  in.readNBytes(in.readByte());
                  socket.getOutputStream().write(new byte[] {5, 0});
                  in.readNBytes(4);
                  asked.set(new String(in.readNBytes(in.readByte()), StandardCharsets.US_ASCII));
                  in.readShort();
                  socket.getOutputStream().write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 80});
                  join(socket, receiver.port());
                })) {
      URI uri = URI.create("http://telemetry.invalid/kettle");
      int port = socks.getLocalPort();
      Transport byProperty =
          Transport.ofPlainHttp(uri, "kettle/1.0")
              .proxies(
                  Map.of("socksProxyHost", "127.0.0.1", "socksProxyPort", "" + port)::get,
                  Map.of());
      assertThat(byProperty.proxy()).contains("SOCKS 127.0.0.1:" + port);
      assertThat(send(byProperty)).isEqualTo(Answer.accepted(202));
      assertThat(asked.get()).isEqualTo("telemetry.invalid");
      Transport byVariable =
          Transport.ofPlainHttp(uri, "kettle/1.0")
              .proxies(name -> null, Map.of("ALL_PROXY", "socks5h://127.0.0.1:" + port));
      assertThat(send(byVariable)).isEqualTo(Answer.accepted(202));
      assertThat(receiver.seen()).hasSize(2);
    }
  }

  @Test
  void whereAProxyIsNamedThatCannotBeUsedNothingIsSent() throws Exception {
    try (Receiver receiver = new Receiver()) {
      URI uri = URI.create("http://a.localhost:" + receiver.port() + "/kettle");
      Transport transport =
          Transport.ofPlainHttp(uri, "kettle/1.0")
              .proxies(name -> null, Map.of("http_proxy", "quic://jane:s3cret@proxy:3128"));
      Answer answer = send(transport);
      assertThat(answer.outcome()).isEqualTo(Message.Outcome.WAITING);
      assertThat(answer.words())
          .isEqualTo(transport.problem().orElseThrow())
          .contains("http_proxy");
      assertThat(answer.words()).doesNotContain("s3cret");
      assertThat(receiver.seen()).isEmpty();
    }
  }

  @Test
  void whatAProxyRefusesIsNotTheReceiversWord() throws Exception {
    try (Receiver proxy = new Receiver()) {
      proxy.reply(407, "Proxy-Authenticate", "Basic realm=x", "");
      Transport transport =
          Transport.ofPlainHttp(URI.create("http://telemetry.invalid/kettle"), "kettle/1.0")
              .proxies(name -> null, Map.of("HTTP_PROXY", "127.0.0.1:" + proxy.port()));
      assertThat(send(transport)).isEqualTo(Answer.again("HTTP 407"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html|Please sign in",
        "text/html; charset=utf-8|",
        "application/xhtml+xml|<p/>",
        "|<!DOCTYPE html><title>Hotel</title>",
        "text/plain|\n\ufeff <html>",
        "application/json|<html>"
      })
  void aPageIsNoReceiver(String answer) throws Exception {
    String[] parts = answer.split("\\|", -1);
    try (Receiver receiver = new Receiver()) {
      for (int i = 0; i < 2; i++) {
        receiver.reply(200, "Content-Type", parts[0], parts[1]);
      }
      Answer page = send(to(receiver.port()));
      assertThat(page.outcome()).isEqualTo(Message.Outcome.WAITING);
      assertThat(page.words()).startsWith("HTTP 200 with a web page");
      assertThat(to(receiver.port()).probe("kettle", CLOCK).finding())
          .isEqualTo(Transport.Finding.NONE);
    }
  }

  @Test
  void whatOtherReceiversAnswerCounts() throws Exception {
    try (Receiver receiver = new Receiver()) {
      receiver.reply(200, "Content-Type", "application/json", "{\"ok\":true}");
      receiver.reply(204);
      receiver.reply(201, "Content-Type", "text/plain", "ok");
      for (int status : new int[] {200, 204, 201}) {
        assertThat(send(to(receiver.port()))).isEqualTo(Answer.accepted(status));
      }
    }
  }

  private static Transport.Probe probe(Receiver receiver) throws InterruptedException {
    return to(receiver.port()).probe("kettle", CLOCK);
  }

  @Test
  void aCheckDoesWhatAPingDoesAndTellsNothing() throws Exception {
    try (Receiver receiver = new Receiver()) {
      receiver.reply(204, "Candor-Takes", "kettle", "");
      Transport.Probe probe = probe(receiver);
      assertThat(probe.finding()).isEqualTo(Transport.Finding.RECEIVER);
      assertThat(probe.ahead().orElseThrow().abs()).isLessThan(Duration.ofSeconds(30));
      assertThat(receiver.seen().get(0))
          .returns("POST", Receiver.Seen::method)
          .returns("/kettle", Receiver.Seen::path)
          .returns("{}", Receiver.Seen::body);
      receiver.reply(204, "Candor-Takes", "other", "");
      assertThat(probe(receiver).words()).contains("takes other, not kettle");
    }
  }

  @Test
  void aCheckSaysWhatIsToBeMendedAndWhatCannotBeKnown() throws Exception {
    try (Receiver receiver = new Receiver()) {
      for (int status : new int[] {301, 302, 307, 401, 403, 404, 405, 410, 500, 503}) {
        receiver.reply(status, "Location", "https://elsewhere.example/", "");
        assertThat(probe(receiver).finding()).as("%d", status).isEqualTo(Transport.Finding.NONE);
      }
      for (int status : new int[] {200, 202, 204, 400, 422}) {
        receiver.reply(status);
        Transport.Probe probe = probe(receiver);
        assertThat(probe.finding()).as("%d", status).isEqualTo(Transport.Finding.UNKNOWN);
        assertThat(probe.words()).contains("cannot be known");
      }
      receiver.reply(422, "Content-Type", "application/problem+json", "{\"title\":\"No id\"}");
      assertThat(probe(receiver).finding()).isEqualTo(Transport.Finding.RECEIVER);
      receiver.reply(0);
      assertThat(probe(receiver).finding()).isEqualTo(Transport.Finding.NONE);
    }
  }
}
