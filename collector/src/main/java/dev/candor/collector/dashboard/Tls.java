package dev.candor.collector.dashboard;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS from PEM files, read again when they change. It says in the log when the certificate has
 * expired or soon will, and when no client gets through; whose handshakes failed it never says.
 */
final class Tls implements Runnable, SslHandshakeListener {
  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final Duration SOON = Duration.ofDays(14);

  /** When the files were changed, of which either may be older than the other. */
  private record Changed(FileTime certificate, FileTime key) {}

  private final Path certificate;
  private final Path key;
  private final Clock clock;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong succeeded = new AtomicLong();
  private Changed looked;
  private X509Certificate inUse;
  private @Nullable LocalDate warned;
  private long told;

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be read, is not what it should be, or does not belong to the
   *     other; says which and what to do
   */
  Tls(Path certificate, Path key, Clock clock) throws IOException {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    KeyPairFiles read = new KeyPairFiles(certificate, key);
    this.looked = changed();
    this.inUse = read.certificate();
    factory.setKeyStore(keyStore(read));
    factory.setKeyStorePassword("");
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    warnOfDates();
  }

  SslContextFactory.Server factory() {
    return factory;
  }

  /** How many handshakes failed since the start. */
  long failedHandshakes() {
    return failed.get();
  }

  /** When the certificate in use expires. */
  synchronized Instant expires() {
    return inUse.getNotAfter().toInstant();
  }

  @Override
  public void handshakeSucceeded(Event event) {
    succeeded.incrementAndGet();
  }

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    failed.incrementAndGet();
    LOG.log(Level.DEBUG, "a TLS handshake failed: {0}", failure.getClass().getName());
  }

  /** Reads the files again if they have changed; if they cannot be, the old ones stay in use. */
  @Override
  public synchronized void run() {
    try {
      Changed now = changed();
      if (!now.equals(looked)) {
        looked = now;
        KeyPairFiles read = new KeyPairFiles(certificate, key);
        KeyStore fresh = keyStore(read);
        factory.reload(reloaded -> reloaded.setKeyStore(fresh));
        inUse = read.certificate();
        warned = null;
        LOG.log(Level.INFO, "the dashboard uses the new certificate of {0}", certificate);
      }
    } catch (Exception e) {
      LOG.log(
          Level.WARNING,
          "the changed certificate {0} cannot be used; the one before stays: {1}",
          certificate,
          e.getMessage());
    }
    warnOfDates();
    warnOfFailures();
  }

  /** Once a day, for a log that is read. */
  private void warnOfDates() {
    Instant now = clock.instant();
    Instant from = inUse.getNotBefore().toInstant();
    Instant to = inUse.getNotAfter().toInstant();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (today.equals(warned)) {
      return;
    }
    if (now.isAfter(to)) {
      LOG.log(
          Level.WARNING,
          "the certificate {0} expired at {1}: browsers refuse it; put a new one in its place",
          certificate,
          to);
    } else if (now.isBefore(from)) {
      LOG.log(
          Level.WARNING,
          "the certificate {0} is good only from {1} on: until then browsers refuse it",
          certificate,
          from);
    } else if (now.plus(SOON).isAfter(to)) {
      LOG.log(
          Level.WARNING,
          "the certificate {0} expires at {1}: put a new one in its place before",
          certificate,
          to);
    }
    warned = today;
  }

  /** Scanners fail all the time; where nobody succeeds, something is wrong here. */
  private void warnOfFailures() {
    long failures = failed.get();
    if (succeeded.getAndSet(0) == 0 && failures > told) {
      LOG.log(
          Level.WARNING,
          "{0} TLS handshakes with the dashboard failed and none succeeded: does the certificate"
              + " name the host that browsers ask for, and do they trust who signed it?",
          failures - told);
    }
    told = failures;
  }

  private Changed changed() throws IOException {
    return new Changed(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
  }

  private static KeyStore keyStore(KeyPairFiles read) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, new char[0]);
      store.setKeyEntry("dashboard", read.key(), new char[0], read.chain());
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("these cannot be used for TLS: " + e.getMessage(), e);
    }
  }
}
