package dev.candor.cli;

import dev.candor.collector.ControlClient;
import dev.candor.collector.ControlSocket;
import dev.candor.collector.Receiver;
import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.IngestKey;
import dev.candor.collector.access.IngestKeys;
import dev.candor.store.DirectoryLock;
import dev.candor.store.PrivateFiles;
import dev.candor.store.Product;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and ends ingest keys, with or without a running receiver. */
@Command(
    name = "key",
    description = {
      "Makes, lists and ends ingest keys: with a key in the address that a product's clients are "
          + "given, strangers cannot send to this receiver.",
      "Several keys may be good at once. To change one without losing a message, make the new one, "
          + "point the clients to it, then end the old one."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(add | list | end | remove)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor key add fleet-2027 --open-days 14    a first key; for two weeks none is needed",
      "  candor key list                             which there are, and when each was last used",
      "  candor key end fleet-2026 --on 2027-02-01   good until then",
      "  candor key remove fleet-2026                off the list, once it has ended"
    })
final class Key implements Runnable {
  private static final URI LISTENING = URI.create("http://127.0.0.1:7700");

  /** What the audit log calls whoever types commands. */
  private static final String WHO = "command line";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    own.commandLine().usage(own.commandLine().getOut());
  }

  @Command(
      name = "add",
      description = "Makes a key and prints, this once, what to set in clients.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  candor key add fleet-2027 --data /var/lib/candor")
  void add(
      @Mixin DataOption data,
      @Mixin ProductOption product,
      @Mixin Products products,
      @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
      @Option(
              names = "--open-days",
              paramLabel = "DAYS",
              defaultValue = "0",
              description =
                  "With the first key of a product: for so many days messages without a key are "
                      + "still taken (default: 0).")
          int days)
      throws IOException {
    products.in(data.path());
    ask(
        data.path(),
        products,
        List.of("add", products.named(product.name()).name(), name, "" + days));
  }

  @Command(
      name = "list",
      description = "Prints which keys there are.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  candor key list --data /var/lib/candor")
  void list(@Mixin DataOption data, @Mixin Products products) throws IOException {
    ask(data.path(), products, List.of("list"));
  }

  @Command(
      name = "end",
      description = "Ends a key, at once or at the beginning of a day (UTC).",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  candor key end fleet-2026 --on 2027-02-01 --data /var/lib/candor")
  void end(
      @Mixin DataOption data,
      @Mixin Products products,
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--on",
              paramLabel = "DAY",
              defaultValue = "now",
              description = "From when on it is good no more (default: now).")
          String day)
      throws IOException {
    ask(data.path(), products, List.of("end", name, day));
  }

  @Command(
      name = "remove",
      description = {
        "Takes a key that has ended off the list.",
        "With the last key of a product, everybody may send again."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  candor key remove fleet-2026 --data /var/lib/candor")
  void remove(
      @Mixin DataOption data,
      @Mixin Products products,
      @Parameters(paramLabel = "NAME", description = "Its name.") String name)
      throws IOException {
    ask(data.path(), products, List.of("remove", name));
  }

  private void ask(Path data, Products products, List<String> words) throws IOException {
    products.in(data);
    for (String word : words) {
      if (!word.matches("[A-Za-z0-9._@-]{1,64}")) {
        throw Failure.usage(
            "\"" + Printable.of(word) + "\": expected letters, digits, dots, hyphens, _ or @");
      }
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(answer(data, products, words));
    out.flush();
  }

  private static String answer(Path data, Products products, List<String> words)
      throws IOException {
    try {
      Optional<byte[]> running = ControlClient.ask(data, "key " + String.join(" ", words));
      if (running.isPresent()) {
        return new String(running.get(), StandardCharsets.UTF_8);
      }
    } catch (ControlClient.Refused e) {
      throw Failure.of(String.valueOf(e.getMessage()));
    }
    Clock clock = Clock.systemUTC();
    try (DirectoryLock lock = DirectoryLock.take(PrivateFiles.folder(data))) {
      Objects.requireNonNull(lock);
      IngestKeys keys = new IngestKeys(data.resolve("access"), clock, new SecureRandom());
      return new Work(products, keys, data, clock, LISTENING).done(words);
    } catch (IllegalArgumentException e) {
      throw Failure.of(String.valueOf(e.getMessage()));
    }
  }

  /** Answers {@code key add PRODUCT NAME DAYS} and its like for other processes. */
  static ControlSocket.Command command(Products products, Receiver receiver, Clock clock) {
    Path data = receiver.settings().data();
    URI url = receiver.reached();
    return (words, out) ->
        out.write(
            new Work(products, receiver.keys(), data, clock, url)
                .done(words)
                .getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is to be done with the keys.
   *
   * @param url where clients reach the receiver
   */
  private record Work(Products products, IngestKeys keys, Path data, Clock clock, URI url) {

    String done(List<String> words) throws IOException {
      try (Audit audit = new Audit(data.resolve("access"), clock)) {
        return switch (words.isEmpty() ? "" : words.getFirst() + words.size()) {
          case "add4" -> add(words.get(1), words.get(2), words.get(3), audit);
          case "list1" -> list();
          case "end3" -> end(words.get(1), words.get(2), audit);
          case "remove2" -> {
            keys.remove(words.get(1));
            audit.changed(WHO, "remove ingest key", words.get(1));
            yield words.get(1) + " is off the list\n";
          }
          default ->
              throw new IllegalArgumentException(
                  "expected: key add PRODUCT NAME DAYS, key list, key end NAME DAY or key remove"
                      + " NAME");
        };
      } catch (AccessException e) {
        throw new IllegalArgumentException(e.why(), e);
      }
    }

    private String add(String of, String name, String days, Audit audit) throws AccessException {
      Product product = products.named(of);
      int open = days.matches("[0-9]{1,4}") ? Integer.parseInt(days) : -1;
      String secret = keys.add(product.name(), name, open, WHO);
      audit.changed(WHO, "make ingest key", name + " for " + product.name());
      StringBuilder text = new StringBuilder(product.setup().intro() + "\n");
      product
          .setup()
          .lines(Receiver.clients(url, product.name(), Optional.of(secret)))
          .forEach(line -> text.append("  ").append(line).append('\n'));
      text.append("The key is not shown again.");
      if (url.equals(LISTENING) || Receiver.UNNAMED.equals(url.getHost())) {
        text.append(" Put your receiver's address in the place of ").append(url).append('.');
      }
      return text.append('\n').toString();
    }

    private String end(String name, String on, Audit audit) throws AccessException {
      Instant when = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      try {
        when =
            on.equals("now") ? when : LocalDate.parse(on).atStartOfDay().toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("--on: expected a day such as 2027-02-01", e);
      }
      keys.end(name, when);
      audit.changed(WHO, "end ingest key", name + " at " + when);
      return name + " ends at " + when + "\n";
    }

    private String list() {
      List<IngestKey> all = keys.all();
      if (all.isEmpty()) {
        return "no ingest keys: everybody who reaches the receiver may send\n";
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (IngestKey key : all) {
        rows.add(
            Arrays.asList(
                key.name(),
                key.product(),
                day(key.created()),
                day(key.demanded()),
                key.ends() == null ? "" : day(key.ends()),
                key.lastUsed() == null ? "never" : key.lastUsed().toString(),
                key.isGood(clock.instant()) ? "good" : "ended"));
      }
      List<String> heads =
          List.of("name", "product", "made", "needed_from", "ends", "last_used", "state");
      return String.join("\n", new Table(heads, rows, java.util.OptionalInt.empty()).lines(120))
          + "\n";
    }

    private static String day(Instant time) {
      return time.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
  }
}
