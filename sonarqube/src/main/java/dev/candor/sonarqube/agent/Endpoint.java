package dev.candor.sonarqube.agent;

import dev.candor.client.Authority;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where pings go.
 *
 * @param address the receiver's
 * @param because which setting or default decided
 * @param alsoServer whether the server's own daemon sends to the very same address
 */
public record Endpoint(URI address, String because, boolean alsoServer) {
  static final String CANDOR_KEY = "candor.telemetry.url";
  static final String SERVER_KEY = "sonar.telemetry.url";
  static final String VENDOR = "https://telemetry.sonarsource.com/sonarqube";

  /**
   * Decides.
   *
   * @param given an address that goes before all settings
   * @throws SettingsException if the one that decides is no http(s) address
   */
  static Endpoint of(Settings settings, Optional<String> given) throws SettingsException {
    Optional<Setting> own = given.isPresent() ? Optional.empty() : settings.used(CANDOR_KEY);
    Optional<Setting> servers = settings.get(SERVER_KEY).filter(s -> !s.value().isEmpty());
    URI address;
    String because;
    if (given.isPresent()) {
      because = "--url";
      address = parse("--url", given.get(), "");
    } else if (own.isPresent()) {
      because = CANDOR_KEY + " (" + own.get().origin() + ")";
      address = parse(CANDOR_KEY, own.get().value(), own.get().origin());
    } else if (servers.isPresent()) {
      Setting decides = settings.used(SERVER_KEY).orElseThrow();
      because = SERVER_KEY + " (" + decides.origin() + ")";
      address = parse(SERVER_KEY, decides.value(), decides.origin());
    } else {
      because = "the documented default";
      address = URI.create(VENDOR);
    }
    String theirs = servers.map(Setting::value).orElse(VENDOR);
    boolean same = plain(address.toString()).equals(plain(theirs));
    return new Endpoint(address, because, same && SonarSwitch.productSends(settings));
  }

  private static URI parse(String key, String value, String origin) throws SettingsException {
    try {
      URI uri = URI.create(value);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && Authority.of(uri).isPresent()) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with its place.
    }
    throw new SettingsException(
        key
            + ": \""
            + value.replaceAll("//.*@", "//…@")
            + "\" is not an http(s) address"
            + (origin.isEmpty() ? "" : " (" + origin + ")"));
  }

  /** So that two ways to write one address are one. */
  private static String plain(String address) {
    try {
      URI uri = URI.create(address).normalize();
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      int usual = scheme.equals("https") ? 443 : 80;
      Authority whom = Authority.of(uri).orElseThrow(IllegalArgumentException::new);
      int port = whom.port() < 0 ? usual : whom.port();
      String path = String.valueOf(uri.getPath()).replaceAll("/+$", "");
      return scheme + "://" + whom.host().toLowerCase(Locale.ROOT) + ":" + port + path;
    } catch (IllegalArgumentException e) {
      return address;
    }
  }

  /** The two ways out where server and agent would both send to one address. */
  public static String twoSenders(String address) {
    return "the server itself sends its telemetry to "
        + address
        + ", and two senders for one instance help no one. Either set "
        + CANDOR_KEY
        + " in "
        + Settings.FILE
        + " to a receiver of your own and run the agent, or let the server send and do not run it";
  }
}
