package dev.candor.collector.dashboard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider that lets everybody in at once and that a test can turn evil. */
final class SmallProvider implements AutoCloseable {
  static final String CLIENT = "candor";
  static final String SECRET = "a secret of the test & its own";

  /** Makes what the token endpoint gives as the ID token. */
  interface Signing {
    String token(JWTClaimsSet.Builder claims) throws JOSEException;
  }

  /** Answers in the place of an endpoint. */
  interface Answering {
    void answer(HttpExchange exchange) throws IOException;
  }

  private record Granted(String nonce, String challenge, String redirect) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Clock clock;
  private final Map<String, Granted> granted = new ConcurrentHashMap<>();

  /** What stands in the configuration; a test may change it. */
  final Map<String, Object> configuration = new ConcurrentHashMap<>();

  /** What each token says beside what it must. */
  final Map<String, Object> claims = new ConcurrentHashMap<>();

  /** Endpoints that a test answers itself. */
  final Map<String, Answering> instead = new ConcurrentHashMap<>();

  volatile RSAKey key;
  volatile Signing signing = claims -> signed(claims, key);

  SmallProvider(Clock clock) throws Exception {
    this.clock = clock;
    this.key = newKey("first");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    configuration.put("issuer", issuer());
    configuration.put("authorization_endpoint", issuer() + "/authorize");
    configuration.put("token_endpoint", issuer() + "/token");
    configuration.put("jwks_uri", issuer() + "/keys");
    configuration.put("end_session_endpoint", issuer() + "/end");
    configuration.put("response_types_supported", List.of("code"));
    configuration.put("subject_types_supported", List.of("public"));
    configuration.put("id_token_signing_alg_values_supported", List.of("RS256"));
    configuration.put("authorization_response_iss_parameter_supported", true);
    claims.put("preferred_username", "alice");
    claims.put("groups", List.of("everybody", "readers"));
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static RSAKey newKey(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  static String signed(JWTClaimsSet.Builder claims, RSAKey key) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            claims.build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Answering own = instead.get(path);
      if (own != null) {
        own.answer(exchange);
        return;
      }
      switch (path) {
        case "/.well-known/openid-configuration" -> json(exchange, 200, configuration);
        case "/keys" -> json(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject());
        case "/authorize" -> authorize(exchange);
        case "/token" -> token(exchange);
        default -> exchange.sendResponseHeaders(404, -1);
      }
    } catch (JOSEException | java.security.GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, List<String>> asked =
        URLUtils.parseParameters(exchange.getRequestURI().getRawQuery());
    boolean good =
        one(asked, "client_id").equals(CLIENT)
            && one(asked, "response_type").equals("code")
            && one(asked, "code_challenge_method").equals("S256")
            && one(asked, "scope").equals("openid profile");
    if (!good) {
      exchange.sendResponseHeaders(400, -1);
      return;
    }
    String code = "code-" + UUID.randomUUID();
    granted.put(
        code,
        new Granted(one(asked, "nonce"), one(asked, "code_challenge"), one(asked, "redirect_uri")));
    String location =
        one(asked, "redirect_uri")
            + "?code="
            + code
            + "&state="
            + encode(one(asked, "state"))
            + "&iss="
            + encode(issuer());
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
  }

  private void token(HttpExchange exchange)
      throws IOException, JOSEException, java.security.GeneralSecurityException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, List<String>> asked = URLUtils.parseParameters(body);
    String wanted =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (encode(CLIENT) + ":" + encode(SECRET)).getBytes(StandardCharsets.UTF_8));
    if (!wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      json(exchange, 401, Map.of("error", "invalid_client"));
      return;
    }
    Granted grant = granted.remove(one(asked, "code"));
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    String challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                sha.digest(one(asked, "code_verifier").getBytes(StandardCharsets.US_ASCII)));
    if (grant == null
        || !grant.challenge().equals(challenge)
        || !grant.redirect().equals(one(asked, "redirect_uri"))) {
      json(exchange, 400, Map.of("error", "invalid_grant"));
      return;
    }
    json(
        exchange,
        200,
        Map.of(
            "access_token",
            "access-" + UUID.randomUUID(),
            "token_type",
            "Bearer",
            "id_token",
            signing.token(good(grant.nonce()))));
  }

  private JWTClaimsSet.Builder good(String nonce) {
    JWTClaimsSet.Builder all =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject("subject-of-alice")
            .audience(CLIENT)
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plusSeconds(300)))
            .claim("nonce", nonce);
    claims.forEach(all::claim);
    return all;
  }

  private static String one(Map<String, List<String>> asked, String name) {
    return asked.getOrDefault(name, List.of("")).getFirst();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static void json(HttpExchange exchange, int status, Map<String, Object> members)
      throws IOException {
    byte[] body =
        com.nimbusds.jose.util.JSONObjectUtils.toJSONString(new LinkedHashMap<>(members))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
