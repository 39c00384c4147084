package dev.candor.collector.dashboard;

import dev.candor.collector.PublicUrl;
import dev.candor.collector.access.OpenIdSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a dashboard is set up.
 *
 * @param data the data directory, the same as the store's
 * @param host name or address to listen on
 * @param port port to listen on; 0 for any that is free
 * @param certificate PEM file with its certificate and those above it; empty for plain HTTP
 * @param key PEM file with the certificate's private key, PKCS 8 without a password
 * @param behindProxy whether a proxy in front of it speaks TLS
 * @param publicUrl where browsers find it, without a path; empty where it listens
 * @param threshold groups of fewer instances than this are folded for viewers
 * @param openId how people come in by OpenID Connect; empty for passwords alone
 */
public record DashboardSettings(
    Path data,
    String host,
    int port,
    Optional<Path> certificate,
    Optional<Path> key,
    boolean behindProxy,
    Optional<URI> publicUrl,
    int threshold,
    Optional<OpenIdSettings> openId) {

  /** Loopback only, port 7701, groups of fewer than five folded. */
  public static DashboardSettings of(Path data) {
    return new DashboardSettings(
        data,
        "127.0.0.1",
        7701,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        5,
        Optional.empty());
  }

  public DashboardSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ": expected 0 to 65535");
    }
    if (threshold < 1 || threshold > 1000) {
      throw new IllegalArgumentException("threshold " + threshold + ": expected 1 to 1000");
    }
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("TLS needs both: a certificate file and a key file");
    }
    if (certificate.isEmpty() && !behindProxy && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "a dashboard at \""
              + host
              + "\" can be reached by others: give it TLS with a certificate and a key file, or say"
              + " that a proxy in front of it speaks TLS");
    }
    publicUrl = publicUrl.map(given -> PublicUrl.of("--public-url", given.toString()));
    publicUrl = publicUrl.or(() -> openId.map(OpenIdSettings::publicUrl));
    if (publicUrl.isPresent()) {
      String origin = PublicUrl.origin(publicUrl.get());
      if (openId.isPresent() && !origin.equals(PublicUrl.origin(openId.get().publicUrl()))) {
        throw new IllegalArgumentException(
            "--public-url and the public_url of OpenID Connect's file differ: keep one of them");
      }
      if (!publicUrl.get().getRawPath().matches("/?")) {
        throw new IllegalArgumentException(
            "--public-url: expected no path, for the dashboard takes the whole of a host: give it a"
                + " name or a port of its own");
      }
      boolean tls = origin.startsWith("https:");
      if (tls != (certificate.isPresent() || behindProxy)) {
        throw new IllegalArgumentException(
            tls
                ? "public_url is https: give the dashboard a certificate and a key file, or say that"
                    + " a proxy in front of it speaks TLS"
                : "public_url is http, but the dashboard is reached by TLS: write https");
      }
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** These settings, listening there. */
  public DashboardSettings withAddress(String newHost, int newPort) {
    return new DashboardSettings(
        data, newHost, newPort, certificate, key, behindProxy, publicUrl, threshold, openId);
  }

  /** These settings, with a proxy in front that speaks TLS. */
  public DashboardSettings behindTlsProxy() {
    return new DashboardSettings(
        data, host, port, certificate, key, true, publicUrl, threshold, openId);
  }

  /** These settings, found by browsers there. */
  public DashboardSettings withPublicUrl(URI newUrl) {
    return new DashboardSettings(
        data, host, port, certificate, key, behindProxy, Optional.of(newUrl), threshold, openId);
  }

  /** These settings, with people coming in by OpenID Connect as well. */
  public DashboardSettings withOpenId(OpenIdSettings newOpenId) {
    return new DashboardSettings(
        data,
        host,
        port,
        certificate,
        key,
        behindProxy,
        publicUrl,
        threshold,
        Optional.of(newOpenId));
  }

  /** Whether its pages travel encrypted, so that cookies may be kept to that. */
  boolean isSecure() {
    return certificate.isPresent() || behindProxy;
  }
}
