package dev.candor.collector;

import dev.candor.collector.access.IngestKeys;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Rekeying;
import dev.candor.dictionary.Sieve;
import dev.candor.store.Faults;
import dev.candor.store.RetentionRefused;
import dev.candor.store.Tallies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A running receiver. Each message of each product comes in at {@code /<product><path>}, or at
 * {@code /<key>/<product><path>} by an ingest key; {@code /health/live}, {@code /health/ready} and
 * {@code /metrics} tell how it is.
 */
public final class Receiver implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.collector");

  /** Stands for a name in the lines for clients where nobody told one. */
  public static final String UNNAMED = "RECEIVER";

  private static final long LOOK_MILLIS = 250;
  private static final long NOTE_MINUTES = 1;
  private static final long PRUNE_HOURS = 1;

  private final ReceiverSettings settings;
  private final Optional<Quarantine> quarantine;
  private final Server server;
  private final State state;
  private final Meters meters;
  private final IngestKeys keys;
  private final Faults faults;
  private final Clock clock;
  private final AtomicReference<@Nullable Counting> counting = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Receiver(
      ReceiverSettings settings,
      Server server,
      State state,
      Meters meters,
      IngestKeys keys,
      Faults faults,
      Optional<Quarantine> quarantine,
      Clock clock) {
    this.quarantine = quarantine;
    this.settings = settings;
    this.server = server;
    this.state = state;
    this.meters = meters;
    this.keys = keys;
    this.faults = faults;
    this.clock = clock;
  }

  /**
   * Starts a receiver; it takes messages when this returns.
   *
   * @param sink where messages are kept that passed
   * @param keys who may send
   * @param faults shown at {@code /metrics}; those of the receiver are added
   * @throws IOException if it cannot listen there, or cannot use the data directory
   */
  public static Receiver start(
      ReceiverSettings settings,
      Sink sink,
      List<Dictionary> products,
      IngestKeys keys,
      Faults faults,
      Clock clock)
      throws IOException {
    Optional<Rekeying> rekeying =
        settings.rekey()
            ? Optional.of(RekeySecret.in(settings.data(), new SecureRandom()))
            : Optional.empty();
    Bounds bounds = settings.bounds();
    Optional<Quarantine> quarantine =
        settings.quarantineDays() == 0
            ? Optional.empty()
            : Optional.of(
                new Quarantine(
                    settings.data(), settings.quarantineDays(), settings.maxQuarantine(), clock));
    Meters meters = new Meters(products, faults);
    State state = new State(clock, bounds.maxRequests());
    Deadlines deadlines = new Deadlines(bounds.requestTime());
    meters.gauge("candor_connections", "Open connections.", deadlines::connections);
    Intake intake =
        new Intake(
            bounds,
            new Sieve(bounds.limits(), rekeying),
            sink,
            quarantine,
            clock,
            state,
            meters,
            faults);
    Server server = Listener.server(settings, deadlines, meters, faults);
    server.setHandler(
        new Entrance(new Routes(products), keys, intake, state, meters, deadlines, faults));
    Receiver receiver =
        new Receiver(settings, server, state, meters, keys, faults, quarantine, clock);
    receiver.listen();
    receiver.every(LOOK_MILLIS, TimeUnit.MILLISECONDS, deadlines);
    receiver.every(NOTE_MINUTES, TimeUnit.MINUTES, receiver::noteUses);
    quarantine.ifPresent(kept -> receiver.every(PRUNE_HOURS, TimeUnit.HOURS, () -> prune(kept)));
    return receiver;
  }

  private void listen() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      stopServer();
      throw new IOException(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
    }
    LOG.log(Level.INFO, "taking messages at {0}", address());
  }

  private void noteUses() {
    try {
      keys.noteUses();
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "the last use of ingest keys could not be noted", e);
    }
  }

  /**
   * Lets go of what is too old in quarantine, however many that is: somebody says that the clock is
   * right.
   *
   * @throws IOException if a file cannot be deleted
   */
  public void letGoOfQuarantine() throws IOException {
    if (quarantine.isPresent()) {
      quarantine.get().prune(true);
    }
  }

  private static void prune(Quarantine quarantine) {
    try {
      quarantine.prune(false);
    } catch (RetentionRefused e) {
      LOG.log(Level.WARNING, "in quarantine {0}", e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the quarantine could not be pruned", e);
    }
  }

  private void every(long delay, TimeUnit unit, Runnable work) {
    Scheduler scheduler = server.getScheduler();
    if (scheduler.isRunning()) {
      scheduler.schedule(() -> every(delay, unit, work), delay, unit);
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        faults.note(Faults.At.TIMER, e);
      }
    }
  }

  /** Where it listens, such as {@code http://127.0.0.1:7700}. */
  public URI address() {
    InetSocketAddress bound =
        new InetSocketAddress(
            settings.host(), ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return URI.create("http://" + host + ":" + bound.getPort());
  }

  /** Whether that is no name, but says to listen at each address that the machine has. */
  public static boolean isEverywhere(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether nobody told by which name clients reach it: {@link #UNNAMED} stands for that name. */
  public boolean isUnnamed() {
    return settings.url().isEmpty() && isEverywhere(settings.host());
  }

  /** Where clients reach it: as it was told, else where it listens. */
  public URI reached() {
    return settings
        .url()
        .orElseGet(
            () ->
                isUnnamed()
                    ? URI.create("http://" + UNNAMED + ":" + address().getPort())
                    : address());
  }

  /** What to put in the place of words in the lines for a product's clients, in sentences. */
  public List<String> places(String product) {
    List<String> places = new ArrayList<>();
    if (keys.demands(product)) {
      places.add(
          "In the place of KEY goes an ingest key: an administrator makes one, or \"candor key\".");
    }
    if (isUnnamed()) {
      places.add(
          "In the place of "
              + UNNAMED
              + " goes a name by which clients reach this machine; \"serve --ingest-url URL\""
              + " makes it known.");
    }
    return places;
  }

  /**
   * Where clients of a product send.
   *
   * @param receiver the receiver's address as clients reach it
   * @param key an ingest key, or a word that stands for one; empty where none is needed
   */
  public static URI clients(URI receiver, String product, Optional<String> key) {
    String base = receiver.toString().replaceFirst("/+$", "");
    return URI.create(base + key.map(word -> "/" + word).orElse("") + "/" + product);
  }

  /**
   * Where clients of a product send to this receiver.
   *
   * @param key an ingest key, or a word that stands for one; empty where none is needed
   */
  public URI clients(String product, Optional<String> key) {
    return clients(reached(), product, key);
  }

  /** As {@link #clients(String, Optional)}, with a word for the key where one is needed. */
  public URI clients(String product) {
    return clients(product, keys.demands(product) ? Optional.of("KEY") : Optional.empty());
  }

  /** Who may send. */
  public IngestKeys keys() {
    return keys;
  }

  /** How it was set up. */
  public ReceiverSettings settings() {
    return settings;
  }

  /**
   * Shows one more figure at {@code /metrics}, such as the length of the sink's queue.
   *
   * @param name a Prometheus name that nothing else has
   */
  public void gauge(String name, String help, DoubleSupplier value) {
    meters.gauge(name, help, value);
  }

  /**
   * Shows one more figure that only grows at {@code /metrics}.
   *
   * @param name a Prometheus name that nothing else has, ending in {@code _total}
   */
  public void counter(String name, String help, DoubleSupplier value) {
    meters.counter(name, help, value);
  }

  /**
   * Keeps what is counted for {@code /metrics} by day as well, until the receiver is closed; to be
   * called once at most.
   */
  public void keepCounts(Tallies tallies) {
    counting.set(new Counting(meters, tallies, faults, clock));
  }

  /**
   * Has this asked, whenever somebody wants to know whether the receiver is ready, for what is
   * wrong behind it: a sentence, or empty if all is well.
   */
  public void alsoReadyOnlyIf(Supplier<Optional<String>> trouble) {
    state.alsoAsk(trouble);
  }

  /** Whether messages should be sent here now; if not, why. */
  public Optional<String> notReady() {
    return state.notReady();
  }

  /** Takes no more messages, finishes those at work and stops. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (!state.drain(settings.bounds().stopTime())) {
        LOG.log(Level.WARNING, "stopped with {0} requests still at work", state.atWork());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopServer();
    Counting last = counting.get();
    if (last != null) {
      last.close();
    }
    noteUses();
  }

  private void stopServer() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the HTTP server did not stop cleanly", e);
    }
  }
}
