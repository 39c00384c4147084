package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.OpenIdConnect;
import dev.candor.collector.access.OpenIdSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming in by a provider of our own making, which can be turned evil. */
class OpenIdTest {
  private static final String PUBLIC = "https://candor.example";

  @TempDir Path folder;
  private final Running.SettableClock clock = new Running.SettableClock();
  private SmallProvider provider;
  private Running running;

  @BeforeEach
  void start() throws Exception {
    provider = new SmallProvider(clock);
    running = running("role.viewer = readers", "role.analyst = diggers");
  }

  @AfterEach
  void stop() {
    running.close();
    provider.close();
  }

  private Running running(String... more) throws IOException {
    Path data = Files.createTempDirectory(folder, "data");
    return new Running(
        data, clock, settings -> settings.behindTlsProxy().withOpenId(settings(more)));
  }

  private OpenIdSettings settings(String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("# How people come in");
    lines.add("issuer = " + provider.issuer());
    lines.add("client_id = " + SmallProvider.CLIENT);
    lines.add("client_secret = " + SmallProvider.SECRET);
    lines.add("public_url = " + PUBLIC);
    lines.addAll(List.of(more));
    try {
      return OpenIdSettings.read(Files.write(folder.resolve("oidc.properties"), lines));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where somebody stands who was sent to the provider. */
  private record Begun(String provider, String cookie) {}

  private Begun begin(String to) throws Exception {
    HttpResponse<String> away = running.get("/sign-in/oidc?to=" + to);
    assertThat(away.statusCode()).isEqualTo(303);
    return new Begun(location(away), Running.cookie(away));
  }

  /** What the provider sends the browser back with, as the proxy hands it on to the dashboard. */
  private String approve(Begun begun) throws Exception {
    String back = location(running.getAt(URI.create(begun.provider())));
    assertThat(back).startsWith(PUBLIC + OpenIdSettings.CALLBACK + "?");
    return back.substring(PUBLIC.length());
  }

  private HttpResponse<String> come(Begun begun) throws Exception {
    return running.get(approve(begun), "Cookie", begun.cookie());
  }

  private HttpResponse<String> come() throws Exception {
    return come(begin(""));
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private void isRefused(HttpResponse<String> answer, int status, String words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void whoComesInHasTheHighestRoleOfTheirGroupsAndANameOfItsOwnKind() throws Exception {
    assertThat(running.get("/sign-in").body()).contains("Sign in with OpenID Connect", "Password");
    provider.claims.put("groups", List.of("diggers", "readers"));
    HttpResponse<String> in = come(begin("/p/sonarqube/instances?q=x"));
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(location(in)).isEqualTo("/p/sonarqube/instances?q=x");
    assertThat(in.headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(
            cookie ->
                assertThat(cookie)
                    .startsWith("__Host-candor=")
                    .contains("; HttpOnly; SameSite=Lax")
                    .endsWith("; Secure"));
    assertThat(running.get(location(in), "Cookie", Running.cookie(in)).body())
        .contains("oidc:alice", "(analyst)");
    assertThat(running.get("/admin/users", "Cookie", Running.cookie(in)).statusCode())
        .isEqualTo(403);
    assertThat(audit())
        .contains(
            "\"who\":\"oidc:alice\",\"action\":\"sign-in\","
                + "\"target\":\"subject subject-of-alice as analyst\"")
        .doesNotContain("code-", "access-", "eyJ", "127.0.0.1");
  }

  private String audit() throws IOException {
    return Files.readString(running.data.resolve("access/audit.ndjson"));
  }

  @Test
  void noGroupNoEntry() throws Exception {
    for (Object groups : List.of(List.of("others", "Readers"), List.of(), "other", 7, Map.of())) {
      provider.claims.put("groups", groups);
      isRefused(come(), 403, "none of your groups has a role here");
    }
    provider.claims.remove("groups");
    isRefused(come(), 403, "none of your groups has a role here");
    assertThat(audit()).contains("\"who\":\"oidc:alice\",\"action\":\"sign-in refused\"");
  }

  @Test
  void groupsMayLieDeeperAndTheRestMayHaveARole() throws Exception {
    running.close();
    running =
        running("groups = /realm_access/roles", "role.analyst = deep", "role.default = viewer");
    provider.claims.put("realm_access", Map.of("roles", List.of("deep")));
    assertThat(roleOf(come())).isEqualTo("analyst");
    provider.claims.put("realm_access", Map.of("roles", "deep"));
    assertThat(roleOf(come())).isEqualTo("analyst");
    provider.claims.remove("realm_access");
    assertThat(roleOf(come())).isEqualTo("viewer");
  }

  private String roleOf(HttpResponse<String> in) throws Exception {
    assertThat(in.statusCode()).as(in.body()).isEqualTo(303);
    String page = running.get("/p/sonarqube/reports", "Cookie", Running.cookie(in)).body();
    String before = "oidc:alice <small>(";
    int at = page.indexOf(before) + before.length();
    return page.substring(at, page.indexOf(')', at));
  }

  @Test
  void aNameCannotPassForMoreThanAName() throws Exception {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("<b>x</b>", "oidc:_b_x_/b_");
    shown.put("a\u202Eb\nc", "oidc:a_b_c");
    shown.put("Zoë O'Hara", "oidc:Zoë O'Hara");
    shown.put("", "oidc:subject-of-alice");
    for (Map.Entry<String, String> name : shown.entrySet()) {
      provider.claims.put("preferred_username", name.getKey());
      assertThat(come().statusCode()).isEqualTo(303);
      assertThat(audit()).contains("\"who\":\"" + name.getValue() + "\",\"action\":\"sign-in\"");
    }
  }

  @Test
  void aTokenThatIsNotGoodLetsNobodyIn() throws Exception {
    Date now = Date.from(clock.instant());
    RSAKey first = provider.key;
    RSAKey stranger = SmallProvider.newKey("first");
    Map<String, SmallProvider.Signing> bad = new LinkedHashMap<>();
    bad.put("audience", c -> signed(c.audience("another")));
    bad.put("no audience", c -> signed(c.audience((String) null)));
    bad.put("issuer", c -> signed(c.issuer("https://evil.example")));
    bad.put("issuer with a slash", c -> signed(c.issuer(provider.issuer() + "/")));
    bad.put("nonce", c -> signed(c.claim("nonce", "another")));
    bad.put("no nonce", c -> signed(c.claim("nonce", null)));
    bad.put("no subject", c -> signed(c.subject(null)));
    bad.put("expired", c -> signed(c.expirationTime(at(now, -61))));
    bad.put("no end", c -> signed(c.expirationTime(null)));
    bad.put("issued in the future", c -> signed(c.issueTime(at(now, 61))));
    bad.put("not yet", c -> signed(c.notBeforeTime(at(now, 61))));
    bad.put("no time of issue", c -> signed(c.issueTime(null)));
    bad.put("for another party", c -> signed(c.claim("azp", "another")));
    bad.put("for two, of no party", c -> signed(c.audience(List.of("candor", "another"))));
    bad.put("unsigned", c -> new PlainJWT(c.build()).serialize());
    bad.put("signed by the public key", c -> mac(c, first));
    bad.put("signed by a stranger", c -> SmallProvider.signed(c, stranger));
    bad.put("without signature", c -> signed(c).replaceAll("[^.]*$", ""));
    bad.put("no token", c -> "");
    bad.put("rubbish", c -> "a.b.c");
    bad.forEach(
        (name, signing) -> {
          provider.signing = signing;
          try {
            isRefused(come(), 503, "the provider cannot be used just now");
          } catch (Exception | AssertionError e) {
            throw new AssertionError(name, e);
          }
        });
    // All that was wrong is what was made wrong.
    provider.signing =
        c ->
            signed(
                c.audience(List.of("candor", "another"))
                    .claim("azp", "candor")
                    .expirationTime(at(now, -59))
                    .issueTime(at(now, 59)));
    assertThat(come().statusCode()).isEqualTo(303);
  }

  private String signed(JWTClaimsSet.Builder claims) throws com.nimbusds.jose.JOSEException {
    return SmallProvider.signed(claims, provider.key);
  }

  private static Date at(Date now, int seconds) {
    return Date.from(now.toInstant().plusSeconds(seconds));
  }

  private static String mac(JWTClaimsSet.Builder claims, RSAKey key)
      throws com.nimbusds.jose.JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
            claims.build());
    token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    return token.serialize();
  }

  @Test
  void theProviderMayChangeItsKeysAtAnyTime() throws Exception {
    assertThat(come().statusCode()).isEqualTo(303);
    RSAKey old = provider.key;
    provider.key = SmallProvider.newKey("second");
    assertThat(come().statusCode()).isEqualTo(303);
    provider.signing = claims -> SmallProvider.signed(claims, old);
    isRefused(come(), 503, "the provider cannot be used just now");
  }

  @Test
  void anotherBrowsersSignInIsNotTakenUp() throws Exception {
    String words = "this sign-in was not begun in this browser";
    String attackers = approve(begin(""));
    // Login CSRF: the victim is led to the attacker's answer, with no sign-in or one of their own.
    isRefused(running.get(attackers), 401, words);
    Begun victim = begin("");
    isRefused(running.get(attackers, "Cookie", victim.cookie()), 401, words);
    // That was its one use.
    isRefused(running.get(approve(victim), "Cookie", victim.cookie()), 401, words);
    // The victim's own state with the attacker's code: the provider sees another verifier.
    Begun another = begin("");
    String mixed =
        approve(another)
            .replaceFirst("code=[^&]*", attackers.replaceFirst(".*(code=[^&]*).*", "$1"));
    isRefused(
        running.get(mixed, "Cookie", another.cookie()), 401, "does not know this code any more");
    isRefused(running.get(OpenIdSettings.CALLBACK, "Cookie", begin("").cookie()), 401, words);
    isRefused(running.get(attackers, "Cookie", "__Host-candor-oidc=planted"), 401, words);
  }

  @Test
  void anAnswerIsGoodOnceAndForTenMinutes() throws Exception {
    Begun begun = begin("");
    String back = approve(begun);
    assertThat(running.get(back, "Cookie", begun.cookie()).statusCode()).isEqualTo(303);
    isRefused(running.get(back, "Cookie", begun.cookie()), 401, "was used already");

    Begun slow = begin("");
    clock.pass(OpenIdConnect.BEGUN_FOR);
    assertThat(come(slow).statusCode()).isEqualTo(303);
    Begun late = begin("");
    clock.pass(OpenIdConnect.BEGUN_FOR.plusSeconds(1));
    isRefused(come(late), 401, "took longer than 10 minutes: begin again at " + PUBLIC);
  }

  @Test
  void anAnswerOfAnotherProviderIsRefused() throws Exception {
    for (String issuer : List.of("", "&iss=https%3A%2F%2Fevil.example", "&iss=")) {
      Begun begun = begin("");
      String back = approve(begun).replaceFirst("&iss=.*", issuer);
      isRefused(running.get(back, "Cookie", begun.cookie()), 401, "this answer came from another");
    }
    provider.configuration.remove("authorization_response_iss_parameter_supported");
    clock.pass(Duration.ofMinutes(6));
    Begun begun = begin("");
    String back = approve(begun).replaceFirst("&iss=.*", "");
    assertThat(running.get(back, "Cookie", begun.cookie()).statusCode()).isEqualTo(303);
  }

  @Test
  void whatTheProviderRefusedIsSaidWithoutItsWords() throws Exception {
    Begun begun = begin("");
    String state = approve(begun).replaceFirst(".*(state=[^&]*).*", "$1");
    String back =
        OpenIdSettings.CALLBACK
            + "?error=access_denied&error_description=%3Cb%3EHa%3C%2Fb%3E&iss="
            + provider.issuer()
            + "&"
            + state;
    HttpResponse<String> refused = running.get(back, "Cookie", begun.cookie());
    isRefused(refused, 401, "the provider refused: access_denied");
    assertThat(refused.body()).doesNotContain("Ha");
  }

  @Test
  void aSessionThatWasPlantedIsNotTakenUpAndAnOlderOneEnds() throws Exception {
    Begun begun = begin("");
    HttpResponse<String> in =
        running.get(approve(begun), "Cookie", begun.cookie() + "; __Host-candor=planted");
    assertThat(Running.cookie(in)).isNotEqualTo("__Host-candor=planted");
    String first = Running.cookie(in);
    Begun again = begin("");
    HttpResponse<String> next =
        running.get(approve(again), "Cookie", again.cookie() + "; " + first);
    assertThat(next.statusCode()).isEqualTo(303);
    assertThat(running.get("/p/sonarqube/reports", "Cookie", first).statusCode()).isEqualTo(303);
    assertThat(running.get("/p/sonarqube/reports", "Cookie", Running.cookie(next)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void itLeadsNowhereElse() throws Exception {
    for (String to :
        List.of(
            "//evil.example",
            "%2F%2Fevil.example",
            "/%5Cevil.example",
            "https:%2F%2Fevil.example",
            "/x%0D%0AX-Evil:1",
            "x".repeat(5000))) {
      HttpResponse<String> in = come(begin(to));
      assertThat(in.statusCode()).isEqualTo(303);
      assertThat(location(in)).as(to).isEqualTo("/");
      assertThat(in.headers().firstValue("X-Evil")).isEmpty();
    }
  }

  @Test
  void signingOutShowsWhereTheProviderEndsItsOwnSession() throws Exception {
    String cookie = Running.cookie(come());
    String page = running.get("/p/sonarqube/reports", "Cookie", cookie).body();
    String before = "name=\"csrf\" value=\"";
    int at = page.indexOf(before) + before.length();
    String csrf = page.substring(at, page.indexOf('"', at));
    HttpResponse<String> out = running.post("/sign-out", Map.of("csrf", csrf), "Cookie", cookie);
    assertThat(out.statusCode()).isEqualTo(200);
    assertThat(out.body())
        .contains(
            "href=\"" + provider.issuer() + "/end?",
            "id_token_hint=eyJ",
            "post_logout_redirect_uri=https%3A%2F%2Fcandor.example%2Fsign-in")
        .doesNotContain("oidc:alice");
    assertThat(running.get("/p/sonarqube/reports", "Cookie", cookie).statusCode()).isEqualTo(303);
    assertThat(audit()).contains("\"who\":\"oidc:alice\",\"action\":\"sign-out\"");
  }

  @Test
  void passwordsGoOnWorkingWhileTheProviderIsDown() throws Exception {
    running.administrator();
    provider.close();
    HttpResponse<String> down = running.get("/sign-in/oidc");
    isRefused(down, 503, "the provider cannot be used just now");
    assertThat(down.body()).contains("sign in with a password", "name=\"password\"");
    assertThat(
            running
                .post("/sign-in", Map.of("name", "admin", "password", Running.PASSWORD))
                .statusCode())
        .isEqualTo(303);
  }

  @Test
  void passwordsCanBeTurnedOff() throws Exception {
    String link = running.dashboard.firstStart().orElseThrow().getPath();
    running.close();
    running = running("role.viewer = readers", "passwords = off");
    assertThat(running.dashboard.firstStart()).isEmpty();
    assertThat(running.get("/sign-in").body())
        .contains("Sign in with OpenID Connect")
        .doesNotContain("password", "Nobody can sign in");
    Map<String, String> form = Map.of("name", "admin", "password", Running.PASSWORD);
    assertThat(running.post("/sign-in", form).statusCode()).isEqualTo(403);
    assertThat(running.get(link).statusCode()).isEqualTo(403);
    assertThat(running.post(link, form).statusCode()).isEqualTo(403);
    assertThat(come().statusCode()).isEqualTo(303);
  }

  @Test
  void aProviderThatSaysWhatItMustNotIsNotUsed() throws Exception {
    Map<String, Object> good = Map.copyOf(provider.configuration);
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("issuer", "https://evil.example");
    bad.put("authorization_endpoint", "http://evil.example/authorize");
    bad.put("token_endpoint", "http://evil.example/token");
    bad.put("jwks_uri", "file:///etc/passwd");
    bad.put("end_session_endpoint", "http://evil.example/end");
    for (Map.Entry<String, String> change : bad.entrySet()) {
      provider.configuration.put(change.getKey(), change.getValue());
      isRefused(running.get("/sign-in/oidc"), 503, "the provider cannot be used just now");
      provider.configuration.putAll(good);
    }
    begin("");
  }

  @Test
  void anAnswerThatIsTooLargeOrLeadsAwayIsNotRead() throws Exception {
    AtomicBoolean followed = new AtomicBoolean();
    for (String path : List.of("/token", "/keys")) {
      provider.instead.put(
          path,
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[1 << 16];
            Arrays.fill(spaces, (byte) ' ');
            try {
              for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(spaces);
              }
            } catch (IOException e) {
              // The dashboard hung up, as it should.
            }
          });
      isRefused(come(), 503, "the provider cannot be used just now");
      provider.instead.put(
          path,
          exchange -> {
            exchange.getResponseHeaders().set("Location", provider.issuer() + "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
          });
      provider.instead.put("/elsewhere", _ -> followed.set(true));
      isRefused(come(), 503, "the provider cannot be used just now");
      provider.instead.clear();
    }
    assertThat(followed).isFalse();
    assertThat(come().statusCode()).isEqualTo(303);
  }

  /** Headers in time are not enough: the whole answer must be there. */
  @Test
  void aProviderThatTricklesIsGivenUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    provider.instead.put(
        "/.well-known/openid-configuration",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    OpenIdConnect impatient =
        new OpenIdConnect(
            settings("role.viewer = readers"), clock, new SecureRandom(), Duration.ofMillis(200));
    try {
      assertThatThrownBy(() -> impatient.begin(""))
          .isInstanceOf(IOException.class)
          .hasMessage("it did not answer within 200 ms");
    } finally {
      end.countDown();
    }
  }

  @Test
  void aProviderThatHangsHoldsUpSoManyAndNoMore() throws Exception {
    CountDownLatch waiting = new CountDownLatch(16);
    CountDownLatch end = new CountDownLatch(1);
    provider.instead.put(
        "/.well-known/openid-configuration",
        exchange -> {
          waiting.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(500, -1);
        });
    OpenIdConnect patient =
        new OpenIdConnect(
            settings("role.viewer = readers"), clock, new SecureRandom(), Duration.ofMinutes(5));
    try (ExecutorService browsers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        browsers.submit(() -> patient.begin(""));
      }
      try {
        waiting.await();
        assertThatThrownBy(() -> patient.begin(""))
            .isInstanceOf(IOException.class)
            .hasMessage("more than 16 sign-ins wait for it at once");
      } finally {
        end.countDown();
      }
    }
  }

  @Test
  void soManySignInsAreKeptAndTheEldestGo() throws Exception {
    OpenIdConnect own =
        new OpenIdConnect(
            settings("role.viewer = readers"), clock, new SecureRandom(), Duration.ofMinutes(5));
    OpenIdConnect.Begun eldest = own.begin("");
    OpenIdConnect.Begun second = own.begin("");
    for (int i = 2; i < 10_001; i++) {
      own.begin("");
    }
    assertThatThrownBy(() -> own.finish(answer(eldest), Optional.of(eldest.secret())))
        .isInstanceOf(AccessException.class);
    assertThat(own.finish(answer(second), Optional.of(second.secret())).name())
        .isEqualTo("oidc:alice");
  }

  private Map<String, String> answer(OpenIdConnect.Begun begun) throws Exception {
    String back = approve(new Begun(begun.provider().toString(), begun.secret()));
    Map<String, String> answer = new LinkedHashMap<>();
    URLUtils.parseParameters(URI.create(back).getRawQuery())
        .forEach((name, values) -> answer.put(name, values.getFirst()));
    return answer;
  }

  @Test
  void noLogHasAnySecret() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler keeping =
        new Handler() {
          private final SimpleFormatter formatter = new SimpleFormatter();

          @Override
          public void publish(LogRecord line) {
            lines.add(formatter.format(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.candor.collector");
    logger.addHandler(keeping);
    try {
      provider.signing = claims -> signed(claims.audience("another"));
      come();
      provider.instead.put(
          "/token",
          exchange ->
              SmallProvider.json(
                  exchange, 401, Map.of("error", "invalid_client", "error_description", "Ha")));
      come();
      running.get(OpenIdSettings.CALLBACK + "?code=typed-by-a-stranger&state=x&iss=y");
    } finally {
      logger.removeHandler(keeping);
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("its ID token is not good: JWT aud");
    assertThat(lines.getLast()).contains("its token_endpoint says invalid_client");
    assertThat(String.join("", lines))
        .doesNotContain("code-", "access-", "eyJ", "Ha", "stranger", SmallProvider.SECRET);
  }

  @Test
  void twoMoreEndpointsArePublicAndNoOther() {
    assertThat(
            running.dashboard.endpoints().stream()
                .filter(endpoint -> endpoint.role().isEmpty())
                .map(endpoint -> endpoint.method() + " " + endpoint.pattern())
                .filter(endpoint -> !AccessTest.PUBLIC.contains(endpoint)))
        .containsExactlyInAnyOrder("GET /sign-in/oidc", "GET /sign-in/oidc/callback");
  }

  @Test
  void aSettingThatIsWrongIsNamedWithItsMend() throws Exception {
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("role.viewer", ":6: expected \"key = value\"");
    wrong.put("rôle.viewer = x", ":6: there is no such key; there are issuer, client_id");
    wrong.put("role.viewer =", ":6: role.viewer: has no value");
    wrong.put("issuer = https://a.example", ":6: issuer: is in line 2 already: take one away");
    wrong.put("label = x", ": no group has a role, so nobody could come in: add role.viewer");
    wrong.put("role.default = administrator", ":6: role.default: would make an administrator");
    wrong.put("role.default = king", ":6: role.default: role: expected viewer, analyst or");
    wrong.put("role.viewer = x\npasswords = no", ":7: passwords: expected on or off");
    wrong.put(
        "role.viewer = x\nclient_secret_file = y", ":7: client_secret_file: and client_secret");
    wrong.forEach(
        (lines, message) ->
            assertThatThrownBy(() -> settings(lines.split("\n")))
                .as(lines)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("oidc.properties" + message));
    Path file = folder.resolve("other");
    for (String issuer : List.of("http://sso.example", "sso", "https://a.example/?x=1", "a b")) {
      Files.writeString(
          file,
          "client_id = a\nclient_secret = b\nrole.viewer = c\npublic_url = https://x.example\n"
              + "issuer = "
              + issuer);
      assertThatThrownBy(() -> OpenIdSettings.read(file))
          .as(issuer)
          .hasMessageContaining("other:5: issuer: ");
    }
    Files.write(file, "label = \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> OpenIdSettings.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not UTF-8");
  }

  @Test
  void theSecretMayLieInAFileOfItsOwn() throws Exception {
    Files.writeString(folder.resolve("secret"), "  hidden \n");
    Path file =
        Files.writeString(
            folder.resolve("other"),
            """
            issuer = https://sso.example/realms/company
            client_id = candor
            client_secret_file = secret
            public_url = https://candor.example
            role.viewer = cn=All staff, ou=groups
            role.viewer = DOMAIN\\more
            scope = email groups
            """);
    OpenIdSettings settings = OpenIdSettings.read(file);
    assertThat(settings.clientSecret()).isEqualTo("hidden");
    assertThat(settings.roles()).containsOnlyKeys("cn=All staff, ou=groups", "DOMAIN\\more");
    assertThat(settings.scopes()).containsExactly("openid", "email", "groups");
    assertThat(settings.toString()).doesNotContain("hidden");
    assertThatThrownBy(() -> DashboardSettings.of(folder).withOpenId(settings))
        .hasMessageContaining("public_url is https: give the dashboard a certificate");
    assertThat(DashboardSettings.of(folder).behindTlsProxy().withOpenId(settings).openId())
        .isEqualTo(Optional.of(settings));
  }
}
