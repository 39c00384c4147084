package dev.candor.cli;

import dev.candor.cli.fleet.Fleet;
import dev.candor.cli.fleet.FleetSettings;
import dev.candor.cli.fleet.Message;
import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.RekeySecret;
import dev.candor.collector.dashboard.DashboardSettings;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Rekeying;
import dev.candor.dictionary.Sieve;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole way of a message in about a minute. */
@Command(
    name = "demo",
    description = {
      "Shows it all in about a minute: starts a receiver on this machine, fills it with half a "
          + "year of the messages of 5,000 made-up servers, and prints what its reports say.",
      "Nothing leaves this machine."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor demo",
      "  candor demo --data demo-data    keep the data, to run further reports on it",
      "  candor demo --keep              go on until Ctrl-C, with the dashboard to look at"
    })
final class Demo implements Callable<Integer> {
  private static final List<String> SHOWN =
      List.of("alive-by-week", "versions", "editions", "databases", "languages", "sizes");
  private static final int MOST_SHOWN = 6;
  private static final int MOST_ROWS = 12;

  /** Two of three messages are metrics, and no page goes further back in them. */
  private static final int METRICS_DAYS = 30;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the data there, a new or empty folder (default: thrown away).")
  private @Nullable Path data;

  @Option(
      names = "--keep",
      description = "Keep receiving, and showing the dashboard, until stopped.")
  private boolean keep;

  @Option(names = "--instances", defaultValue = "5000", hidden = true)
  private int instances;

  @Option(names = "--days", defaultValue = "180", hidden = true)
  private int days;

