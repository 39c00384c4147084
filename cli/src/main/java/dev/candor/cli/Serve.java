package dev.candor.cli;

import dev.candor.collector.ControlSocket;
import dev.candor.collector.Maintenance;
import dev.candor.collector.Receiver;
import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.access.IngestKeys;
import dev.candor.collector.dashboard.Dashboard;
import dev.candor.collector.dashboard.DashboardSettings;
import dev.candor.store.Backlog;
import dev.candor.store.Faults;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.Store;
import dev.candor.store.Trouble;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a receiver until it is told to stop. */
@Command(
    name = "serve",
    description = "Receives messages until it is stopped (Ctrl-C, SIGTERM).",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  candor serve --data /var/lib/candor --ingest 0.0.0.0:7700")
final class Serve implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("dev.candor.cli");
  private static final long FIRST_LINK_MILLIS = 2_000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private Products products = new Products();

  @Option(
      names = "--ingest",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7700",
      description = "Where to listen (default: ${DEFAULT-VALUE}); port 0 for any free one.")
  private String ingest = "127.0.0.1:7700";

  @Option(
      names = "--quarantine",
      paramLabel = "DAYS",
      defaultValue = "0",
      description =
          "Keep for so many days, apart, the whole of each message that lost something or was "
              + "refused, for \"candor replay\" (default: 0, off).")
  private int quarantineDays;

  @Option(
      names = "--no-rekey",
      description =
          "Keep pseudonyms of users and projects as they come, instead of replacing them by a "
              + "hash under a secret of this data directory. For the owner of a fleet.")
  private boolean asTheyCome;

  @Option(
      names = "--ingest-url",
      paramLabel = "URL",
      description =
          "Where clients reach this receiver, if a proxy stands in front of it (default: where it "
              + "listens). Only shown, in the lines for clients' settings.")
  private @Nullable URI ingestUrl;

  @Mixin private LifetimeOptions lifetime = new LifetimeOptions();
  @Mixin private DashboardOptions dashboard = new DashboardOptions();

  @Override
  public Integer call() throws IOException {
    Address address = Address.parse("--ingest", ingest);
    ReceiverSettings settings;
    try {
      settings =
          ReceiverSettings.of(data.path())
              .withAddress(address.host(), address.port())
              .withQuarantineDays(quarantineDays)
              .withRekey(!asTheyCome)
              .withUrl(Optional.ofNullable(ingestUrl));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
    products.in(data.path());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (Running running =
        Running.start(
            settings,
            lifetime.lifetime(),
            dashboard.settings(data.path()),
            products,
            Clock.systemUTC())) {
      try {
        products.remember();
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the data directory does not remember the dictionaries for the next start: {0}",
            Trouble.cause(e));
      }
      untilStopped(
          running,
          () -> {
            out.println(
                "Receiving at " + running.address() + "; data in " + data.path().toAbsolutePath());
            hint(out, products, running.receiver());
            running.showDashboard(out);
            out.flush();
          },
          () -> {});
    }
    return 0;
  }

  /** What to set in an instance of each product. */
  static void hint(PrintWriter out, Products products, Receiver receiver) {
    for (Product product : products.all()) {
      out.println(
          "To point a " + product.dictionary().title() + " here. " + product.setup().intro());
      product
          .setup()
          .lines(receiver.clients(product.name()))
          .forEach(line -> out.println("  " + line));
      receiver.places(product.name()).forEach(out::println);
    }
  }

  /**
   * Says that it is ready, and blocks until the process is told to end. All is closed in the hook,
   * which then ends the process itself: a stop that was asked for is a success, and Java would say
   * 143 or 130.
   */
  static void untilStopped(Running running, Ready ready, Runnable afterwards) throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(
        (_, fault) -> running.store().faults().note(Faults.At.THREAD, fault));
    Runtime runtime = Runtime.getRuntime();
    runtime.addShutdownHook(
        new Thread(
            () -> {
              int exitCode = 1;
              try {
                running.close();
                afterwards.run();
                exitCode = 0;
              } finally {
                runtime.halt(exitCode);
              }
            },
            "candor-stop"));
    ready.say();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that all is ready. */
  @FunctionalInterface
  interface Ready {
    void say() throws IOException;
  }

  /** A receiver with its store and control socket, closed in the order that loses nothing. */
  record Running(
      Store store,
      Maintenance maintenance,
      Receiver receiver,
      Optional<Dashboard> dashboard,
      ControlSocket control)
      implements AutoCloseable {

    static Running start(
        ReceiverSettings settings,
        Lifetime lifetime,
        Optional<DashboardSettings> pages,
        Products products,
        Clock clock)
        throws IOException {
      // Meanwhile the dictionaries are read.
      Thread.ofPlatform().daemon().name("candor-warm-up").start(Store::warmUp);
      Store store = Store.open(settings.data(), products.all(), lifetime, clock);
      try {
        Maintenance maintenance = Maintenance.start(store, settings.data(), clock);
        try {
          return start(settings, pages, products, clock, store, maintenance);
        } catch (IOException | RuntimeException e) {
          maintenance.close();
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
    }

    private static Running start(
        ReceiverSettings settings,
        Optional<DashboardSettings> pages,
        Products products,
        Clock clock,
        Store store,
        Maintenance maintenance)
        throws IOException {
      IngestKeys keys =
          new IngestKeys(settings.data().resolve("access"), clock, new SecureRandom());
      Receiver receiver =
          Receiver.start(
              settings,
              store::append,
              products.allDictionaries(),
              keys,
              store.faults(),
              store.receipts());
      try {
        gauges(receiver, store, clock);
        receiver.alsoReadyOnlyIf(store::trouble);
        receiver.keepCounts(store.tallies());
        Map<String, ControlSocket.Command> commands =
            Map.of(
                "report", Reports.command(store, products),
                "erase", Erase.command(store, products, settings.data(), clock),
                "retain", Retain.command(store, settings.data(), receiver, clock),
                "key", Key.command(products, receiver, clock));
        Optional<Dashboard> dashboard =
            pages.isEmpty()
                ? Optional.empty()
                : Optional.of(Dashboard.start(pages.get(), store, products.all(), receiver, clock));
        try {
          ControlSocket control = ControlSocket.open(settings.data(), commands, store.faults());
          return new Running(store, maintenance, receiver, dashboard, control);
        } catch (IOException | RuntimeException e) {
          dashboard.ifPresent(Dashboard::close);
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        receiver.close();
        throw e;
      }
    }

    private static void gauges(Receiver receiver, Store store, Clock clock) {
      receiver.gauge(
          "candor_journal_segments",
          "Journal segments that no report sees yet.",
          () -> backlog(store).segments());
      receiver.gauge(
          "candor_journal_bytes",
          "Bytes of journal that no report sees yet.",
          () -> backlog(store).bytes());
      receiver.gauge(
          "candor_journal_refused_segments",
          "Files of messages that could not be loaded and were set aside.",
          () -> backlog(store).refused());
      receiver.gauge(
          "candor_set_aside_messages",
          "Messages that could not be loaded and were set aside since the start.",
          store::setAside);
      receiver.gauge(
          "candor_loading_fails",
          "1 if reports do not see what is received, and /health/ready says why; else 0.",
          () -> store.trouble().isPresent() ? 1 : 0);
      receiver.gauge(
          "candor_last_load_seconds",
          "How long ago all that had been received was last loaded.",
          () -> Duration.between(store.lastLoad(), clock.instant()).toMillis() / 1000.0);
      receiver.gauge(
          "candor_journal_oldest_seconds",
          "How long the oldest of these segments has waited; 0 if none does.",
          () ->
              backlog(store)
                  .oldest()
                  .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
                  .orElse(0.0));
    }

    private static Backlog backlog(Store store) {
      try {
        return store.backlog();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Says where the dashboard is, and how to come in for the first time. */
    void showDashboard(PrintWriter out) throws IOException {
      if (dashboard.isPresent()) {
        out.println("Dashboard at " + dashboard.get().address());
        dashboard.get().publicUrl().ifPresent(url -> out.println("Browsers find it at " + url));
        if (dashboard.get().isUnnamed()) {
          out.println(
              "From other machines by this one's name; \"serve --public-url URL\" makes it known");
        }
        try {
          sayFirst(out, dashboard.get());
        } catch (IOException | UncheckedIOException e) {
          out.println(
              "Nobody can sign in yet, and the link to begin with cannot be kept ("
                  + Trouble.cause(e)
                  + "). It follows here once it can.");
          Thread.ofPlatform()
              .daemon()
              .name("candor-first-link")
              .start(() -> sayFirstOnceItCan(out, dashboard.get()));
        }
      }
    }

    private static void sayFirst(PrintWriter out, Dashboard dashboard) throws IOException {
      Optional<URI> first = dashboard.firstStart();
      if (first.isPresent()) {
        out.println(
            "Nobody can sign in yet. Open this once to choose the administrator's password:");
        out.println("  " + first.get());
      }
    }

    private static void sayFirstOnceItCan(PrintWriter out, Dashboard dashboard) {
      boolean said = false;
      while (!said) {
        try {
          Thread.sleep(FIRST_LINK_MILLIS);
          sayFirst(out, dashboard);
          out.flush();
          said = true;
        } catch (IOException | UncheckedIOException e) {
          // The health check says why, all the time.
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    URI address() {
      return receiver.address();
    }

    @Override
    public void close() {
      try {
        receiver.close();
        dashboard.ifPresent(Dashboard::close);
        control.close();
        maintenance.close();
      } catch (IOException e) {
        System.getLogger("dev.candor.cli")
            .log(System.Logger.Level.WARNING, "the control socket did not close cleanly", e);
      } finally {
        store.close();
      }
    }
  }
}
