package dev.candor.client;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a request goes through: {@code http.proxyHost} and its family first, as the JVM names
 * them, else the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}.
 */
final class Proxies extends ProxySelector {
  /** A proxy; user and password are both empty where it needs none. */
  private record Via(String host, int port, String user, String password) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private static final String NEVER = "localhost|127.*|[::1]";

  private final Function<String, @Nullable String> properties;
  private final Map<String, String> environment;

  /**
   * Proxies as set.
   *
   * @param properties the {@code http.proxyHost} family by name, null where one is not set
   * @param environment variables by name
   */
  Proxies(Function<String, @Nullable String> properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(
        via(uri)
            .map(
                via ->
                    new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(via.host(), via.port())))
            .orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The request itself fails and says so.
  }

  /** The proxy's address for people, if a request to this URI goes through one. */
  Optional<String> describe(URI uri) {
    return via(uri).map(Via::toString);
  }

  /** Answers a proxy that asks for a password; never a server. */
  Optional<Authenticator> authenticator(URI uri) {
    return via(uri)
        .filter(via -> !via.user().isEmpty())
        .map(
            via ->
                new Authenticator() {
                  @Override
                  protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                    return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(via.user(), via.password().toCharArray())
                        : null;
                  }
                });
  }

  private Optional<Via> via(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String proxy = properties.apply(scheme + ".proxyHost");
    if (proxy != null && !proxy.isBlank()) {
      String never = properties.apply("http.nonProxyHosts");
      if (matches(host, never == null ? NEVER : never, "\\|")) {
        return Optional.empty();
      }
      return Optional.of(
          new Via(
              proxy.strip(),
              port(properties.apply(scheme + ".proxyPort"), scheme.equals("https") ? 443 : 80),
              text(scheme + ".proxyUser", "http.proxyUser"),
              text(scheme + ".proxyPassword", "http.proxyPassword")));
    }
    String variable = variable(scheme + "_proxy");
    if (variable.isBlank()
        || matches(host, NEVER, "\\|")
        || matches(host, variable("no_proxy"), "[, ]+")) {
      return Optional.empty();
    }
    return parse(variable);
  }

  private static Optional<Via> parse(String variable) {
    URI uri = URI.create(variable.contains("://") ? variable : "http://" + variable);
    if (uri.getHost() == null) {
      return Optional.empty();
    }
    String[] login =
        uri.getRawUserInfo() == null ? new String[] {""} : uri.getRawUserInfo().split(":", 2);
    return Optional.of(
        new Via(
            uri.getHost(),
            uri.getPort() < 0 ? 80 : uri.getPort(),
            URLDecoder.decode(login[0], StandardCharsets.UTF_8),
            login.length < 2 ? "" : URLDecoder.decode(login[1], StandardCharsets.UTF_8)));
  }

  private String variable(String name) {
    String lower = environment.get(name);
    return lower != null ? lower : environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
  }

  private String text(String first, String second) {
    String value = properties.apply(first);
    String other = value == null ? properties.apply(second) : value;
    return other == null ? "" : other;
  }

  private static int port(@Nullable String text, int otherwise) {
    return text == null || !text.strip().matches("[0-9]{1,5}")
        ? otherwise
        : Integer.parseInt(text.strip());
  }

  /** Patterns such as {@code *.example.com}; a plain name means its sub-domains too. */
  private static boolean matches(String host, String patterns, String separator) {
    for (String raw : patterns.toLowerCase(Locale.ROOT).split(separator, -1)) {
      String pattern = raw.strip();
      if (pattern.isEmpty()) {
        continue;
      }
      boolean whole = pattern.equals("*") || pattern.equals(host);
      boolean end = pattern.startsWith("*") && host.endsWith(pattern.substring(1));
      boolean start =
          pattern.endsWith("*") && host.startsWith(pattern.substring(0, pattern.length() - 1));
      String domain = pattern.startsWith(".") ? pattern : "." + pattern;
      if (whole || end || start || host.endsWith(domain)) {
        return true;
      }
    }
    return false;
  }
}
