package dev.candor.collector.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How people come in by OpenID Connect, as a file says it: lines of {@code key = value}, UTF-8,
 * without escapes; {@code #} begins a comment line. {@code role.viewer}, {@code role.analyst} and
 * {@code role.administrator} name one group a line and may be repeated.
 *
 * @param issuer the provider's issuer, just as its tokens name it
 * @param clientId how the provider knows this dashboard
 * @param clientSecret what proves it
 * @param publicUrl where browsers find this dashboard, without a path
 * @param scopes what is asked for, {@code openid} first
 * @param groups name of the claim with the groups, or a JSON Pointer to it
 * @param name name of the claim with the name that is shown and noted
 * @param roles the role of each group
 * @param otherwise the role of those in none of these groups; empty to refuse them
 * @param label what the button says
 * @param passwords whether accounts with a password may still sign in
 */
public record OpenIdSettings(
    URI issuer,
    String clientId,
    String clientSecret,
    URI publicUrl,
    List<String> scopes,
    String groups,
    String name,
    Map<String, Role> roles,
    Optional<Role> otherwise,
    String label,
    boolean passwords) {

  /** Where the provider sends browsers back to; below the public URL. */
  public static final String CALLBACK = "/sign-in/oidc/callback";

  private static final String ROLE = "role.";
  private static final String DEFAULT = "role.default";

  public OpenIdSettings {
    scopes = List.copyOf(scopes);
    roles = Map.copyOf(roles);
  }

  /**
   * Reads such a file.
   *
   * @param publicUrl what the file need not say again
   * @throws IOException if it, or the file with the secret, cannot be read
   * @throws IllegalArgumentException if something in it is wrong; names the file, the line, the key
   *     and the mend
   */
  public static OpenIdSettings read(Path file, Optional<URI> publicUrl) throws IOException {
    return new Reader(file).settings(publicUrl);
  }

  /** Reads such a file, which says by itself where browsers find the dashboard. */
  public static OpenIdSettings read(Path file) throws IOException {
    return read(file, Optional.empty());
  }

  /** Where the provider sends browsers back to, in full. */
  public URI callback() {
    return publicUrl.resolve(CALLBACK);
  }

  /** Whether nobody on the way can read what goes there. */
  static boolean isPrivate(URI uri) {
    return uri.getHost() != null
        && ("https".equalsIgnoreCase(uri.getScheme())
            || ("http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri.getHost())));
  }

  /** By its text alone; no name is looked up. */
  private static boolean isLoopback(String host) {
    try {
      return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "OpenIdSettings[issuer=" + issuer + ", clientId=" + clientId + "]";
  }

  private static final class Reader {
    private static final List<String> KEYS =
        List.of(
            "issuer",
            "client_id",
            "client_secret",
            "client_secret_file",
            "public_url",
            "scope",
            "groups",
            "name",
            "role.administrator",
            "role.analyst",
            "role.viewer",
            DEFAULT,
            "label",
            "passwords");

    private record Value(int line, String text) {}

    private final Path file;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();

    Reader(Path file) throws IOException {
      this.file = file;
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          take(i + 1, line);
        }
      }
    }

    private static List<String> lines(Path file) throws IOException {
      try {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        if (!lines.isEmpty()) {
          lines.set(0, lines.getFirst().replaceFirst("^\\uFEFF", "")); // Some editors put it there.
        }
        return lines;
      } catch (NoSuchFileException e) {
        throw new IOException(file + ": there is no such file", e);
      } catch (CharacterCodingException e) {
        throw new IOException(file + " is not UTF-8: save it as such", e);
      } catch (IOException e) {
        throw new IOException(file + " cannot be read: " + e.getMessage(), e);
      }
    }

    private void take(int number, String line) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw wrong(number, "expected \"key = value\"");
      }
      String key = line.substring(0, equals).strip();
      String text = line.substring(equals + 1).strip();
      if (!KEYS.contains(key)) {
        throw wrong(number, "there is no such key; there are " + String.join(", ", KEYS));
      }
      if (text.isEmpty()) {
        throw wrong(number, key, "has no value: give it one or take the line away");
      }
      if (key.startsWith(ROLE) && !key.equals(DEFAULT)) {
        // Somebody in several groups gets the highest of their roles, as does a named-twice group.
        Role role = Role.of(key.substring(ROLE.length()));
        roles.merge(text, role, (one, other) -> one.covers(other) ? one : other);
        return;
      }
      Value before = values.putIfAbsent(key, new Value(number, text));
      if (before != null) {
        throw wrong(number, key, "is in line " + before.line() + " already: take one away");
      }
    }

    OpenIdSettings settings(Optional<URI> publicUrl) throws IOException {
      if (roles.isEmpty() && !values.containsKey(DEFAULT)) {
        throw new IllegalArgumentException(
            file + ": no group has a role, so nobody could come in: add role.viewer = GROUP");
      }
      return new OpenIdSettings(
          parsed("issuer", Reader::issuer),
          needed("client_id"),
          secret(),
          publicUrl.isPresent() && !values.containsKey("public_url")
              ? known(publicUrl.get())
              : parsed("public_url", Reader::origin),
          scopes(),
          text("groups", "groups"),
          text("name", "preferred_username"),
          roles,
          values.containsKey(DEFAULT)
              ? Optional.of(parsed(DEFAULT, Reader::lesserRole))
              : Optional.empty(),
          text("label", "Sign in with OpenID Connect"),
          !values.containsKey("passwords") || parsed("passwords", Reader::onOrOff));
    }

    private String secret() throws IOException {
      Value path = values.get("client_secret_file");
      if (path == null) {
        return needed("client_secret");
      }
      Value inline = values.get("client_secret");
      if (inline != null) {
        throw wrong(
            path.line(), "client_secret_file", "and client_secret exclude each other: keep one");
      }
      List<String> lines = lines(file.resolveSibling(path.text()));
      if (lines.isEmpty() || lines.getFirst().isBlank()) {
        throw wrong(
            path.line(), "client_secret_file", "is empty: put the secret in its first line");
      }
      return lines.getFirst().strip();
    }

    private List<String> scopes() {
      List<String> scopes = new ArrayList<>(List.of("openid"));
      for (String scope : text("scope", "profile").split("\\s+")) {
        if (!scopes.contains(scope)) {
          scopes.add(scope);
        }
      }
      return scopes;
    }

    private static URI issuer(String text) {
      URI uri = URI.create(text);
      if (!isPrivate(uri) || uri.getQuery() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(
            "expected an https URL without query, or http on loopback");
      }
      return uri;
    }

    private static URI origin(String text) {
      URI uri = URI.create(text);
      boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
      if (!isPrivate(uri) || !bare || uri.getQuery() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(
            "expected an https URL without a path, such as https://candor.example.com, or http on"
                + " loopback");
      }
      return uri;
    }

    private static URI known(URI publicUrl) {
      try {
        return origin(publicUrl.toString());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "--public-url, for OpenID Connect: " + e.getMessage(), e);
      }
    }

    private static Role lesserRole(String text) {
      Role role = Role.of(text);
      if (role == Role.ADMINISTRATOR) {
        throw new IllegalArgumentException(
            "would make an administrator of everybody: name their group in role.administrator");
      }
      return role;
    }

    private static boolean onOrOff(String text) {
      return switch (text) {
        case "on" -> true;
        case "off" -> false;
        default -> throw new IllegalArgumentException("expected on or off");
      };
    }

    private String text(String key, String otherwise) {
      Value value = values.get(key);
      return value == null ? otherwise : value.text();
    }

    private String needed(String key) {
      Value value = values.get(key);
      if (value == null) {
        throw new IllegalArgumentException(file + ": " + key + " is missing: add " + key + " = …");
      }
      return value.text();
    }

    private <T> T parsed(String key, Function<String, T> parse) {
      String text = needed(key);
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        Value value = values.get(key);
        throw wrong(value == null ? 0 : value.line(), key, String.valueOf(e.getMessage()));
      }
    }

    private IllegalArgumentException wrong(int line, String key, String why) {
      return wrong(line, key + ": " + why);
    }

    private IllegalArgumentException wrong(int line, String why) {
      return new IllegalArgumentException(file + ":" + line + ": " + why);
    }
  }
}
