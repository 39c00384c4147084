package dev.candor.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "candor",
    description =
        "Honest usage telemetry, both ends: shows and sends what an instance tells; receives pings, "
            + "keeps what the dictionary names, answers questions.",
    mixinStandardHelpOptions = true,
    version = "candor 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  candor demo             a receiver, a made-up fleet, its reports",
      "  candor serve            receive pings on 127.0.0.1:7700",
      "  candor preview          what a SonarQube would send",
      "  candor COMMAND --help   more about a command, with an example"
    })
public final class Candor implements Runnable {
  private static final List<Class<?>> SUBCOMMANDS =
      List.of(
          Demo.class,
          Serve.class,
          ReportCommand.class,
          ImportCommand.class,
          Check.class,
          Replay.class,
          RepairCommand.class,
          Erase.class,
          Retain.class,
          Key.class,
          DictionaryCommand.class,
          Simulate.class,
          Agent.class,
          Preview.class,
          Status.class,
          Sent.class,
          Send.class,
          Export.class,
          Doctor.class,
          Completion.class);

  /** What picocli says of a text that it cannot convert, with the class that it was to become. */
  private static final Pattern CONVERSION =
      Pattern.compile("cannot convert ('.*') to (?:class )?[A-Za-z.]+ \\(.*\\)");

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Ours asks for no locale, but libraries do: the database's driver, the progress bar.
    Locale.setDefault(Locale.ROOT);
    Logging.configure();
    Output output = new Output(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new BufferedOutputStream(output), true, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    String[] words = asked(args);
    int exitCode = commandLine(out, err, words).execute(words);
    out.flush();
    System.out.flush();
    Optional<String> unwritten = output.failure();
    if (unwritten.isPresent()) {
      err.println("candor: the output could not be written: " + unwritten.get());
      exitCode = exitCode == 0 ? 1 : exitCode;
    }
    err.flush();
    System.exit(exitCode);
  }

  /** {@code candor help COMMAND} is {@code candor COMMAND --help}. */
  private static String[] asked(String[] args) {
    if (args.length == 0 || !args[0].equals("help")) {
      return args;
    }
    String[] words = Arrays.copyOfRange(args, 1, args.length + 1);
    words[args.length - 1] = "--help";
    return words;
  }

  /**
   * The command as far as these arguments need it, and the whole of it without any: to read what
   * all its subcommands can do takes as long as to open the store.
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, String... args) {
    List<Class<?>> named =
        SUBCOMMANDS.stream().filter(type -> args.length > 0 && args[0].equals(name(type))).toList();
    CommandLine whole = new CommandLine(new Candor());
    (named.isEmpty() ? SUBCOMMANDS : named).forEach(whole::addSubcommand);
    return whole
        .registerConverter(Path.class, Candor::path)
        .setOut(out)
        .setErr(err)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Candor::explainUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CommandLine.TypeConversionException(noPath(text));
    }
  }

  private static String noPath(String text) {
    return "\""
        + Printable.of(text)
        + "\" is no name of a file here: for names beyond ASCII set LC_ALL=C.UTF-8";
  }

  private static String name(Class<?> subcommand) {
    return subcommand.getAnnotation(Command.class).name();
  }

  private static int explainUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        "candor: "
            + CONVERSION.matcher(oneLine(e.getMessage())).replaceFirst("$1 cannot be read as one"));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
    err.flush();
    return 2;
  }

  private static int explain(Exception e, CommandLine command) {
    command.getErr().println("candor: " + oneLine(message(e)));
    if (System.getenv("CANDOR_DEBUG") != null) {
      e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return e instanceof Failure failure ? failure.exitCode() : 1;
  }

  private static String message(Throwable e) {
    return switch (e) {
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          message(wrapped.getCause());
      case NoSuchFileException missing -> "no such file: " + missing.getFile();
      case AccessDeniedException denied -> "not allowed to read or write " + denied.getFile();
      case InvalidPathException invalid -> noPath(invalid.getInput());
      case IOException io when io.getMessage() != null -> io.getMessage();
      default -> e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    };
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
