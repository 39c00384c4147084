package dev.candor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Mends a data directory whose database is damaged. */
@Command(
    name = "repair",
    description = {
      "Mends a data directory whose database cannot be opened or read: says what is damaged and what "
          + "is lost, sets the damaged files aside and goes on from what can be read.",
      "Nothing is deleted. The receiver must be stopped."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is damaged, or it is mended",
      "1:it failed, or something would be lost and --yes was not given"
    },
    footerHeading = "%nExample:%n",
    footer = "  candor repair --data /var/lib/candor")
final class RepairCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--yes", description = "Go on although something is lost.")
  private boolean yes;

  @Override
  public Integer call() throws IOException {
    DataDirectories.mustExist(data.path());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    dev.candor.store.Repair.Result result =
        dev.candor.store.Repair.run(data.path(), Clock.systemUTC(), _ -> yes);
    List<String> findings = result.findings();
    findings.forEach(out::println);
    if (findings.isEmpty()) {
      out.println("Nothing is damaged.");
    } else if (result.mended()) {
      out.println("Mended. What was received and not loaded yet is loaded at the next start.");
    } else {
      out.println("Nothing was changed. To go on without what is lost: the same with --yes.");
    }
    out.flush();
    return findings.isEmpty() || result.mended() ? 0 : 1;
  }
}
