package dev.candor.client;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a request goes through: {@code http.proxyHost} and its family first, as the JVM names
 * them and as SonarQube fills them in, else the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY},
 * {@code ALL_PROXY} and {@code NO_PROXY}. Where a proxy is named that cannot be used, nothing is
 * sent: never directly instead.
 */
final class Proxies {
  /** The properties that are read. */
  static final List<String> PROPERTIES =
      List.of(
          "http.proxyHost",
          "http.proxyPort",
          "http.proxyUser",
          "http.proxyPassword",
          "https.proxyHost",
          "https.proxyPort",
          "https.proxyUser",
          "https.proxyPassword",
          "http.nonProxyHosts",
          "socksProxyHost",
          "socksProxyPort",
          "socksNonProxyHosts");

  /** How a request travels. */
  sealed interface Way {}

  /** To its receiver. */
  record Direct() implements Way {}

  /**
   * Through a proxy.
   *
   * @param user empty where it asks for none, as is the password
   */
  record Through(Proxy.Type type, String host, int port, String user, String password)
      implements Way {
    Proxy proxy() {
      String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new Proxy(type, InetSocketAddress.createUnresolved(name, port));
    }

    /** What tells an HTTP proxy who asks. */
    Optional<String> authorization() {
      byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return user.isEmpty()
          ? Optional.empty()
          : Optional.of("Basic " + Base64.getEncoder().encodeToString(login));
    }

    /** For people, without the login. */
    @Override
    public String toString() {
      return (type == Proxy.Type.SOCKS ? "SOCKS " : "") + host + ":" + port;
    }
  }

  /**
   * Nowhere.
   *
   * @param problem which setting is to be mended, without its value, which may hold a password
   */
  record Blocked(String problem) implements Way {}

  /** What the JVM never sends through a proxy, whatever else is set. */
  private static final String NEVER = "localhost|127.*|[::1]|0.0.0.0|[::0]";

  private static final Set<String> SOCKS = Set.of("socks", "socks5", "socks5h");
  private static final int SOCKS_PORT = 1080;
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(?::([0-9]*))?");

  private final Function<String, @Nullable String> properties;
  private final Map<String, String> environment;

