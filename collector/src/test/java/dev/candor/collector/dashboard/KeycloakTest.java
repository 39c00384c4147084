package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.candor.collector.access.OpenIdSettings;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Coming in by a real Keycloak and its own form, as a browser does. */
@EnabledIfSystemProperty(
    named = "candor.keycloak",
    matches = ".+",
    disabledReason = "needs a Keycloak: -Dcandor.oidc fetches one (170 MB) and tries it")
class KeycloakTest {
  private static final String PUBLIC = "https://candor.example";
  private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

  private static Keycloak keycloak;

  @TempDir Path folder;
  private Running running;
  private Browser browser;

  @BeforeAll
  static void startKeycloak() throws Exception {
    keycloak = new Keycloak(Path.of(System.getProperty("candor.keycloak")));
  }

  @AfterAll
  static void stopKeycloak() {
    if (keycloak != null) {
      keycloak.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    try (InputStream realm =
        Objects.requireNonNull(KeycloakTest.class.getResourceAsStream("/keycloak-realm.json"))) {
      keycloak.admin("POST", "", new String(realm.readAllBytes(), StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("secret"), "of-the-test-alone\n");
    OpenIdSettings settings =
        OpenIdSettings.read(
            Files.writeString(
                folder.resolve("oidc.properties"),
                """
                issuer = %s/realms/company
                client_id = candor
                client_secret_file = secret
                public_url = %s
                role.administrator = telemetry-admins
                role.viewer = staff
                label = Sign in with Keycloak
                """
                    .formatted(keycloak.address(), PUBLIC)));
    running =
        new Running(
            folder.resolve("data"),
            new Running.SettableClock() {
              @Override
              public Instant instant() {
                return Instant.now();
              }
            },
            how -> how.behindTlsProxy().withOpenId(settings));
    browser = new Browser();
  }

  @AfterEach
  void stop() throws Exception {
    running.close();
    browser.client.close();
    keycloak.admin("DELETE", "/company", "");
  }

  /** Keeps the provider's cookies; the dashboard's are handed on by hand. */
  private static final class Browser {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new LinkedHashMap<>();

    HttpResponse<String> get(String address) throws Exception {
      return send(HttpRequest.newBuilder(URI.create(address)));
    }

    HttpResponse<String> submit(HttpResponse<String> page, String name, String password)
        throws Exception {
      Matcher form = FORM.matcher(page.body());
      assertThat(form.find()).as(page.body()).isTrue();
      String body =
          "username="
              + URLEncoder.encode(name, StandardCharsets.UTF_8)
              + "&password="
              + URLEncoder.encode(password, StandardCharsets.UTF_8);
      return send(
          HttpRequest.newBuilder(page.uri().resolve(form.group(1).replace("&amp;", "&")))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      if (!cookies.isEmpty()) {
        request.header("Cookie", String.join("; ", cookies.values()));
      }
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      for (String set : answer.headers().allValues("Set-Cookie")) {
        String cookie = set.split(";", 2)[0];
        cookies.put(cookie.split("=", 2)[0], cookie);
      }
      return answer;
    }
  }

  private static Optional<String> location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location");
  }

  /** What the provider shows or where it leads to, at the end of its form. */
  private HttpResponse<String> atProvider(HttpResponse<String> away, String name) throws Exception {
    HttpResponse<String> page = browser.get(location(away).orElseThrow());
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    return browser.submit(page, name, name + "'s password");
  }

  private HttpResponse<String> back(HttpResponse<String> away, HttpResponse<String> answer)
      throws Exception {
    String back = location(answer).orElseThrow(() -> new AssertionError(answer.body()));
    assertThat(back).startsWith(PUBLIC + OpenIdSettings.CALLBACK);
    return running.get(back.substring(PUBLIC.length()), "Cookie", Running.cookie(away));
  }

  private HttpResponse<String> come(String name) throws Exception {
    HttpResponse<String> away = running.get("/sign-in/oidc?to=/p/sonarqube/reports");
    return back(away, atProvider(away, name));
  }

  private String reports(HttpResponse<String> in) throws Exception {
    assertThat(in.statusCode()).as(in.body()).isEqualTo(303);
    assertThat(location(in)).hasValue("/p/sonarqube/reports");
    return running.get("/p/sonarqube/reports", "Cookie", Running.cookie(in)).body();
  }

  private String signOut(HttpResponse<String> in) throws Exception {
    String before = "name=\"csrf\" value=\"";
    String page = reports(in);
    int at = page.indexOf(before) + before.length();
    Map<String, String> form = Map.of("csrf", page.substring(at, page.indexOf('"', at)));
    String out = running.post("/sign-out", form, "Cookie", Running.cookie(in)).body();
    Matcher link =
        Pattern.compile("href=\"(" + Pattern.quote(keycloak.address()) + "[^\"]*)\"").matcher(out);
    assertThat(link.find()).as(out).isTrue();
    return link.group(1).replace("&amp;", "&");
  }

  @Test
  void theGroupGivesTheRole() throws Exception {
    assertThat(running.get("/sign-in").body()).contains("Sign in with Keycloak");
    HttpResponse<String> alice = come("alice");
    assertThat(reports(alice)).contains("oidc:alice", "(administrator)");
    assertThat(running.get("/admin/audit", "Cookie", Running.cookie(alice)).body())
        .contains("oidc:alice", "as administrator");

    browser.cookies.clear();
    HttpResponse<String> bob = come("bob");
    assertThat(reports(bob)).contains("oidc:bob", "(viewer)");
    assertThat(running.get("/admin/audit", "Cookie", Running.cookie(bob)).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whoIsInNoGroupWithARoleStaysOutside() throws Exception {
    HttpResponse<String> carol = come("carol");
    assertThat(carol.statusCode()).isEqualTo(403);
    assertThat(carol.body()).contains("none of your groups has a role here");
    assertThat(carol.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void whomTheProviderDoesNotLetInDoesNotComeBack() throws Exception {
    HttpResponse<String> away = running.get("/sign-in/oidc");
    HttpResponse<String> disabled = atProvider(away, "dave");
    assertThat(disabled.statusCode()).isEqualTo(200);
    assertThat(disabled.body()).contains("Account is disabled");
    assertThat(location(disabled)).isEmpty();
  }

  @Test
  void whatChangesAtTheProviderIsSeenAtTheNextSignIn() throws Exception {
    assertThat(reports(come("alice"))).contains("(administrator)");
    String user = "/company/users/" + idOf("/company/users?username=alice");
    String group = idOf("/company/groups?search=telemetry-admins");
    keycloak.admin("DELETE", user + "/groups/" + group, "");
    browser.cookies.clear();
    assertThat(reports(come("alice"))).contains("(viewer)");
    keycloak.admin("PUT", user, "{\"enabled\": false}");
    browser.cookies.clear();
    HttpResponse<String> away = running.get("/sign-in/oidc");
    assertThat(location(atProvider(away, "alice"))).isEmpty();
  }

  private static String idOf(String path) throws Exception {
    return keycloak.admin("GET", path, "").path(0).path("id").asString();
  }

  @Test
  void signingOutThereAsWellAsksForThePasswordAgain() throws Exception {
    String there = signOut(come("bob"));
    // Signed out here alone: the provider still knows the browser and asks nothing.
    HttpResponse<String> away = running.get("/sign-in/oidc?to=/p/sonarqube/reports");
    HttpResponse<String> known = browser.get(location(away).orElseThrow());
    assertThat(known.statusCode()).isEqualTo(302);
    assertThat(reports(back(away, known))).contains("oidc:bob");

    assertThat(location(browser.get(there))).hasValue(PUBLIC + "/sign-in");
    HttpResponse<String> asked = browser.get(location(running.get("/sign-in/oidc")).orElseThrow());
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.body()).contains("name=\"password\"");
  }

  @Test
  void theProviderMayChangeItsKey() throws Exception {
    String before = keyOf(signOut(come("alice")));
    String realm = keycloak.admin("GET", "/company", "").path("id").asString();
    keycloak.admin(
        "POST",
        "/company/components",
        """
        {"name": "next", "providerId": "rsa-generated", "parentId": "%s",
         "providerType": "org.keycloak.keys.KeyProvider",
         "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"],
                    "algorithm": ["RS256"], "keySize": ["2048"]}}"""
            .formatted(realm));
    browser.cookies.clear();
    assertThat(keyOf(signOut(come("alice")))).isNotEqualTo(before);
  }

  private static String keyOf(String signOut) throws Exception {
    String token = signOut.replaceFirst(".*id_token_hint=([^&]*).*", "$1");
    return SignedJWT.parse(token).getHeader().getKeyID();
  }
}
