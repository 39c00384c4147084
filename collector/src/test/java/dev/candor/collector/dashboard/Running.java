package dev.candor.collector.dashboard;

import dev.candor.collector.Receiver;
import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.access.IngestKeys;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Product;
import dev.candor.store.ProductFolder;
import dev.candor.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A dashboard over a store with some made-up instances, and a browser's part of HTTP. */
final class Running implements AutoCloseable {
  static final String PASSWORD = "correct horse battery";

  final Store store;
  final Receiver receiver;
  final Dashboard dashboard;
  final Product product;
  final Path data;
  final SettableClock clock;
  private final HttpClient client = HttpClient.newHttpClient();

  Running(Path data) throws IOException {
    this(data, new SettableClock(), settings -> settings);
  }

  Running(Path data, SettableClock clock, UnaryOperator<DashboardSettings> change)
      throws IOException {
    this(data, clock, change, Duration.ofMinutes(1));
  }

  Running(
      Path data,
      SettableClock clock,
      UnaryOperator<DashboardSettings> change,
      Duration erasurePatience)
      throws IOException {
    this.data = data;
    this.clock = clock;
    product = Product.read(new ProductFolder.BesideClass(SonarQube.class));
    store = Store.open(data, List.of(product), clock);
    fill();
    receiver = receiver(data, store, List.of(product), clock);
    dashboard =
        Dashboard.start(
            change.apply(DashboardSettings.of(data).withAddress("127.0.0.1", 0)),
            store,
            List.of(product),
            receiver,
            clock,
            erasurePatience);
  }

  static Receiver receiver(Path data, Store store, List<Product> products, Clock clock)
      throws IOException {
    return Receiver.start(
        ReceiverSettings.of(data).withAddress("127.0.0.1", 0),
        store::append,
        products.stream().map(Product::dictionary).toList(),
        new IngestKeys(data.resolve("access"), clock, new SecureRandom()),
        store.faults(),
        clock);
  }

  /** Twelve instances of community, three of enterprise, over two days. */
  private void fill() throws IOException {
    MessageType ping = product.dictionary().message("ping");
    Sieve sieve = new Sieve(Limits.DEFAULT, Optional.empty());
    for (int day = 22; day <= 23; day++) {
      for (int i = 0; i < 15; i++) {
        String body =
            String.format(
                Locale.ROOT,
                """
            {"id":"%s","version":"9.9.0.65466","edition":"%s","messageSequenceNumber":%d,\
            "database":{"name":"PostgreSQL","version":"15.2"},"docker":true,\
            "plugins":[{"name":"java","version":"7.16.0.30901"}],"users":[],"projects":[]}""",
                id(i),
                i < 12 ? "community" : "enterprise",
                day);
        Sifted.Kept kept = (Sifted.Kept) sieve.sift(body.getBytes(StandardCharsets.UTF_8), ping);
        store.append(
            product.dictionary(),
            ping,
            kept.with(
                Map.of(
                    "_received",
                    String.format(Locale.ROOT, "2026-11-%dT10:%02d:00.000Z", day, i))));
      }
    }
    store.load();
  }

  static String id(int instance) {
    return String.format(Locale.ROOT, "ABCDEF%02d-AYwArbqofH4QAX77PgfQ", instance);
  }

  URI at(String path) {
    return URI.create(dashboard.address() + path);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(at(path)), headers);
  }

  /** From another server. */
  HttpResponse<String> getAt(URI address) throws Exception {
    return send(HttpRequest.newBuilder(address));
  }

  HttpResponse<String> post(String path, Map<String, String> form, String... headers)
      throws Exception {
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(at(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/x-www-form-urlencoded"),
        headers);
  }

  /** Sends a JSON body, or none. */
  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return send(
        HttpRequest.newBuilder(at(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json"),
        headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Chooses the administrator's password and gives the session's cookie. */
  String administrator() throws Exception {
    String link = dashboard.firstStart().orElseThrow().getPath();
    HttpResponse<String> in = post(link, Map.of("password", PASSWORD, "again", PASSWORD));
    return cookie(in);
  }

  static String cookie(HttpResponse<String> answer) {
    String set = answer.headers().firstValue("Set-Cookie").orElse("none");
    return set.substring(0, set.indexOf(';'));
  }

  /** What a form of this session must bring back. */
  String csrf(String cookie) throws Exception {
    String page = get("/admin/users", "Cookie", cookie).body();
    String before = "name=\"csrf\" value=\"";
    int at = page.indexOf(before) + before.length();
    return page.substring(at, page.indexOf('"', at));
  }

  /** A token of this role. */
  String token(String cookie, String role) throws Exception {
    String page =
        post(
                "/admin/tokens",
                Map.of("name", role, "role", role, "days", "30", "csrf", csrf(cookie)),
                "Cookie",
                cookie)
            .body();
    int at = page.indexOf("candor_");
    return "Bearer " + page.substring(at, page.indexOf('<', at));
  }

  @Override
  public void close() {
    client.close();
    dashboard.close();
    receiver.close();
    store.close();
  }

  /** Stands still until it is moved. */
  static class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-23T20:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
