package dev.candor.cli;

import dev.candor.collector.ControlClient;
import dev.candor.collector.ControlSocket;
import dev.candor.collector.Maintenance;
import dev.candor.collector.Receiver;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets go of what is too old, now. */
@Command(
    name = "retain",
    description = {
      "Lets go of messages that are older than \"serve --retention DAYS\" said last, as a running "
          + "receiver does once a day.",
      "More than half of all messages, some of them a week too old, go only with --yes: it may be "
          + "the clock that is wrong."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:refused, or it failed; nothing went that was refused", "2:usage"},
    footerHeading = "%nExample:%n",
    footer = "  candor retain --yes --data /var/lib/candor")
final class Retain implements Callable<Integer> {
  private static final String SURE = "sure";

  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private Products products = new Products();

  @Option(names = "--yes", description = "The clock is right: let go of however many are too old.")
  private boolean sure;

  @Override
  public Integer call() throws IOException {
    DataDirectories.mustExist(data.path());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(done());
    out.flush();
    return 0;
  }

  private String done() throws IOException {
    try {
      Optional<byte[]> running = ControlClient.ask(data.path(), sure ? "retain " + SURE : "retain");
      if (running.isPresent()) {
        return new String(running.get(), StandardCharsets.UTF_8);
      }
    } catch (ControlClient.Refused e) {
      throw Failure.of("the running receiver says: " + e.getMessage());
    }
    try (Store store = Store.open(data.path(), products.all(), Clock.systemUTC())) {
      return Maintenance.retain(store, data.path(), sure, Clock.systemUTC());
    }
  }

  /** Answers {@code retain [sure]} for other processes. */
  static ControlSocket.Command command(Store store, Path data, Receiver receiver, Clock clock) {
    return (words, out) -> {
      if (!words.isEmpty() && !words.equals(List.of(SURE))) {
        throw new IllegalArgumentException("expected: retain [sure]");
      }
      boolean sure = !words.isEmpty();
      String sentence = Maintenance.retain(store, data, sure, clock);
      if (sure) {
        receiver.letGoOfQuarantine();
      }
      out.write(sentence.getBytes(StandardCharsets.UTF_8));
    };
  }
}
