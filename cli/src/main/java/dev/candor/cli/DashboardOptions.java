package dev.candor.cli;

import dev.candor.collector.access.OpenIdSettings;
import dev.candor.collector.dashboard.DashboardSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how the dashboard is shown. */
final class DashboardOptions {
  @Option(
      names = "--dashboard",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7701",
      description = "Where the dashboard listens (default: ${DEFAULT-VALUE}); \"off\" for none.")
  private String address = "127.0.0.1:7701";

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The dashboard's certificate chain in PEM; read again when it changes.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The certificate's private key in PEM (PKCS 8).")
  private @Nullable Path key;

  @Option(
      names = "--behind-tls-proxy",
      description = "A proxy in front of the dashboard speaks TLS.")
  private boolean behindProxy;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description =
          "Where browsers find the dashboard, such as https://candor.example.com, if a proxy "
              + "stands in front of it: for links, and to know its own pages. https says that the "
              + "proxy speaks TLS.")
  private @Nullable URI publicUrl;

  @Option(
      names = "--threshold",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Groups of fewer instances are folded or withheld for viewers (default: ${DEFAULT-VALUE}).")
  private int threshold = 5;

  @Option(
      names = "--oidc",
      paramLabel = "FILE",
      description =
          "Sign-in by OpenID Connect as this file says: issuer, client_id, client_secret_file, "
              + "public_url, role.viewer = GROUP and more (docs/dashboard.md).")
  private @Nullable Path openId;

  /** Whether browsers speak TLS, which then is a proxy's. */
  private boolean isProxied() {
    return publicUrl != null
        && "https".equalsIgnoreCase(publicUrl.getScheme())
        && certificate == null;
  }

  /** None if it is off. */
  Optional<DashboardSettings> settings(Path data) {
    if (address.equals("off")) {
      return Optional.empty();
    }
    Address at = Address.parse("--dashboard", address);
    try {
      DashboardSettings settings =
          new DashboardSettings(
              data,
              at.host(),
              at.port(),
              Optional.ofNullable(certificate),
              Optional.ofNullable(key),
              behindProxy || isProxied(),
              Optional.ofNullable(publicUrl),
              threshold,
              openId == null
                  ? Optional.empty()
                  : Optional.of(OpenIdSettings.read(openId, Optional.ofNullable(publicUrl))));
      return Optional.of(settings);
    } catch (IOException | IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }
}
