package dev.candor.collector.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Coming in by OpenID Connect: the authorization code flow with PKCE, as a confidential client. A
 * sign-in that was begun is kept here, good once and for {@link #BEGUN_FOR}, and is bound to one
 * browser by a secret. Safe to share between threads.
 */
public final class OpenIdConnect {
  /** How long a sign-in may take. */
  public static final Duration BEGUN_FOR = Duration.ofMinutes(10);

  /** What comes before their name, so that no local account can be taken for them. */
  public static final String PREFIX = "oidc:";

  private static final int MOST_BEGUN = 10_000;
  private static final int LONGEST_PARAMETER = 4096;
  private static final int LONGEST_NAME = 64;
  private static final int SKEW_SECONDS = 60;
  private static final Duration DISCOVERED_FOR = Duration.ofMinutes(5);

  /** Signatures by the provider's own key: none without one, and none by a shared secret. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Stream.concat(JWSAlgorithm.Family.RSA.stream(), JWSAlgorithm.Family.EC.stream())
          .collect(Collectors.toUnmodifiableSet());

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A sign-in that was begun.
   *
   * @param provider where to send the browser
   * @param secret what binds it to that browser, as a cookie
   */
  public record Begun(URI provider, String secret) {}

  /**
   * Somebody whom the provider vouches for.
   *
   * @param name {@code oidc:} and their name
   * @param subject the provider's lasting identifier of them
   * @param role the highest that their groups have; empty if none has one
   * @param to where they wanted to go, as given at the beginning
   * @param signOut where the provider ends its own session; empty if it has no such place
   */
  public record Arrival(
      String name, String subject, Optional<Role> role, String to, Optional<URI> signOut) {}

  private record Pending(
      OIDCProviderMetadata provider,
      State state,
      Nonce nonce,
      CodeVerifier verifier,
      String to,
      Instant ends) {}

  private record Discovered(OIDCProviderMetadata provider, Instant ends) {}

  private final OpenIdSettings settings;
  private final Clock clock;
  private final SecureRandom random;
  private final ProviderHttp http;
  private final Map<String, Pending> begun =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
          return size() > MOST_BEGUN;
        }
      };
  private volatile @Nullable Discovered discovered;

  /**
   * Asks the provider nothing yet: it may be down, and passwords go on working.
   *
   * @param patience how long one answer of the provider may take as a whole
   */
  public OpenIdConnect(
      OpenIdSettings settings, Clock clock, SecureRandom random, Duration patience) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.http = new ProviderHttp(patience);
  }

  /** How it is set up. */
  public OpenIdSettings settings() {
    return settings;
  }

  /**
   * Begins a sign-in.
   *
   * @param to where they want to go afterwards, given back as it is
   * @throws IOException if the provider cannot be asked, or says what it must not
   */
  public Begun begin(String to) throws IOException {
    OIDCProviderMetadata provider = discover();
    State state = new State(Secrets.fresh(random));
    Nonce nonce = new Nonce(Secrets.fresh(random));
    CodeVerifier verifier = new CodeVerifier(Secrets.fresh(random));
    URI request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                Scope.parse(settings.scopes()),
                new ClientID(settings.clientId()),
                settings.callback())
            .endpointURI(provider.getAuthorizationEndpointURI())
            .state(state)
            .nonce(nonce)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build()
            .toURI();
    String secret = Secrets.fresh(random);
    Instant ends = clock.instant().plus(BEGUN_FOR);
    String kept = to.length() > LONGEST_PARAMETER ? "" : to;
    synchronized (begun) {
      begun.put(Secrets.hash(secret), new Pending(provider, state, nonce, verifier, kept, ends));
    }
    return new Begun(request, secret);
  }

  /**
   * Ends a sign-in with what the provider sent the browser back with.
   *
   * @param answer the query's parameters
   * @param secret what {@link #begin} gave to this browser; empty if it brought none
   * @throws AccessException if this browser did not begin it, or the provider refused
   * @throws IOException if the provider cannot be asked, or its token is not good
   */
  public Arrival finish(Map<String, String> answer, Optional<String> secret)
      throws AccessException, IOException {
    Pending pending = take(secret, answer.getOrDefault("state", ""));
    String issuer = answer.get("iss");
    if (issuer == null
        ? pending.provider().supportsAuthorizationResponseIssuerParam()
        : !issuer.equals(settings.issuer().toString())) {
      throw new AccessException("this answer came from another provider: begin again");
    }
    if (answer.containsKey("error")) {
      throw new AccessException("the provider refused: " + code(answer.get("error")));
    }
    String code = answer.getOrDefault("code", "");
    if (code.isBlank() || code.length() > LONGEST_PARAMETER) {
      throw new AccessException("the provider sent no code: begin again");
    }
    JWT token = token(pending, code);
    JWTClaimsSet claims = verified(pending, token);
    return arrival(pending, claims, token);
  }

  private Pending take(Optional<String> secret, String state) throws AccessException {
    Pending pending;
    synchronized (begun) {
      Instant now = clock.instant();
      begun.values().removeIf(one -> one.ends().isBefore(now));
      pending = secret.map(s -> begun.remove(Secrets.hash(s))).orElse(null);
    }
    if (pending == null
        || !MessageDigest.isEqual(
            pending.state().getValue().getBytes(StandardCharsets.UTF_8),
            state.getBytes(StandardCharsets.UTF_8))) {
      throw new AccessException(
          String.format(
                  Locale.ROOT,
                  "this sign-in was not begun in this browser, was used already or took longer than %d",
                  BEGUN_FOR.toMinutes())
              + " minutes: begin again at "
              + settings.publicUrl());
    }
    return pending;
  }

  /** Kept for minutes, so that a provider that moves is followed and strangers cannot flood it. */
  private OIDCProviderMetadata discover() throws IOException {
    Discovered known = discovered;
    Instant now = clock.instant();
    if (known != null && known.ends().isAfter(now)) {
      return known.provider();
    }
    String issuer = settings.issuer().toString();
    OIDCProviderMetadata provider;
    try {
      String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
      provider =
          OIDCProviderMetadata.parse(
              get(URI.create(base + "/.well-known/openid-configuration"), "its configuration"));
    } catch (ParseException e) {
      throw new IOException("its configuration is not well-formed", e);
    }
    if (!provider.getIssuer().getValue().equals(issuer)) {
      throw new IOException(
          "it calls itself " + printable(provider.getIssuer().getValue()) + ", not " + issuer);
    }
    mustBePrivate("authorization_endpoint", provider.getAuthorizationEndpointURI());
    mustBePrivate("token_endpoint", provider.getTokenEndpointURI());
    mustBePrivate("jwks_uri", provider.getJWKSetURI());
    if (provider.getEndSessionEndpointURI() != null) {
      mustBePrivate("end_session_endpoint", provider.getEndSessionEndpointURI());
    }
    discovered = new Discovered(provider, now.plus(DISCOVERED_FOR));
    return provider;
  }

  private static void mustBePrivate(String what, @Nullable URI uri) throws IOException {
    if (uri == null || !OpenIdSettings.isPrivate(uri)) {
      throw new IOException("its " + what + " is neither https nor on loopback");
    }
  }

  private String get(URI uri, String what) throws IOException {
    HTTPResponse answer = new HTTPRequest(HTTPRequest.Method.GET, uri).send(http);
    if (answer.getStatusCode() != HTTPResponse.SC_OK) {
      throw new IOException(what + " came with status " + answer.getStatusCode());
    }
    return String.valueOf(answer.getBody());
  }

  private JWT token(Pending pending, String code) throws AccessException, IOException {
    TokenRequest request =
        new TokenRequest.Builder(
                pending.provider().getTokenEndpointURI(),
                authentication(pending.provider()),
                new AuthorizationCodeGrant(
                    new AuthorizationCode(code), settings.callback(), pending.verifier()))
            .build();
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(request.toHTTPRequest().send(http));
      if (response.indicatesSuccess()) {
        return ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens().getIDToken();
      }
      String error = code(response.toErrorResponse().getErrorObject().getCode());
      if (error.equals("invalid_grant")) {
        throw new AccessException("the provider does not know this code any more: begin again");
      }
      throw new IOException("its token_endpoint says " + error);
    } catch (ParseException e) {
      throw new IOException("its token_endpoint did not answer with tokens", e);
    }
  }

  private ClientAuthentication authentication(OIDCProviderMetadata provider) throws IOException {
    ClientID client = new ClientID(settings.clientId());
    Secret secret = new Secret(settings.clientSecret());
    List<ClientAuthenticationMethod> known = provider.getTokenEndpointAuthMethods();
    if (known == null || known.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)) {
      return new ClientSecretBasic(client, secret);
    }
    if (known.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
      return new ClientSecretPost(client, secret);
    }
    throw new IOException("its token_endpoint takes no client_secret");
  }

  /** With the keys of this very moment, so that a change of keys needs no care. */
  private JWTClaimsSet verified(Pending pending, JWT token) throws IOException {
    try {
      JWKSet keys = JWKSet.parse(get(pending.provider().getJWKSetURI(), "its keys"));
      DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
      processor.setJWTClaimsSetVerifier(new Claims(settings, pending.nonce(), clock));
      return processor.process(token, null);
    } catch (java.text.ParseException e) {
      throw new IOException("its keys are not well-formed", e);
    } catch (BadJOSEException | JOSEException e) {
      throw new IOException("its ID token is not good: " + printable(e.getMessage()), e);
    }
  }

  private Arrival arrival(Pending pending, JWTClaimsSet claims, JWT token) {
    JsonNode all = JSON.valueToTree(claims.toJSONObject());
    String shown = claim(all, settings.name()).asString("");
    String name = cut((shown.isBlank() ? claims.getSubject() : shown).strip());
    JsonNode groups = claim(all, settings.groups());
    Stream<String> named =
        groups.isArray()
            ? groups.valueStream().map(group -> group.asString(""))
            : Stream.of(groups.asString(""));
    Optional<Role> role =
        named
            .map(settings.roles()::get)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .or(settings::otherwise);
    Optional<URI> signOut =
        Optional.ofNullable(pending.provider().getEndSessionEndpointURI())
            .map(
                end ->
                    new LogoutRequest(
                            end,
                            token,
                            null,
                            new ClientID(settings.clientId()),
                            settings.publicUrl().resolve("/sign-in"),
                            null,
                            null)
                        .toURI());
    return new Arrival(PREFIX + name, cut(claims.getSubject()), role, pending.to(), signOut);
  }

  private static JsonNode claim(JsonNode all, String name) {
    return name.startsWith("/") ? all.at(JsonPointer.compile(name)) : all.path(name);
  }

  /** Short, and with nothing in it that could pass for more than a name. */
  private static String cut(String text) {
    String plain = text.replaceAll("[^\\p{L}\\p{M}\\p{N} ._@+|/'-]", "_");
    return plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME - 1) + "…";
  }

  /** An error's code as the standards write it; whatever else was sent is not repeated. */
  private static String code(@Nullable String text) {
    return text != null && text.matches("[a-z_]{1,60}") ? text : "an error without a known code";
  }

  private static String printable(@Nullable String text) {
    String plain = String.valueOf(text).replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= 200 ? plain : plain.substring(0, 200) + "…";
  }

  /** What an ID token must say: OpenID Connect Core 1.0, section 3.1.3.7, by the clock given. */
  private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final String client;
    private final Clock clock;

    Claims(OpenIdSettings settings, Nonce nonce, Clock clock) {
      super(
          settings.clientId(),
          new JWTClaimsSet.Builder()
              .issuer(settings.issuer().toString())
              .claim("nonce", nonce.getValue())
              .build(),
          Set.of("sub", "exp", "iat"));
      this.client = settings.clientId();
      this.clock = clock;
      setMaxClockSkew(SKEW_SECONDS);
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context)
        throws BadJWTException {
      super.verify(claims, context);
      if (claims.getIssueTime().toInstant().isAfter(clock.instant().plusSeconds(SKEW_SECONDS))) {
        throw new BadJWTException("issued in the future");
      }
      Object party = claims.getClaim("azp");
      if (party == null ? claims.getAudience().size() > 1 : !party.equals(client)) {
        throw new BadJWTException("its authorized party is somebody else");
      }
    }
  }
}
