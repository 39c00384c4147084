package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.Receiver;
import dev.candor.dictionary.Dictionary;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.InputStream;
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
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "of the test's own".toCharArray();

  @TempDir Path folder;

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
    Tls tls = new Tls(folder.resolve("chain.pem"), folder.resolve("key.pem"));
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
    assertThatThrownBy(() -> new Tls(folder.resolve("chain.pem"), folder.resolve("key.pem")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected an unencrypted PKCS 8 key in PEM");
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
  private KeyStore make(String algorithm, String name) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
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
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    pem("chain.pem", "CERTIFICATE", store.getCertificate("own").getEncoded());
    pem("key.pem", "PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded());
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
