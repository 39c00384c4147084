package dev.candor.collector.dashboard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS from PEM files, read again when they change. */
final class Tls implements Runnable {
  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private final Path certificate;
  private final Path key;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private FileTime read;

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be read or is not what it should be
   */
  Tls(Path certificate, Path key) throws IOException {
    this.certificate = certificate;
    this.key = key;
    this.read = changed();
    factory.setKeyStore(keyStore());
    factory.setKeyStorePassword("");
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  SslContextFactory.Server factory() {
    return factory;
  }

  /** Reads the files again if they have changed; if they cannot be, the old ones stay in use. */
  @Override
  public void run() {
    try {
      FileTime now = changed();
      if (!now.equals(read)) {
        KeyStore fresh = keyStore();
        factory.reload(reloaded -> reloaded.setKeyStore(fresh));
        read = now;
        LOG.log(Level.INFO, "the dashboard uses the new certificate of {0}", certificate);
      }
    } catch (Exception e) {
      LOG.log(
          Level.WARNING,
          "the changed certificate {0} cannot be used; the one before stays: {1}",
          certificate,
          e.getMessage());
    }
  }

  private FileTime changed() throws IOException {
    FileTime one = Files.getLastModifiedTime(certificate);
    FileTime other = Files.getLastModifiedTime(key);
    return one.compareTo(other) > 0 ? one : other;
  }

  private KeyStore keyStore() throws IOException {
    try {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)));
      if (chain.isEmpty()) {
        throw new IOException(certificate + ": expected certificates in PEM");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, new char[0]);
      store.setKeyEntry("dashboard", privateKey(), new char[0], chain.toArray(new Certificate[0]));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          certificate + " and " + key + " cannot be used for TLS: " + e.getMessage(), e);
    }
  }

  private PrivateKey privateKey() throws IOException, GeneralSecurityException {
    Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IOException(
          key + ": expected an unencrypted PKCS 8 key in PEM (\"BEGIN PRIVATE KEY\")");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (InvalidKeySpecException e) {
        // The next may fit.
      }
    }
    throw new IOException(key + ": expected a key of one of " + ALGORITHMS);
  }
}
