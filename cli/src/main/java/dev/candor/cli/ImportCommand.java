package dev.candor.cli;

import dev.candor.collector.RekeySecret;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Rekeying;
import dev.candor.dictionary.Sieve;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes messages from files into a data directory. */
@Command(
    name = "import",
    description = {
      "Takes messages from files: .json (one message), .ndjson (one a line), either compressed "
          + "(.gz), or folders of them. They pass the same sieve as those that come over HTTP.",
      "A line may be an envelope, {\"received\":\"2026-01-31T08:00:00.000Z\",\"message\":\"ping\","
          + "\"agent\":\"SonarQube/9.9.8.100196\",\"body\":{…}}, body last; it is filed under the "
          + "time told. A plain message is filed under its \"timestamp\" if it has one, else now.",
      "An import that was broken off goes on where it stopped, and what was imported twice counts "
          + "once. What was refused, or kept without a part, is tried again."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all messages were kept",
      "1:some were refused (each is named by file and line), or not all of a file was read",
      "2:usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  candor import --data candor-data pings.ndjson.gz",
      "  candor import --type opt-out goodbye/"
    })
final class ImportCommand implements Callable<Integer> {
  private static final Path STDIN = Path.of("-");
  private static final String FORMS =
      "expected a file that ends in .json, .ndjson or .jsonl, or one of these and .gz";
  private static final int MOST_NAMED = 20;
  private static final Pattern FITS =
      Pattern.compile(
          ".*\\.(json|ndjson|jsonl)(\\.gz)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  @Spec private @Nullable CommandSpec spec;
  @Mixin private DataOption data = new DataOption();
  @Mixin private Products products = new Products();
  @Mixin private ProductOption product = new ProductOption();
  @Mixin private MessageTypes types = new MessageTypes();

  @Option(
      names = "--no-rekey",
      description = "Keep pseudonyms as they come (as with serve --no-rekey).")
  private boolean asTheyCome;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files and folders; - for stdin, one message a line.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() throws IOException {
    products.in(data.path());
    List<String> odd = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    List<Path> files = expanded(odd, broken);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Dictionary dictionary = product.ofMessages(products);
    try (Store store = Store.open(data.path(), products.all(), Clock.systemUTC())) {
      products.remember();
      Optional<Rekeying> rekeying =
          asTheyCome
              ? Optional.empty()
              : Optional.of(
                  RekeySecret.in(data.path(), new SecureRandom()).remembering(Filing.REMEMBERED));
      Sieve sieve = new Sieve(Limits.DEFAULT, rekeying);
      try (Filing filing = new Filing(dictionary, sieve, store);
          ProgressBar progress = Progress.bar("Importing", size(files))) {
        ImportLog log = new ImportLog(data.path().resolve("import"));
        Importer importer = new Importer(dictionary, types, filing, log, store.receipts(), err);
        broken.forEach(path -> importer.unread(path, "it is no regular file"));
        for (Path file : files) {
          if (file.equals(STDIN)) {
            importer.read(System.in);
          } else {
            importer.read(file, progress);
          }
        }
        progress.close();
        store.load();
        odd.stream().limit(MOST_NAMED).forEach(path -> out.println("left alone: " + path));
        if (!odd.isEmpty()) {
          out.println(odd.size() + " files left alone: " + FORMS);
        }
        out.println(importer.summary(files.size()));
        out.flush();
        return importer.keptAll() ? 0 : 1;
      }
    }
  }

  /**
   * The files to read.
   *
   * @param odd takes the names of those within folders that have another ending
   * @param broken takes the names of those within folders that cannot be read
   */
  private List<Path> expanded(List<String> odd, List<String> broken) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> inside = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
          for (Path file : inside.filter(f -> !Files.isDirectory(f)).sorted().toList()) {
            if (!FITS.matcher(file.toString()).matches()) {
              odd.add(file.toString());
            } else if (Files.isRegularFile(file)) {
              files.add(file);
            } else {
              broken.add(file.toString());
            }
          }
        } catch (UncheckedIOException e) {
          throw Failure.of("cannot read all of " + path + ": " + e.getMessage());
        }
      } else if (path.equals(STDIN) || Files.isReadable(path)) {
        files.add(path);
      } else {
        throw Failure.of(
            Files.exists(path) ? "not allowed to read " + path : "no such file: " + path);
      }
    }
    if (files.isEmpty() && broken.isEmpty()) {
      throw Failure.of("there is nothing to import in %s: %s".formatted(paths, FORMS));
    }
    return files;
  }

  private static long size(List<Path> files) throws IOException {
    long size = 0;
    for (Path file : files) {
      size += file.equals(STDIN) ? 0 : Files.size(file);
    }
    return size;
  }
}
