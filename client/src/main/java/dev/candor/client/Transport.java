package dev.candor.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How messages travel: HTTPS, or plain HTTP to this machine alone, with bounded times, through a
 * proxy where one is set. Immutable settings; {@link #of} is the usual one.
 */
public final class Transport {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration EXCHANGE = Duration.ofMinutes(2);
  private static final Duration MOST_WAIT = Duration.ofHours(24);
  private static final int MOST_PORT = 65_535;
  private static final int MOST_ANSWER = 1 << 16;
  private static final int MOST_REDIRECTS = 3;
  private static final Set<Integer> TRY_AGAIN = Set.of(408, 425, 429);
  private static final Pattern INGEST_KEY = Pattern.compile("/key_[A-Za-z0-9_-]{43}/");
  private static final Pattern TITLE =
      Pattern.compile("\"(?:title|detail)\"\\s*:\\s*\"([^\"\\\\]{1,200})\"");

  private final URI endpoint;
  private final String agent;
  private final boolean compressed;
  private final Duration patience;
  private final Optional<SSLContext> trust;
  private final Proxies proxies;

  private Transport(
      URI endpoint,
      String agent,
      boolean compressed,
      Duration patience,
      Optional<SSLContext> trust,
      Proxies proxies) {
    this.endpoint = endpoint;
    this.agent = agent;
    this.compressed = compressed;
    this.patience = patience;
    this.trust = trust;
    this.proxies = proxies;
  }

  /**
   * To an endpoint, compressed, with the JVM's trust store and the proxy settings of the JVM and
   * the environment.
   *
   * @param endpoint the address of pings; other messages go to paths below it
   * @param agent product and version, such as {@code kettle/1.2}
   * @throws IllegalArgumentException if the address is not https, nor http to this machine
   */
  public static Transport of(URI endpoint, String agent) {
    return of(endpoint, agent, false);
  }

  /**
   * As {@link #of}, also over plain HTTP to another machine.
   *
   * @throws IllegalArgumentException if the address is neither http nor https
   */
  public static Transport ofPlainHttp(URI endpoint, String agent) {
    return of(endpoint, agent, true);
  }

  private static Transport of(URI endpoint, String agent, boolean plainAllowed) {
    check(endpoint, plainAllowed);
    if (!agent.matches("[A-Za-z][A-Za-z0-9._-]{0,39}/[0-9][0-9A-Za-z.+-]{0,39}")) {
      throw new IllegalArgumentException(
          "agent \"" + agent + "\": expected a product and its version, such as kettle/1.2");
    }
    return new Transport(
        endpoint,
        agent,
        true,
        EXCHANGE,
        Optional.empty(),
        new Proxies(System::getProperty, System.getenv()));
  }

  private static void check(URI uri, boolean plainAllowed) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean http = scheme.equals("http");
    if ((!http && !scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException("\"" + shown(uri) + "\" is not an http(s) address");
    }
    if (uri.getPort() > MOST_PORT || uri.getPort() == 0) {
      throw new IllegalArgumentException("\"" + shown(uri) + "\": there is no such port");
    }
    if (http && !plainAllowed && !loopback(uri.getHost())) {
      throw new IllegalArgumentException(
          "\""
              + shown(uri)
              + "\" is plain http to another machine: use https, or allow plain http by name");
    }
  }

  private static boolean loopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.equals("[::1]");
  }

  /** The address without user, password, query and fragment, for people and logs. */
  static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String host = uri.getHost() == null ? "" : "//" + uri.getHost() + port;
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return (uri.getScheme() == null ? "" : uri.getScheme() + ":") + host + path;
  }

  /** Compressed or not. */
  public Transport compressed(boolean on) {
    return new Transport(endpoint, agent, on, patience, trust, proxies);
  }

  /** With another limit for one whole exchange; two minutes otherwise. */
  public Transport patience(Duration limit) {
    return new Transport(endpoint, agent, compressed, limit, trust, proxies);
  }

  /**
   * With a trust store of one's own.
   *
   * @param store a PKCS12 or JKS file
   * @param password its password, from a file or variable, never an argument
   * @throws IOException if it cannot be read or opened
   */
  public Transport trusting(Path store, char[] password) throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
      keys.load(in, password);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(keys);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return new Transport(endpoint, agent, compressed, patience, Optional.of(context), proxies);
    } catch (GeneralSecurityException e) {
      throw new IOException("trust store " + store + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * With proxy settings from elsewhere than the JVM's properties and environment.
   *
   * @param properties the {@code http.proxyHost} family by name, null where one is not set
   * @param environment variables by name
   */
  public Transport proxies(
      Function<String, @Nullable String> properties, Map<String, String> environment) {
    return new Transport(
        endpoint, agent, compressed, patience, trust, new Proxies(properties, environment));
  }

  /** The address of pings, without anything secret. */
  public String address() {
    return INGEST_KEY.matcher(shown(endpoint)).replaceAll("/key_…/");
  }

  /** The address as it is kept in the state directory, to find the same receiver again. */
  String whole() {
    String query = endpoint.getRawQuery();
    return shown(endpoint) + (query == null ? "" : "?" + query);
  }

  /**
   * The same way to another receiver.
   *
   * @param address as {@link #whole} gave it; where only the ingest key is another, or there is
   *     none, this very transport
   */
  Transport toward(String address) {
    if (address.isEmpty() || place(address).equals(place(whole()))) {
      return this;
    }
    return new Transport(URI.create(address), agent, compressed, patience, trust, proxies);
  }

  /** So that ways to write one receiver's address are one. */
  private static String place(String address) {
    URI uri = URI.create(INGEST_KEY.matcher(address).replaceAll("/")).normalize();
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    String path = String.valueOf(uri.getRawPath()).replaceAll("/+$", "");
    return scheme + "://" + host + ":" + port + path;
  }

  /** The proxy that messages go through, if they do. */
  public Optional<String> proxy() {
    return proxies.describe(endpoint);
  }

  boolean compressed() {
    return compressed;
  }

  /**
   * What came of knocking at the receiver's door.
   *
   * @param reached whether anything answered
   * @param words what it answered, or what went wrong and how to mend it
   * @param ahead how far this machine's clock is before the receiver's; empty if it did not say
   */
  public record Probe(boolean reached, String words, Optional<Duration> ahead) {}

  /** Asks the endpoint for a page, which sends nothing about this instance. Never throws. */
  public Probe probe(Clock clock) throws InterruptedException {
    try (Session session = open()) {
      HttpRequest knock =
          HttpRequest.newBuilder(endpoint).timeout(patience).header("User-Agent", agent).build();
      HttpResponse<byte[]> response = session.exchange(knock);
      Optional<Duration> ahead =
          response
              .headers()
              .firstValue("Date")
              .flatMap(Transport::date)
              .map(theirs -> Duration.between(theirs, clock.instant()));
      return new Probe(true, "HTTP " + response.statusCode(), ahead);
    } catch (IOException e) {
      return new Probe(false, failure(e), Optional.empty());
    }
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Connections, to be closed after use. */
  Session open() {
    return new Session();
  }

  /** Sends messages one after another. */
  final class Session implements AutoCloseable {
    private final ExecutorService threads =
        Executors.newCachedThreadPool(work -> Threads.daemon("candor-http", work));
    private final HttpClient client;

    private Session() {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(proxies)
              .executor(threads);
      trust.ifPresent(builder::sslContext);
      proxies.authenticator(endpoint).ifPresent(builder::authenticator);
      client = builder.build();
    }

    /**
     * Sends one message. Never throws for what the network or the receiver does.
     *
     * @param method such as {@code POST}
     * @param path below the endpoint, empty for the endpoint itself
     * @throws InterruptedException if the program stops
     */
    Answer send(String method, String path, Message message, Clock clock)
        throws InterruptedException {
      URI uri = path.isEmpty() ? endpoint : URI.create(shown(endpoint) + path);
      for (int hop = 0; ; hop++) {
        HttpResponse<byte[]> response;
        try {
          response = exchange(request(uri, method, message));
        } catch (IOException e) {
          return left(e) ? Answer.again(failure(e)) : Answer.stayed(failure(e));
        }
        int status = response.statusCode();
        Optional<URI> elsewhere = redirect(uri, response);
        if (elsewhere.isEmpty()) {
          return judge(status, response, clock);
        }
        if (!sameHost(uri, elsewhere.get()) || status < 307 || hop == MOST_REDIRECTS) {
          return Answer.refused(
              "HTTP " + status + ": the receiver redirects elsewhere, which is not followed");
        }
        uri = elsewhere.get();
      }
    }

    private HttpRequest request(URI uri, String method, Message message) throws IOException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(patience)
              .header("Content-Type", "application/json; charset=utf-8")
              .header("User-Agent", agent)
              .header("Idempotency-Key", message.key())
              .header("Candor-Retry", "503")
              .method(method, HttpRequest.BodyPublishers.ofFile(message.body()));
      if (message.gzip()) {
        request.header("Content-Encoding", "gzip");
      }
      return request.build();
    }

    private HttpResponse<byte[]> exchange(HttpRequest request)
        throws IOException, InterruptedException {
      CompletableFuture<HttpResponse<byte[]>> sending =
          client.sendAsync(request, info -> new Beginning());
      try {
        return sending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new HttpTimeoutException("no whole answer");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IOException(e.getCause());
      } finally {
        sending.cancel(true);
      }
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }

  private static Optional<URI> redirect(URI from, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status < 300 || status > 399) {
      return Optional.empty();
    }
    try {
      return Optional.of(from.resolve(response.headers().firstValue("Location").orElse("/")));
    } catch (IllegalArgumentException e) {
      return Optional.of(URI.create("invalid://redirect"));
    }
  }

  private static boolean sameHost(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private static Answer judge(int status, HttpResponse<byte[]> response, Clock clock) {
    if (status >= 200 && status < 300) {
      return page(response)
          ? Answer.again(
              "HTTP "
                  + status
                  + " with a web page: no receiver answers so. Does a proxy or a sign-in page of the"
                  + " network stand before it?")
          : Answer.accepted(status);
    }
    String words = "HTTP " + status + title(response);
    if (status < 500 && !TRY_AGAIN.contains(status)) {
      return Answer.refused(words);
    }
    Optional<Duration> after =
        response.headers().firstValue("Retry-After").flatMap(text -> wait(text, clock));
    return Answer.again(words, after);
  }

  /** Whether it is made for a browser, as captive portals and proxies answer in others' names. */
  private static boolean page(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    String body = new String(response.body(), StandardCharsets.ISO_8859_1).stripLeading();
    return type.toLowerCase(Locale.ROOT).contains("html") || body.startsWith("<");
  }

  /** What a problem document says, in one line. */
  private static String title(HttpResponse<byte[]> response) {
    Matcher title = TITLE.matcher(new String(response.body(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    while (title.find() && said.size() < 2) {
      said.add(title.group(1).replaceAll("\\p{Cntrl}", " "));
    }
    return said.isEmpty() ? "" : ": " + String.join(", ", said);
  }

  /** Seconds, or a date as HTTP writes it. */
  private static Optional<Duration> wait(String text, Clock clock) {
    Optional<Duration> asked =
        text.matches("[0-9]{1,9}")
            ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
            : date(text).map(until -> Duration.between(clock.instant(), until));
    return asked.map(wait -> bounded(wait, Duration.ZERO, MOST_WAIT));
  }

  private static Duration bounded(Duration value, Duration least, Duration most) {
    return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
  }

  /** Whether the message may have left: not where there was no connection to send it over. */
  private static boolean left(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof HttpConnectTimeoutException
          || cause instanceof UnknownHostException
          || cause instanceof java.nio.channels.UnresolvedAddressException
          || cause instanceof SSLHandshakeException) {
        return false;
      }
    }
    return true;
  }

  /** What went wrong, and how to mend it. */
  private static String failure(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "TLS failed ("
            + cause.getClass().getSimpleName()
            + "): is the receiver's certificate valid for its name and trusted here? A trust store"
            + " of your own can be given";
      }
      if (cause instanceof UnknownHostException
          || cause instanceof java.nio.channels.UnresolvedAddressException) {
        return "the receiver's host name is not known: check the address, DNS and the proxy";
      }
      if (cause instanceof HttpConnectTimeoutException) {
        return "no connection within " + CONNECT.toSeconds() + " s: is a proxy needed?";
      }
      if (cause instanceof HttpTimeoutException) {
        return "no answer in time";
      }
      if (cause instanceof ConnectException) {
        return "the connection was refused";
      }
      String said = String.valueOf(cause.getMessage());
      if (said.contains("Tunnel failed") || said.contains("authenticat")) {
        return "the proxy refused: check http.proxyUser and http.proxyPassword, and that the JVM"
            + " runs with -Djdk.http.auth.tunneling.disabledSchemes=";
      }
    }
    return "the connection broke (" + e.getClass().getSimpleName() + ")";
  }

  /** The beginning of an answer's body; the rest is not waited for. */
  private static final class Beginning implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteBuffer kept = ByteBuffer.allocate(MOST_ANSWER);
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> chunks) {
      for (ByteBuffer chunk : chunks) {
        ByteBuffer part = chunk.duplicate();
        part.limit(part.position() + Math.min(part.remaining(), kept.remaining()));
        kept.put(part);
      }
      if (!kept.hasRemaining() && subscription != null) {
        subscription.cancel();
        onComplete();
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      byte[] bytes = new byte[kept.position()];
      kept.duplicate().flip().get(bytes);
      body.complete(bytes);
    }
  }
}