  @Override
  public Integer call() throws IOException {
    Logging.warningsOnly();
    boolean temporary = data == null;
    Path folder = data != null ? data : Files.createTempDirectory("candor-demo-");
    mustBeEmpty(folder);
    // Ctrl-C before there is anything to stop in good order.
    Thread cleaner = new Thread(() -> throwAway(folder, temporary), "candor-clean");
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      show(folder, temporary, () -> Runtime.getRuntime().removeShutdownHook(cleaner));
    } finally {
      throwAway(folder, temporary);
    }
    return 0;
  }

  private void show(Path folder, boolean temporary, Runnable shown) throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Products products = new Products();
    Product product = products.all().getFirst();
    ReceiverSettings settings =
        ReceiverSettings.of(folder).withAddress("127.0.0.1", free(7700) ? 7700 : 0);
    Optional<DashboardSettings> pages =
        Optional.of(DashboardSettings.of(folder).withAddress("127.0.0.1", free(7701) ? 7701 : 0));
    try (Serve.Running running =
        Serve.Running.start(settings, Lifetime.DEFAULT, pages, products, Clock.systemUTC())) {
      URI url = running.address().resolve("/" + product.dictionary().product());
      out.println("A receiver is listening at " + url + " (nothing leaves this machine).");
      out.flush();
      LocalDate today = LocalDate.now(Clock.systemUTC());
      List<Message> last = history(running, product.dictionary(), folder, today, out);
      try (Sender sender = new Sender(url)) {
        try (ProgressBar progress = Progress.bar("Today, over HTTP", last.size())) {
          sender.send(last, progress::step);
        }
        out.println("Today, over HTTP: " + sender.summary() + ".");
        if (sender.failed()) {
          throw Failure.of("the receiver did not take every message");
        }
      }
      out.println("Bringing the tables of the reports up to date…");
      out.flush();
      running.store().load();
      for (Report report : shown(product)) {
        out.println();
        Reports.print(running.store(), product, report, Terminal.width(), MOST_ROWS, out);
      }
      next(out, temporary, folder);
      if (keep) {
        out.println();
        out.println("Still receiving; Ctrl-C ends it.");
        Serve.hint(out, products, running.receiver());
        running.showDashboard(out);
        out.flush();
        shown.run();
        Serve.untilStopped(running, () -> {}, () -> throwAway(folder, temporary));
      }
    }
  }

  /** Files all days but the last under their own dates, and gives back the last day's messages. */
  private List<Message> history(
      Serve.Running running, Dictionary dictionary, Path folder, LocalDate today, PrintWriter out)
      throws IOException {
    Rekeying rekeying = RekeySecret.in(folder, new SecureRandom()).remembering(Filing.REMEMBERED);
    Sieve sieve = new Sieve(Limits.DEFAULT, Optional.of(rekeying));
    List<Message> last = new ArrayList<>();
    long filed = 0;
    try (ProgressBar progress = Progress.bar("Days before", days - 1L);
        Filing filing = new Filing(dictionary, sieve, running.store())) {
      Fleet fleet = new Fleet(new FleetSettings(instances, days, 1, today));
      Past past = new Past(dictionary, filing);
      LocalDate start = today.minusDays(days - 1L);
      fleet.tell(
          message -> {
            LocalDate day = message.received().atZone(ZoneOffset.UTC).toLocalDate();
            if (day.equals(today)) {
              last.add(message);
            } else if (!message.type().equals("metrics")
                || !day.isBefore(today.minusDays(METRICS_DAYS))) {
              past.add(message);
              progress.stepTo(start.until(day, ChronoUnit.DAYS));
            }
          });
      past.file();
      filing.settle();
      filed = past.filed;
      progress.stepTo(days - 1L);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.println(
        "The "
            + (days - 1)
            + " days before: "
            + filed
            + " messages of "
            + instances
            + " made-up servers imported.");
    out.flush();
    return last;
  }

  /** Gathers messages into portions. */
  private static final class Past {
    private static final int PORTION_BYTES = 4 << 20;

    private final Dictionary dictionary;
    private final Filing filing;
    private List<Message> portion = new ArrayList<>();
    private long bytes;
    private long filed;

    Past(Dictionary dictionary, Filing filing) {
      this.dictionary = dictionary;
      this.filing = filing;
    }

    void add(Message message) {
      portion.add(message);
      bytes += message.body().length();
      if (bytes >= PORTION_BYTES) {
        file();
      }
    }

    void file() {
      List<Message> messages = portion;
      filed += messages.size();
      portion = new ArrayList<>();
      bytes = 0;
      try {
        filing.file(
            into ->
                messages.forEach(
                    message ->
                        into.add(
                            message.bytes(),
                            dictionary.message(message.type()),
                            message.received(),
                            Optional.of(message.agent()),
                            Filing.Same.NONE)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<Report> shown(Product product) {
    List<Report> chosen = new ArrayList<>();
    for (String name : SHOWN) {
      product.reports().stream().filter(r -> r.name().equals(name)).forEach(chosen::add);
    }
    for (Report report : product.reports()) {
      if (chosen.size() < MOST_SHOWN && !chosen.contains(report)) {
        chosen.add(report);
      }
    }
    return chosen;
  }

  private static void next(PrintWriter out, boolean temporary, Path folder) {
    String where = temporary ? "demo-data" : folder.toString();
    out.println();
    out.println("Where to look next:");
    if (temporary) {
      out.println("  ./candor demo --data demo-data              keep the data this time");
    }
    out.println(
        "  ./candor report --data " + where + "            all reports, then one by its name");
    out.println("  ./candor report plugins --data " + where + " --format csv");
    out.println("  ./candor demo --keep                        the dashboard, in a browser");
    out.println("  ./candor dictionary                         what is sent, and why");
    out.println("  ./candor serve                              receive in earnest");
    out.flush();
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static void mustBeEmpty(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isPresent()) {
          throw Failure.usage(
              folder
                  + " is not empty: made-up messages must not mix with others; name a new folder");
        }
      }
    }
  }

  private static void throwAway(Path folder, boolean temporary) {
    try {
      if (temporary && Files.exists(folder)) {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
