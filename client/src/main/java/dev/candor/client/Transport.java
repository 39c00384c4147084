package dev.candor.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
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
  private static final Set<Integer> TRY_AGAIN = Set.of(407, 408, 425, 429);
  private static final String JSON = "application/json; charset=utf-8";

  /** Sent with a message that is only a check. */
  private static final String CHECK = "Candor-Check";

  /** Says in the answer to it what is taken at the address. */
  private static final String TAKES = "Candor-Takes";

  private static final String PAGE =
      " with a web page: no receiver answers so. Does a proxy or a sign-in page of the network stand"
          + " before it?";
  private static final Pattern MARKUP = Pattern.compile("[\\s\ufeff]*<");
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
    Optional<Authority> whom = Authority.of(uri);
    if ((!http && !scheme.equals("https")) || whom.isEmpty()) {
      throw new IllegalArgumentException("\"" + shown(uri) + "\" is not an http(s) address");
    }
    int port = whom.get().port();
    if (port > MOST_PORT || port == 0) {
      throw new IllegalArgumentException("\"" + shown(uri) + "\": there is no such port");
    }
    if (http && !plainAllowed && !loopback(whom.get().host())) {
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
    String host = Authority.of(uri).map(whom -> "//" + whom).orElse("");
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
   * @param properties each of {@link #proxyProperties} by name, null where one is not set
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
    Optional<Authority> whom = Authority.of(uri);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = whom.map(Authority::port).filter(given -> given >= 0).orElse(usual);
    String host = whom.map(Authority::host).orElse("").toLowerCase(Locale.ROOT);
    String path = String.valueOf(uri.getRawPath()).replaceAll("/+$", "");
    return scheme + "://" + host + ":" + port + path;
  }

  /** Names of the properties that say which proxy, as the JVM has them. */
  public static List<String> proxyProperties() {
    return Proxies.PROPERTIES;
  }

  /** The proxy that messages go through, if they do. */
  public Optional<String> proxy() {
    return proxies.way(endpoint) instanceof Proxies.Through through
        ? Optional.of(through.toString())
        : Optional.empty();
  }

  /**
   * What is to be mended before anything can be sent: a proxy that is named and cannot be used.
   * Holds no value, which may be a password.
   */
  public Optional<String> problem() {
    return proxies.way(endpoint) instanceof Proxies.Blocked blocked
        ? Optional.of(blocked.problem())
        : Optional.empty();
  }

  boolean compressed() {
    return compressed;
  }

  /** What an answer to a check tells. */
  public enum Finding {
    /** A receiver of these messages. */
    RECEIVER,
    /** Something took the empty message; whether it keeps pings cannot be known. */
    UNKNOWN,
    /** Pings would be lost there. */
    NONE
  }

  /**
   * What came of trying the endpoint.
   *
   * @param finding whether pings arrive there
   * @param words what it answered, or what went wrong and how to mend it
   * @param ahead how far this machine's clock is before the receiver's; empty if it did not say
   */
  public record Probe(Finding finding, String words, Optional<Duration> ahead) {}

  /**
   * Does what a ping does, with an empty message that says that it is a check: it tells nothing of
   * this instance, and a receiver keeps nothing of it. Never throws for what the network does.
   *
   * @param product whose pings it should take
   */
  public Probe probe(String product, Clock clock) throws InterruptedException {
    try (Session session = open()) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Content-Type", JSON);
      headers.put(CHECK, "1");
      headers.put("Candor-Retry", "503");
      byte[] nothing = "{}".getBytes(StandardCharsets.US_ASCII);
      Reply reply =
          session.exchange(endpoint, "POST", headers, nothing.length, out -> out.write(nothing));
      Optional<Duration> ahead =
          reply
              .header("Date")
              .flatMap(Transport::date)
              .map(theirs -> Duration.between(theirs, clock.instant()));
      return found(reply, product, ahead);
    } catch (IOException e) {
      return new Probe(Finding.NONE, failure(e), Optional.empty());
    }
  }

  private static Probe found(Reply reply, String product, Optional<Duration> ahead) {
    int status = reply.status();
    String said = "HTTP " + status + reply.title();
    Optional<String> takes = reply.header(TAKES);
    if (takes.isPresent() && status < 300) {
      String kind = takes.get().replaceAll("[^A-Za-z0-9 _.-]", "");
      return kind.equals(product)
          ? new Probe(Finding.RECEIVER, "takes pings of " + product + ", " + said, ahead)
          : new Probe(
              Finding.NONE,
              "takes " + kind + ", not " + product + ": is the path of the address right?",
              ahead);
    }
    if (status == 422 && reply.isProblem()) {
      // A receiver that does not know the check; it reads it as a message without an id.
      return new Probe(Finding.RECEIVER, "a receiver refuses an empty message, " + said, ahead);
    }
    if (reply.isPage() && status < 300) {
      return new Probe(Finding.NONE, said + PAGE, ahead);
    }
    if (status < 300 || status == 400 || status == 422) {
      return new Probe(
          Finding.UNKNOWN,
          "answers an empty message with "
              + said
              + " and does not say that it is a receiver of Candor's: whether it would keep a ping"
              + " cannot be known from here",
          ahead);
    }
    return new Probe(Finding.NONE, "a ping would not be taken: " + said + remedy(status), ahead);
  }

  private static String remedy(int status) {
    if (status < 400) {
      return ", a redirect: give the address that it leads to, where that is the receiver's";
    }
    return switch (status) {
      case 401, 403 -> "; is there an ingest key to be put into the address?";
      case 404, 405 ->
          "; is the path of the address right? Without a slash at its end, as in /sonarqube";
      case 407 -> "; the proxy asks for http.proxyUser and http.proxyPassword";
      default -> "";
    };
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

    private Session() {}

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
        Reply reply;
        try {
          reply =
              exchange(
                  uri,
                  method,
                  headers(message),
                  Files.size(message.body()),
                  out -> Files.copy(message.body(), out));
        } catch (IOException e) {
          return left(e) ? Answer.again(failure(e)) : Answer.stayed(failure(e));
        }
        Optional<URI> elsewhere = redirect(uri, reply);
        if (elsewhere.isEmpty()) {
          return judge(reply, clock);
        }
        if (!sameHost(uri, elsewhere.get()) || reply.status() < 307 || hop == MOST_REDIRECTS) {
          // The network's sign-in page answers so, too: the message waits for its receiver.
          return Answer.again(
              "HTTP "
                  + reply.status()
                  + ": redirected elsewhere, which is not followed: is it a sign-in page of the"
                  + " network, or has the receiver moved?");
        }
        uri = elsewhere.get();
      }
    }

    private Map<String, String> headers(Message message) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Content-Type", JSON);
      headers.put("Idempotency-Key", message.key());
      headers.put("Candor-Retry", "503");
      if (message.gzip()) {
        headers.put("Content-Encoding", "gzip");
      }
      return headers;
    }

    /** One exchange within its time, whatever the other side does. */
    private Reply exchange(
        URI uri, String method, Map<String, String> headers, long length, Body body)
        throws IOException, InterruptedException {
      Exchange exchange = new Exchange(uri, method, headers, length, body);
      Future<Reply> talking = threads.submit(exchange::talk);
      try {
        return talking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new SocketTimeoutException("no whole answer");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IOException(e.getCause());
      } finally {
        exchange.end();
      }
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }

  /** Writes what is sent. */
  private interface Body {
    void to(OutputStream out) throws IOException;
  }

  /**
   * One request and its answer, by the JDK's older client: it knows host names with an underscore
   * and SOCKS proxies, which the newer takes for no host and for none.
   */
  private final class Exchange {
    private final HttpURLConnection connection;
    private final long deadline = System.nanoTime() + patience.toNanos();
    private final long length;
    private final Body body;
    private final AtomicBoolean answering = new AtomicBoolean();

    Exchange(URI uri, String method, Map<String, String> headers, long length, Body body)
        throws IOException {
      this.length = length;
      this.body = body;
      Proxies.Way way = proxies.way(uri);
      if (way instanceof Proxies.Blocked blocked) {
        throw new ProxyException(blocked.problem());
      }
      Proxy proxy = way instanceof Proxies.Through through ? through.proxy() : Proxy.NO_PROXY;
      connection = (HttpURLConnection) uri.toURL().openConnection(proxy);
      connection.setRequestMethod(method);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setAuthenticator(new ProxyLogin(way)); // not the one of the program around it
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(length);
      connection.setRequestProperty("User-Agent", agent);
      connection.setRequestProperty("Accept", "application/problem+json, application/json");
      connection.setRequestProperty("Connection", "close");
      headers.forEach(connection::setRequestProperty);
      if (way instanceof Proxies.Through through && uri.getScheme().equalsIgnoreCase("http")) {
        // With a body that is streamed there is no second try. TLS has a tunnel, and asks there.
        through
            .authorization()
            .ifPresent(login -> connection.setRequestProperty("Proxy-Authorization", login));
      }
      if (connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(trusted().getSocketFactory());
        secure.setHostnameVerifier(Transport::isNamed);
      }
    }

    private SSLContext trusted() throws IOException {
      try {
        return trust.isPresent() ? trust.get() : SSLContext.getDefault();
      } catch (NoSuchAlgorithmException e) {
        throw new SSLException("no trust store", e);
      }
    }

    Reply talk() throws IOException {
      try {
        try (OutputStream out = connection.getOutputStream()) {
          body.to(out);
        }
        int status = connection.getResponseCode();
        answering.set(true);
        if (status < 100) {
          throw new IOException("the answer is no HTTP");
        }
        return new Reply(status, fields(), beginning());
      } catch (HttpRetryException e) {
        return new Reply(
            e.responseCode(), Map.of(), new byte[0]); // asks for a login, which is none
      }
    }

    private Map<String, String> fields() {
      Map<String, String> fields = new LinkedHashMap<>();
      connection
          .getHeaderFields()
          .forEach(
              (name, values) -> {
                if (name != null && !values.isEmpty()) {
                  fields.put(name.toLowerCase(Locale.ROOT), values.get(values.size() - 1));
                }
              });
      return fields;
    }

    /** The beginning of the answer's body; the rest is not waited for. */
    private byte[] beginning() throws IOException {
      boolean failed = connection.getResponseCode() >= 400;
      InputStream given = failed ? connection.getErrorStream() : connection.getInputStream();
      if (given == null) {
        return new byte[0];
      }
      try (InputStream in = given) {
        byte[] kept = new byte[MOST_ANSWER];
        int size = 0;
        int read = 0;
        while (read >= 0 && size < kept.length) {
          size += read;
          if (System.nanoTime() > deadline) {
            throw new SocketTimeoutException("no whole answer");
          }
          read = in.read(kept, size, kept.length - size);
        }
        return Arrays.copyOf(kept, size);
      }
    }

    /** Breaks off what is still going on; what answers already ends by its own time. */
    void end() {
      if (!answering.get()) {
        connection.disconnect();
      }
    }
  }

  /** Answers a proxy that asks for a login; never a server. */
  private static final class ProxyLogin extends Authenticator {
    private final Proxies.Way way;

    ProxyLogin(Proxies.Way way) {
      this.way = way;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      return getRequestorType() == RequestorType.PROXY
              && way instanceof Proxies.Through through
              && !through.user().isEmpty()
          ? new PasswordAuthentication(through.user(), through.password().toCharArray())
          : null;
    }
  }

  /** A proxy that is named and cannot be used. */
  private static final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyException(String problem) {
      super(problem);
    }
  }

  /**
   * An answer.
   *
   * @param fields headers by their names in lower case
   * @param body its beginning
   */
  private record Reply(int status, Map<String, String> fields, byte[] body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    private String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private boolean isOfType(String type) {
      return header("Content-Type")
          .filter(t -> t.toLowerCase(Locale.ROOT).contains(type))
          .isPresent();
    }

    boolean isProblem() {
      return isOfType("application/problem+json");
    }

    /** Whether it is a page for people: what a network's sign-in shows instead of any address. */
    boolean isPage() {
      return isOfType("html") || MARKUP.matcher(text()).lookingAt();
    }

    /** What a problem document says, in one line. */
    String title() {
      Matcher title = TITLE.matcher(text());
      List<String> said = new ArrayList<>();
      while (title.find() && said.size() < 2) {
        said.add(title.group(1).replaceAll("\\p{Cntrl}", " "));
      }
      return said.isEmpty() ? "" : ": " + String.join(", ", said);
    }
  }

  /**
   * Whether a certificate is made out to this host; asked only of names that the JDK's own check
   * refuses to look at, those with an underscore.
   */
  private static boolean isNamed(String host, SSLSession session) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.indexOf('_') < 0) {
      return false;
    }
    try {
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      String below = "*" + name.substring(name.indexOf('.') < 0 ? 0 : name.indexOf('.'));
      return names != null
          && names.stream()
              .filter(entry -> Integer.valueOf(2).equals(entry.get(0)))
              .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
              .anyMatch(known -> known.equals(name) || known.equals(below));
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return false;
    }
  }

  private static Optional<URI> redirect(URI from, Reply reply) {
    if (reply.status() < 300 || reply.status() > 399) {
      return Optional.empty();
    }
    try {
      return Optional.of(from.resolve(reply.header("Location").orElse("/")));
    } catch (IllegalArgumentException e) {
      return Optional.of(URI.create("invalid://redirect"));
    }
  }

  private static boolean sameHost(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(String.valueOf(b.getScheme()))
        && Authority.of(a)
            .flatMap(
                here ->
                    Authority.of(b)
                        .map(
                            there ->
                                here.host().equalsIgnoreCase(there.host())
                                    && here.port() == there.port()))
            .orElse(false);
  }

  private static Answer judge(Reply reply, Clock clock) {
    int status = reply.status();
    if (status >= 200 && status < 300) {
      return reply.isPage() ? Answer.again("HTTP " + status + PAGE) : Answer.accepted(status);
    }
    String words = "HTTP " + status + reply.title();
    if (status < 500 && !TRY_AGAIN.contains(status)) {
      return Answer.refused(words);
    }
    Optional<Duration> after = reply.header("Retry-After").flatMap(text -> wait(text, clock));
    return Answer.again(words, after);
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
      String said = String.valueOf(cause.getMessage());
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof ProxyException
          || cause instanceof SSLHandshakeException
          || said.startsWith("Connect timed out")
          || said.startsWith("Unable to tunnel through proxy")
          || said.contains("HTTPS hostname")) {
        return false;
      }
    }
    return true;
  }

  /** What went wrong, and how to mend it. */
  private static String failure(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String said = String.valueOf(cause.getMessage());
      if (cause instanceof ProxyException) {
        return said;
      }
      if (cause instanceof SSLException || said.contains("HTTPS hostname")) {
        return "TLS failed ("
            + cause.getClass().getSimpleName()
            + "): is the receiver's certificate valid for its name and trusted here? A trust store"
            + " of your own can be given";
      }
      if (cause instanceof UnknownHostException) {
        return "the receiver's host name is not known: check the address, DNS and the proxy";
      }
      if (cause instanceof SocketTimeoutException) {
        return said.startsWith("Connect timed out")
            ? "no connection within " + CONNECT.toSeconds() + " s: is a proxy needed?"
            : "no answer in time";
      }
      if (cause instanceof ConnectException) {
        return "the connection was refused";
      }
      if (said.startsWith("Unable to tunnel through proxy")) {
        return "the proxy refused: check http.proxyUser and http.proxyPassword, and that the JVM runs"
            + " with -Djdk.http.auth.tunneling.disabledSchemes=";
      }
    }

    return "the connection broke (" + e.getClass().getSimpleName() + ")";
  }
}
