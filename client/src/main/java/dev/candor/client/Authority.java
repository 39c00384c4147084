package dev.candor.client;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom an address names. {@link URI} tells no host whose name has an underscore, as names within a
 * Compose network and on Windows often do; this does.
 *
 * @param host a name, or an address, IPv6 in brackets
 * @param port -1 where none is given
 */
public record Authority(String host, int port) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[^@]*@)?([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?)(?::([0-9]{0,9}))?");

  /** Of an address; empty where it names no host. */
  public static Optional<Authority> of(URI uri) {
    if (uri.getHost() != null) {
      return Optional.of(new Authority(uri.getHost(), uri.getPort()));
    }
    Matcher name = NAME.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!name.matches()) {
      return Optional.empty();
    }
    String port = name.group(2) == null ? "" : name.group(2);
    return Optional.of(new Authority(name.group(1), port.isEmpty() ? -1 : Integer.parseInt(port)));
  }

  /** As it stands in an address. */
  @Override
  public String toString() {
    return port < 0 ? host : host + ":" + port;
  }
}
