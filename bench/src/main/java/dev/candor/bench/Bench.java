package dev.candor.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code ./candor bench}. */
@Command(
    name = "candor bench",
    description = {
      "Measures Candor beside its peers and the machine's limits, in turns, in one run.",
      "Prints ratios with their spread, and writes them as Markdown and pictures."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor bench                   everything, about 12 minutes",
      "  candor bench receiver loader   these alone",
      "  candor bench --short           shows in about a minute that all of it works",
      "  candor bench reports --instances 117000 --store DIR   the reports' full size"
    })
public final class Bench implements Callable<Integer> {
  private static final List<Part> PARTS =
      List.of(
          new SievePart(),
          new JournalPart(),
          new LoaderPart(),
          new ReceiverPart(),
          new TailPart(),
          new MemoryPart(),
          new DiskPart(),
          new ReportsPart(),
          new StartPart(),
          new ClientPart());

  @Parameters(paramLabel = "PART", description = "What to measure (default: all of it).")
  private List<String> names = List.of();

  @Option(names = "--short", description = "Only show that it works; the times mean nothing.")
  private boolean brief;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each measurement is repeated (default: 3; short: 1).")
  private @Nullable Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long one lasts under load (default: 3; short: 1).")
  private @Nullable Integer seconds;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Folder for results (default: bench/target/results).")
  private @Nullable Path folder;

  @Option(
      names = "--instances",
      paramLabel = "N",
      description = "Instances that the reports tell of (default: 5000; short: 100).")
  private @Nullable Integer instances;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Keep the reports' store in this folder, and go on from what is in it.")
  private @Nullable Path store;

  @Option(
      names = "--publish",
      description = "Put the results into docs/performance.md, the pictures into docs/images.")
  private boolean publish;

  @Option(
      names = "--record",
      description = "Keep Java flight recordings of the receiver beside the results.")
  private boolean record;

  /** Measures, and ends the process. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    CommandLine command = new CommandLine(new Bench()).setOut(out).setErr(err);
    command
        .getCommandSpec()
        .usageMessage()
        .sectionMap()
        .put(
            "parts",
            _ ->
                PARTS.stream()
                    .map(part -> String.format("  %-10s%s%n", part.name(), part.about()))
                    .collect(Collectors.joining("", String.format("%nParts:%n"), "")));
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Path home = Path.of(System.getProperty("candor.home", ".")).toAbsolutePath();
    List<Part> chosen = chosen();
    Path work = Files.createTempDirectory("candor-bench-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work)));
    // Peers that run as another user must get through to their own folders.
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
    Path kept = Optional.ofNullable(folder).orElse(home.resolve("bench/target/results"));
    Setting setting =
        new Setting(
            brief,
            rounds != null ? rounds : brief ? 1 : 3,
            seconds != null ? seconds : brief ? 1 : 3,
            instances != null ? instances : brief ? 100 : 5000,
            Optional.ofNullable(store),
            home,
            work,
            record ? Optional.of(Files.createDirectories(kept).toAbsolutePath()) : Optional.empty(),
            out);
    Results results = new Results(setting, kept);
    String machine = Machine.describe();
    setting.say(machine);
    boolean failed = false;
    for (Part part : chosen) {
      setting.say("\n" + part.name() + ": " + part.about());
      long start = System.nanoTime();
      try {
        part.run(setting, results);
      } catch (Exception e) {
        failed = true;
        results.note("**" + part.name() + " could not be measured**: " + e.getMessage());
        e.printStackTrace(out);
      }
      setting.say("  took " + (System.nanoTime() - start) / 1_000_000_000 + " s");
      // Now and not at the end, so that a later failure loses nothing.
      results.write(machine);
    }
    if (publish) {
      results.publish(machine, home.resolve("docs/performance.md"), "images");
    }
    setting.say("\nResults: " + kept.resolve("results.md"));
    return failed ? 1 : 0;
  }

  private List<Part> chosen() {
    for (String name : names) {
      if (PARTS.stream().noneMatch(part -> part.name().equals(name))) {
        throw new IllegalArgumentException(
            "no part \""
                + name
                + "\": expected some of "
                + PARTS.stream().map(Part::name).toList());
      }
    }
    return PARTS.stream().filter(p -> names.isEmpty() || names.contains(p.name())).toList();
  }

  /** Deletes what is still there; servers may be ending at the same time. */
  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        file.toFile().delete();
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("not all of " + folder + " could be deleted");
    }
  }
}
