package dev.candor.cli;

import dev.candor.collector.RekeySecret;
import dev.candor.dictionary.Rekeying;
import dev.candor.store.Store;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sifts the quarantine once more. */
@Command(
    name = "replay",
    description = {
      "Sends the messages in quarantine through the sieve again, after a dictionary was mended. "
          + "What passes now without a loss is kept under its first time of receipt.",
      "A quarantine is kept only by a receiver that was started with --quarantine DAYS."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  candor replay --data candor-data")
final class Replay implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private Products products = new Products();

  @Option(
      names = "--no-rekey",
      description = "Keep pseudonyms as they come (as with serve --no-rekey).")
  private boolean asTheyCome;

  @Override
  public Integer call() throws IOException {
    products.in(data.path());
    DataDirectories.mustExist(data.path());
    try (Store store = Store.open(data.path(), products.all(), Clock.systemUTC())) {
      Optional<Rekeying> rekeying =
          asTheyCome
              ? Optional.empty()
              : Optional.of(RekeySecret.in(data.path(), new SecureRandom()));
      dev.candor.collector.Replay.Result result =
          dev.candor.collector.Replay.run(
              data.path(), products.allDictionaries(), rekeying, store::append);
      store.load();
      Objects.requireNonNull(spec)
          .commandLine()
          .getOut()
          .println(result.kept() + " messages kept, " + result.left() + " left in quarantine");
      return 0;
    }
  }
}
