package dev.candor.cli;

import dev.candor.collector.ControlClient;
import dev.candor.collector.ControlSocket;
import dev.candor.collector.Erasure;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Erases all that is held of an instance. */
@Command(
    name = "erase",
    description = {
      "Erases all that was received from an instance: from the store, its journal and the "
          + "quarantine. Prints a receipt.",
      "What it sends from then on is kept again, unless it has telemetry turned off."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  candor erase ABB010CE-AVcdRncGX_RgEGt_NVoS --data /var/lib/candor")
final class Erase implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private ProductOption product = new ProductOption();
  @Mixin private Products products = new Products();

  @Option(
      names = "--now",
      description =
          "Write the database's file anew at once, however large it is, so that no byte of it is "
              + "left; below 1 GiB that is done in any case.")
  private boolean now;

  @Parameters(index = "0", paramLabel = "ID", description = "The instance's id.")
  private String id = "";

  @Override
  public Integer call() throws IOException {
    if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
      throw Failure.usage("the id of an instance has letters, digits, hyphens and underscores");
    }
    products.in(data.path());
    Product of = products.named(product.name());
    DataDirectories.mustExist(data.path());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(id + ": " + receipt(of));
    out.flush();
    return 0;
  }

  private String receipt(Product of) throws IOException {
    try {
      Optional<byte[]> running =
          ControlClient.ask(data.path(), "erase " + of.name() + " " + id + (now ? " now" : ""));
      if (running.isPresent()) {
        return new String(running.get(), StandardCharsets.UTF_8);
      }
    } catch (ControlClient.Refused e) {
      throw Failure.of("the running receiver says: " + e.getMessage());
    }
    try (Store store = Store.open(data.path(), products.all(), Clock.systemUTC())) {
      return Erasure.of(store, of, data.path(), id, now, Clock.systemUTC())
          .orElseThrow(() -> Failure.of(unknown(of.name(), id)))
          .sentence();
    }
  }

  private static String unknown(String product, String id) {
    return "nothing is known of an instance %s of %s, so nothing was erased".formatted(id, product);
  }

  /** Answers {@code erase PRODUCT ID [now]} for other processes. */
  static ControlSocket.Command command(Store store, Products products, Path data, Clock clock) {
    return (words, out) -> {
      boolean now = words.size() == 3 && words.get(2).equals("now");
      if (words.size() != 2 && !now) {
        throw new IllegalArgumentException("expected: erase PRODUCT ID [now]");
      }
      Product of = products.named(words.get(0));
      Erasure.Done done =
          Erasure.of(store, of, data, words.get(1), now, clock)
              .orElseThrow(() -> new IllegalArgumentException(unknown(of.name(), words.get(1))));
      out.write(done.sentence().getBytes(StandardCharsets.UTF_8));
    };
  }
}
