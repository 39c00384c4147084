package dev.candor.collector.dashboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.Receiver;
import dev.candor.dictionary.Dictionary;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "of the test's own".toCharArray();

  @TempDir Path folder;
  private Clock clock = Clock.systemUTC();

  @Test
  void speaksTlsAndKeepsTheCookieToIt() throws Exception {
    KeyStore made = make("RSA", "one");
    Dictionary dictionary = SonarQube.dictionary();
    List<Product> products = List.of(Product.of(dictionary, List.of()));
    DashboardSettings settings =
        new DashboardSettings(
            folder,
            "localhost",
            0,
            Optional.of(folder.resolve("chain.pem")),
            Optional.of(folder.resolve("key.pem")),
            false,
            Optional.empty(),
            5,
            Optional.empty());
    try (Store store = Store.open(folder, products, Clock.systemUTC());
        Receiver receiver = Running.receiver(folder, store, products, Clock.systemUTC());
        Dashboard dashboard =
            Dashboard.start(settings, store, products, receiver, Clock.systemUTC());
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(made)).build()) {
      URI first = dashboard.firstStart().orElseThrow();
      assertThat(first).hasScheme("https");
      HttpResponse<String> in =
          client.send(
              HttpRequest.newBuilder(first)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "password=correct+horse+battery&again=correct+horse+battery"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(in.statusCode()).isEqualTo(303);
      assertThat(in.headers().firstValue("Set-Cookie"))
          .hasValueSatisfying(
              cookie -> assertThat(cookie).startsWith("__Host-candor=").endsWith("; Secure"));
      assertThat(in.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void aChangedCertificateIsTakenUpAndABrokenOneIsNot() throws Exception {
    make("EC", "old");
    Tls tls = tls();
    tls.factory().start();
    assertThat(name(tls)).isEqualTo("CN=old");
    make("RSA", "new");
    touch(1);
    tls.run();
    assertThat(name(tls)).isEqualTo("CN=new");
    Files.writeString(folder.resolve("key.pem"), "no key");
    touch(2);
    tls.run();
    assertThat(name(tls)).isEqualTo("CN=new");
    tls.factory().stop();
    assertThatThrownBy(() -> tls())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected an unencrypted PKCS 8 key in PEM");
  }

  private Tls tls() throws IOException {
    return new Tls(folder.resolve("chain.pem"), folder.resolve("key.pem"), clock);
  }

  private Dashboard start(Store store, List<Product> products, Receiver receiver)
      throws IOException {
    return Dashboard.start(
        new DashboardSettings(
            folder,
            "localhost",
            0,
            Optional.of(folder.resolve("chain.pem")),
            Optional.of(folder.resolve("key.pem")),
            false,
            Optional.empty(),
            5,
            Optional.empty()),
        store,
        products,
        receiver,
        clock);
  }

  @Test
  void aKeyOfAnotherCertificateIsRefusedAtTheStart() throws Exception {
    List<Product> products = List.of(Product.of(SonarQube.dictionary(), List.of()));
    try (Store store = Store.open(folder, products, clock);
        Receiver receiver = Running.receiver(folder, store, products, clock)) {
      for (List<String> pair :
          List.of(
              List.of("RSA", "RSA"),
              List.of("EC", "EC"),
              List.of("RSA", "EC"),
              List.of("Ed25519", "Ed25519"),
              List.of("EC", "Ed25519"))) {
        make(pair.getFirst(), "one");
        String chain = read("chain.pem");
        make(pair.getLast(), "two");
        write("chain.pem", chain);
        assertThatThrownBy(() -> start(store, products, receiver))
            .as(pair.toString())
            .isInstanceOf(IOException.class)
            .hasMessageContaining("key.pem does not belong to the certificate")
            .hasMessageContaining("CN=one");
      }
      for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS")) {
        make(algorithm, "own");
        start(store, products, Running.receiver(folder, store, products, clock)).close();
      }
    }
  }

  @Test
  void eachFileThatIsNoneIsNamedWithWhatIsWrong() throws Exception {
    make("RSA", "one");
    String chain = read("chain.pem");
    String key = read("key.pem");
    String encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    String old = key.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    String torn = chain.substring(0, chain.length() / 2);
    String garbled = chain.replaceFirst("MII", "AAA");
    for (List<String> odd :
        List.of(
            List.of("chain.pem", "", "chain.pem is empty"),
            List.of("key.pem", "", "key.pem is empty"),
            List.of("key.pem", encrypted, "has a password; openssl pkcs8 -topk8 -nodes"),
            List.of("key.pem", old, "\"BEGIN RSA PRIVATE KEY\"; openssl pkcs8 -topk8 -nodes"),
            List.of("key.pem", chain, "are the files swapped?"),
            List.of("key.pem", key.replaceFirst("MII", "AAA"), "expected a key of one of"),
            List.of("chain.pem", key, "expected certificates in PEM"),
            List.of("chain.pem", torn, "expected certificates in PEM"),
            List.of("chain.pem", garbled, "a certificate that cannot be read"),
            List.of("chain.pem", "\0".repeat(4096), "expected certificates in PEM"))) {
      write("chain.pem", chain);
      write("key.pem", key);
      write(odd.get(0), odd.get(1));
      assertThatThrownBy(this::tls)
          .as(odd.getLast())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(odd.get(0))
          .hasMessageContaining(odd.get(2));
    }
    Files.delete(folder.resolve("chain.pem"));
    assertThatThrownBy(this::tls).hasMessageContaining("chain.pem: there is no such file");
  }

  @Test
  void aMismatchedPairIsNotTakenUpUntilBothFilesAreThere() throws Exception {
    make("EC", "old");
    Tls tls = tls();
    tls.factory().start();
    make("EC", "new");
    String key = read("key.pem");
    String chain = read("chain.pem");
    make("EC", "third");
    write("chain.pem", chain);
    touch(1);
    List<String> log = logged(tls);
    assertThat(name(tls)).isEqualTo("CN=old");
    assertThat(log).singleElement().asString().contains("the one before stays", "does not belong");
    assertThat(logged(tls)).isEmpty();
    write("key.pem", key);
    touch(-100);
    logged(tls);
    assertThat(name(tls)).isEqualTo("CN=new");
    tls.factory().stop();
  }

  @Test
  void saysWhenACertificateHasExpiredOrSoonWill() throws Exception {
    make("EC", "dated", "-startdate", "-10d", "-validity", "40");
    for (Map.Entry<Integer, String> day :
        Map.of(-11, "is good only from", 0, "", 17, "expires at", 31, "expired at").entrySet()) {
      clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(day.getKey()));
      List<String> log = new ArrayList<>();
      Tls[] tls = new Tls[1];
      log.addAll(logged(() -> tls[0] = tls()));
      if (day.getValue().isEmpty()) {
        assertThat(log).as("day " + day.getKey()).isEmpty();
      } else {
        assertThat(log).singleElement().asString().contains("chain.pem", day.getValue());
      }
      assertThat(logged(tls[0])).as("once a day").isEmpty();
    }
  }

  @Test
  void aChainInTheWrongOrderIsPutRight() throws Exception {
    make("EC", "authority", "-ext", "bc:c");
    String authority = read("chain.pem");
    make("RSA", "stranger");
    String stranger = read("chain.pem");
    makeBelow("authority", "own");
    String own = read("chain.pem");
    write("chain.pem", authority + stranger + own);
    Tls[] tls = new Tls[1];
    assertThat(logged(() -> tls[0] = tls())).singleElement().asString().contains("chain.pem");
    tls[0].factory().start();
    assertThat(name(tls[0])).isEqualTo("CN=own");
    assertThat(tls[0].factory().getKeyStore().getCertificateChain("dashboard"))
        .extracting(one -> ((X509Certificate) one).getSubjectX500Principal().getName())
        .containsExactly("CN=own", "CN=authority");
    tls[0].factory().stop();
  }

  @Test
  void handshakesThatFailAreCountedAndSaidWithoutAnAddress() throws Exception {
    make("RSA", "one");
    List<Product> products = List.of(Product.of(SonarQube.dictionary(), List.of()));
    try (Store store = Store.open(folder, products, clock);
        Receiver receiver = Running.receiver(folder, store, products, clock);
        Dashboard dashboard = start(store, products, receiver);
        HttpClient distrusting = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () ->
                    distrusting.send(
                        HttpRequest.newBuilder(dashboard.address()).build(),
                        HttpResponse.BodyHandlers.discarding()))
            .isInstanceOf(IOException.class);
        // Who hangs up at once may not be heard; who speaks no TLS is.
        try (Socket plain =
            new Socket(dashboard.address().getHost(), dashboard.address().getPort())) {
          plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
          plain.getInputStream().readAllBytes();
        } catch (SocketException e) {
          assertThat(e).hasMessageContaining("reset"); // The server hung up before it read all.
        }
      }
      String metrics = metrics(receiver);
      long end = System.nanoTime() + 60_000_000_000L;
      while (System.nanoTime() < end && metrics.matches("(?s).*handshakes_total [0-2]\\.0.*")) {
        metrics = metrics(receiver); // The server hears of it a little later.
      }
      assertThat(metrics)
          .containsPattern("candor_dashboard_failed_handshakes_total [3-6]\\.0")
          .contains("candor_dashboard_certificate_expires_seconds ");
    }
  }

  private static String metrics(Receiver receiver) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(receiver.address().resolve("/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private interface Doing {
    void it() throws Exception;
  }

  private static List<String> logged(Tls tls) throws Exception {
    return logged(tls::run);
  }

  /** What is warned of meanwhile. */
  private static List<String> logged(Doing doing) throws Exception {
    List<String> lines = new ArrayList<>();
    Handler capture =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
              lines.add(new SimpleFormatter().formatMessage(line));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger ours = Logger.getLogger("dev.candor.collector");
    ours.addHandler(capture);
    try {
      doing.it();
    } finally {
      ours.removeHandler(capture);
    }
    return lines;
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void touch(int seconds) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("key.pem"), FileTime.from(Instant.now().plusSeconds(seconds)));
  }

  private static String name(Tls tls) throws Exception {
    KeyStore store = tls.factory().getKeyStore();
    return ((X509Certificate) store.getCertificate("dashboard"))
        .getSubjectX500Principal()
        .getName();
  }

  /** Makes a key with the JDK's own tool, and the PEM files of it. */
  private KeyStore make(String algorithm, String name, String... more) throws Exception {
    Files.deleteIfExists(folder.resolve(name + ".p12"));
    return make(folder.resolve(name + ".p12"), "own", algorithm, name, more);
  }

  /** Makes a key whose certificate another one's signs. */
  private void makeBelow(String authority, String name) throws Exception {
    make(folder.resolve(authority + ".p12"), "below", "EC", name, "-signer", "own");
  }

  private KeyStore make(Path file, String alias, String algorithm, String name, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    pem("chain.pem", "CERTIFICATE", store.getCertificate(alias).getEncoded());
    pem("key.pem", "PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded());
    return store;
  }

  private void pem(String file, String what, byte[] bytes) throws IOException {
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }

  private static SSLContext trusting(KeyStore made) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("own", made.getCertificate("own"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
