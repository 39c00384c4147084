package dev.candor.collector.dashboard;

import dev.candor.collector.Listener;
import dev.candor.collector.Receiver;
import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.OpenIdConnect;
import dev.candor.collector.access.OpenIdSettings;
import dev.candor.collector.access.Role;
import dev.candor.collector.access.Sessions;
import dev.candor.store.Faults;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A running dashboard: the pages and the API, at an address of its own. Safe to share between
 * threads.
 */
public final class Dashboard implements AutoCloseable {
  static final int LONGEST_HEAD = 16 << 10;

  /** Most erasures take less, and their receipt is the answer. */
  private static final Duration ERASURE_PATIENCE = Duration.ofSeconds(8);

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final int MOST_CONNECTIONS = 1000;

  /** Of fewer instances than so many times the threshold most groups are too small to be shown. */
  private static final int SMALL_FLEET = 20;

  private static final long LOOK_SECONDS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DashboardSettings settings;
  private final Server server;
  private final Accounts accounts;
  private final Audit audit;
  private final Answers answers;
  private final Eraser eraser;
  private final List<Endpoint> endpoints;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Dashboard(
      DashboardSettings settings,
      Server server,
      Accounts accounts,
      Audit audit,
      Answers answers,
      Eraser eraser,
      List<Endpoint> endpoints) {
    this.settings = settings;
    this.server = server;
    this.accounts = accounts;
    this.audit = audit;
    this.answers = answers;
    this.eraser = eraser;
    this.endpoints = endpoints;
  }

  /**
   * Starts a dashboard; it answers when this returns.
   *
   * @param receiver whose ingest keys and address it shows
   * @throws IOException if it cannot listen there, or cannot use the data directory or the
   *     certificate
   */
  public static Dashboard start(
      DashboardSettings settings,
      Store store,
      List<Product> products,
      Receiver receiver,
      Clock clock)
      throws IOException {
    return start(settings, store, products, receiver, clock, ERASURE_PATIENCE);
  }

  /** As the other, with its own patience for erasures. */
  static Dashboard start(
      DashboardSettings settings,
      Store store,
      List<Product> products,
      Receiver receiver,
      Clock clock,
      Duration erasurePatience)
      throws IOException {
    SecureRandom random = new SecureRandom();
    Path folder = settings.data().resolve("access");
    Accounts accounts = new Accounts(folder, clock, random);
    Sessions sessions = new Sessions(clock, random);
    Audit audit = new Audit(folder, clock);
    Answers answers = new Answers(store, products, new Threshold(settings.threshold()), clock);
    Assets assets = new Assets();
    Html html = new Html(assets, products);

    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(
        Endpoint.open("GET", "/assets/{name}", "Style sheet, scripts and icon", assets::answer));
    endpoints.add(
        Endpoint.open(
            "GET", "/health/live", "Whether it runs", _ -> Reply.text("text/plain", "live\n")));
    Optional<OpenIdConnect> openId =
        settings.openId().map(how -> new OpenIdConnect(how, clock, random, PATIENCE));
    endpoints.addAll(
        new SignIn(accounts, sessions, audit, html, openId, settings.isSecure()).endpoints());
    Eraser eraser = new Eraser(store, settings.data(), audit, clock, erasurePatience);
    Panels panels = new Panels(store, answers, products);
    endpoints.addAll(new Sent(panels, answers, html).endpoints());
    Instances instances = new Instances(store, panels);
    SavedReports saved = new SavedReports(settings.data(), store, clock);
    endpoints.addAll(
        new Pages(store, products, panels, answers, instances, saved, html, eraser, receiver, clock)
            .endpoints());
    endpoints.addAll(
        new Administration(accounts, sessions, audit, html, settings.publicUrl()).endpoints());
    endpoints.addAll(
        new Settings(settings, receiver, store, products, accounts, html, clock).endpoints());
    endpoints.addAll(new Saving(saved, panels, audit, html, clock).endpoints());
    endpoints.addAll(new Keys(receiver, panels, products, audit, html, clock).endpoints());
    endpoints.addAll(
        new Api(store, products, panels, answers, audit, eraser, instances).endpoints());
    endpoints.add(
        Endpoint.open(
                "GET",
                "/api/v1/openapi.json",
                "This API, described by OpenAPI",
                _ -> Reply.json(OpenApi.describe(endpoints)))
            .giving("application/json"));

    Server server = server(settings, receiver, store.faults(), clock);
    server.setHandler(
        new Gate(
            endpoints,
            accounts,
            sessions,
            audit,
            html,
            store.faults(),
            settings.isSecure(),
            new Origins(settings.publicUrl())));
    Dashboard dashboard =
        new Dashboard(settings, server, accounts, audit, answers, eraser, List.copyOf(endpoints));
    dashboard.listen();
    tellOfSmallFleets(store, products, settings.threshold());
    answers.start();
    return dashboard;
  }

