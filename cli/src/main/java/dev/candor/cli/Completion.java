package dev.candor.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  source <(candor completion)")
final class Completion implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      CommandLine whole = Candor.commandLine(out, spec.commandLine().getErr());
      out.print(AutoComplete.bash("candor", whole));
      out.flush();
    }
  }
}