  /**
   * Proxies as set.
   *
   * @param properties {@link #PROPERTIES} by name, null where one is not set
   * @param environment variables by name
   */
  Proxies(Function<String, @Nullable String> properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  /** How a request to this address travels. */
  Way way(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = Authority.of(uri).map(Authority::host).orElse("").toLowerCase(Locale.ROOT);
    List<String> families = scheme.equals("https") ? List.of("https", "http") : List.of("http");
    String proxy = first(families, ".proxyHost");
    if (!proxy.isEmpty()) {
      return exempt(host, property("http.nonProxyHosts"))
          ? new Direct()
          : through(
              Proxy.Type.HTTP,
              families.get(0) + ".proxyHost",
              proxy,
              first(families, ".proxyPort"),
              scheme.equals("https") ? 443 : 80,
              first(families, ".proxyUser"),
              first(families, ".proxyPassword"));
    }
    String socks = property("socksProxyHost");
    if (!socks.isEmpty()) {
      return exempt(host, property("socksNonProxyHosts"))
          ? new Direct()
          : through(
              Proxy.Type.SOCKS,
              "socksProxyHost",
              socks,
              property("socksProxyPort"),
              SOCKS_PORT,
              "",
              "");
    }
    return byVariable(scheme, host);
  }

  private String property(String name) {
    String value = properties.apply(name);
    return value == null ? "" : value.strip();
  }

  /** HTTPS takes the place of HTTP's for what it has none of, as SonarQube fills it in. */
  private String first(List<String> families, String end) {
    return families.stream()
        .map(family -> property(family + end))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Way through(
      Proxy.Type type,
      String origin,
      String host,
      String port,
      int usual,
      String user,
      String password) {
    Matcher form =
        HOST.matcher(host.contains("::") && !host.startsWith("[") ? "[" + host + "]" : host);
    int number = port.isEmpty() ? usual : number(port);
    if (!form.matches() || form.group(2) != null) {
      return new Blocked(origin + " is no host's name: a name or an address alone, the port apart");
    }
    if (number < 0) {
      return new Blocked(origin + " comes with a port that is no number from 1 to 65535");
    }
    return new Through(type, form.group(1), number, user, password);
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number == 0 || number > 65_535 ? -1 : number;
  }

  private Way byVariable(String scheme, String host) {
    for (String name : List.of(scheme + "_proxy", "all_proxy")) {
      String found = variable(name).isEmpty() ? name.toUpperCase(Locale.ROOT) : name;
      String value = variable(found);
      if (!value.isEmpty()) {
        return exempt(host, "") || spared(host) ? new Direct() : parse(found, value);
      }
    }
    return new Direct();
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  /**
   * By hand: {@link URI} refuses what passwords are made of. The last {@code @} ends the login, and
   * what is no escape in it stands for itself.
   */
  private static Way parse(String origin, String value) {
    Matcher form = SCHEME.matcher(value);
    String scheme = form.matches() ? form.group(1).toLowerCase(Locale.ROOT) : "http";
    String rest = form.matches() ? form.group(2) : value;
    int at = rest.lastIndexOf('@');
    String login = at < 0 ? "" : rest.substring(0, at);
    Matcher host = HOST.matcher(rest.substring(at + 1).replaceFirst("[/?#].*", ""));
    boolean socks = SOCKS.contains(scheme);
    if (!socks && !scheme.equals("http")) {
      return new Blocked(
          origin
              + " names a kind of proxy that is not known here: http and socks5 are, the value is"
              + " not shown");
    }
    if (!host.matches()) {
      return new Blocked(
          origin + " names no proxy: expected http://[USER:PASSWORD@]HOST:PORT, it is not shown");
    }
    String port = host.group(2) == null ? "" : host.group(2);
    int number = port.isEmpty() ? (socks ? SOCKS_PORT : 80) : number(port);
    if (number < 0) {
      return new Blocked(origin + " has a port that is no number from 1 to 65535");
    }
    if (socks && !login.isEmpty()) {
      return new Blocked(origin + " names a SOCKS proxy with a login, which is not known here");
    }
    int colon = login.indexOf(':');
    return new Through(
        socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
        host.group(1),
        number,
        unescaped(colon < 0 ? login : login.substring(0, colon)),
        colon < 0 ? "" : unescaped(login.substring(colon + 1)));
  }

  private static String unescaped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < given.length; i++) {
      int high = i + 2 < given.length && given[i] == '%' ? Character.digit(given[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(given[i + 2], 16);
      if (low < 0) {
        bytes.write(given[i]);
      } else {
        bytes.write(16 * high + low);
        i += 2;
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** As the JVM has it: whole names between bars, with a star at either end. */
  private static boolean exempt(String host, String patterns) {
    for (String raw : (patterns + "|" + NEVER).toLowerCase(Locale.ROOT).split("\\|", -1)) {
      String pattern = raw.strip();
      boolean anyStart = pattern.startsWith("*");
      boolean anyEnd = pattern.length() > 1 && pattern.endsWith("*");
      String core = pattern.substring(anyStart ? 1 : 0, pattern.length() - (anyEnd ? 1 : 0));
      boolean fits =
          anyStart && anyEnd
              ? host.contains(core)
              : anyStart ? host.endsWith(core) : anyEnd ? host.startsWith(core) : host.equals(core);
      if (!pattern.isEmpty() && fits) {
        return true;
      }
    }
    return false;
  }

  /** As curl has {@code NO_PROXY}: names between commas, each with all below it. */
  private boolean spared(String host) {
    String lower = variable("no_proxy");
    String names = lower.isEmpty() ? variable("NO_PROXY") : lower;
    for (String raw : names.toLowerCase(Locale.ROOT).split("[, ]+", -1)) {
      String name = raw.replaceFirst("^\\*?\\.", "");
      boolean start = raw.endsWith("*") && host.startsWith(raw.substring(0, raw.length() - 1));
      if (start
          || (!name.isEmpty()
              && (host.equals(name)
                  || host.equals("[" + name + "]")
                  || host.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }
}