  /** What viewers will see little of, before they wonder. */
  private static void tellOfSmallFleets(Store store, List<Product> products, int threshold) {
    for (Product product : products) {
      try {
        long instances =
            product.facets().isEmpty()
                ? 0
                : (Long)
                    Objects.requireNonNull(
                        store
                            .ask(product.name(), "SELECT count(*) FROM instance")
                            .rows()
                            .getFirst()
                            .getFirst());
        if (threshold > 1 && instances > 0 && instances < (long) threshold * SMALL_FLEET) {
          LOG.log(
              Level.INFO,
              "{0} has {1} instances: viewers will see little, since groups of fewer than {2} are"
                  + " folded or withheld; --threshold says how small they may be",
              product.name(),
              Long.toString(instances),
              Integer.toString(threshold));
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the instances could not be counted", e);
      }
    }
  }

  private static Server server(
      DashboardSettings settings, Receiver receiver, Faults faults, Clock clock)
      throws IOException {
    Server server = new Server(Listener.threads("candor-dashboard"));
    HttpConfiguration http = Listener.http(LONGEST_HEAD);
    List<ConnectionFactory> speak = new ArrayList<>();
    Optional<Tls> listener = Optional.empty();
    if (settings.certificate().isPresent() && settings.key().isPresent()) {
      Tls tls = new Tls(settings.certificate().get(), settings.key().get(), clock);
      http.addCustomizer(new SecureRequestCustomizer(false));
      speak.add(new SslConnectionFactory(tls.factory(), "http/1.1"));
      server.addBean(tls.factory());
      listener = Optional.of(tls);
      receiver.counter(
          "candor_dashboard_failed_handshakes_total",
          "TLS handshakes with the dashboard that failed.",
          tls::failedHandshakes);
      receiver.gauge(
          "candor_dashboard_certificate_expires_seconds",
          "When the dashboard's certificate expires, in seconds since 1970.",
          () -> tls.expires().getEpochSecond());
      server.addEventListener(
          new org.eclipse.jetty.util.component.LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(org.eclipse.jetty.util.component.LifeCycle event) {
              every(server.getScheduler(), tls, faults);
            }
          });
    }
    speak.add(new HttpConnectionFactory(http));
    ServerConnector connector =
        new ServerConnector(server, 1, 1, speak.toArray(new ConnectionFactory[0]));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(60_000);
    connector.setShutdownIdleTimeout(100);
    listener.ifPresent(connector::addBean);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
    server.setErrorHandler(new Gate.Terse(faults));
    server.setStopAtShutdown(false);
    server.setStopTimeout(1000);
    return server;
  }

  private static void every(Scheduler scheduler, Runnable work, Faults faults) {
    if (scheduler.isRunning()) {
      scheduler.schedule(
          () -> {
            try {
              work.run();
            } catch (RuntimeException | Error e) {
              faults.note(Faults.At.TIMER, e);
            }
            every(scheduler, work, faults);
          },
          LOOK_SECONDS,
          TimeUnit.SECONDS);
    }
  }

  private void listen() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new IOException(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
    }
    LOG.log(Level.INFO, "dashboard at {0}", address());
  }

  /** Where it listens, such as {@code http://127.0.0.1:7701}. */
  public URI address() {
    return at(settings.host());
  }

  private URI at(String name) {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    String host = name.contains(":") ? "[" + name + "]" : name;
    return URI.create(
        (settings.certificate().isPresent() ? "https://" : "http://") + host + ":" + port);
  }

  /** Where browsers find it, as it was told. */
  public Optional<URI> publicUrl() {
    return settings.publicUrl();
  }

  /** Whether nobody can tell by which name others reach it. */
  public boolean isUnnamed() {
    return settings.publicUrl().isEmpty() && Receiver.isEverywhere(settings.host());
  }

  /**
   * Where the first administrator chooses a password, once; empty if there is somebody already, or
   * no password is taken.
   */
  public Optional<URI> firstStart() throws IOException {
    boolean passwords = settings.openId().map(OpenIdSettings::passwords).orElse(true);
    if (!accounts.isEmpty() || !passwords) {
      return Optional.empty();
    }
    try {
      String secret = accounts.invite("admin", Role.ADMINISTRATOR);
      URI base = settings.publicUrl().orElseGet(() -> isUnnamed() ? at("localhost") : address());
      return Optional.of(base.resolve("/welcome/" + secret));
    } catch (AccessException e) {
      throw new IOException(e.why(), e);
    }
  }

  /** All that can be asked for. */
  List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the dashboard did not stop cleanly", e);
    }
    try {
      answers.close();
      eraser.close();
      audit.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the audit log did not close cleanly", e);
    }
  }
}
