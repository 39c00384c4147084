package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.collector.access.Who;
import dev.candor.store.Chart;
import dev.candor.store.PrivateFiles;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Sandbox;
import dev.candor.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Queries that analysts saved as reports: {@code reports/PRODUCT/NAME.sql} of the data directory. A
 * file has header lines of our own, a blank line, and the query as it was written. The query is
 * never trusted: each time it runs as an own query does, in the sandbox and within its limits.
 */
final class SavedReports {
  /** What a chart may look like. */
  static final List<String> KINDS =
      Stream.of(Chart.Kind.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}\\u2028\\u2029]{1,200}");
  private static final int MOST = 500;
  private static final int LONGEST = 20_000;

  /**
   * A saved report.
   *
   * @param report what it is, with its whole file as SQL
   * @param chart its chart as it was written
   * @param author who saved it first
   * @param saved when it was saved last
   * @param query the query as it was written
   */
  record Saved(Report report, String chart, String author, Instant saved, String query) {
    /** Whether they may replace or remove it. */
    boolean isOf(Who who) {
      return who.name().equals(author) || who.role().covers(Role.ADMINISTRATOR);
    }
  }

  private final Path folder;
  private final Store store;
  private final Clock clock;

  SavedReports(Path data, Store store, Clock clock) {
    this.folder = data.resolve("reports");
    this.store = store;
    this.clock = clock;
  }

  /** All of a product, by name; files that make no sense are left out. */
  List<Saved> all(Product product) throws IOException {
    Path own = folder.resolve(product.name());
    if (!Files.isDirectory(own)) {
      return List.of();
    }
    List<Saved> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".sql") && NAME.matcher(name.substring(0, name.length() - 4)).matches()) {
          read(name.substring(0, name.length() - 4), file).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /**
   * The report of that name.
   *
   * @throws HttpException if there is none
   */
  Saved named(Product product, String name) throws IOException {
    return find(product, name).orElseThrow(() -> HttpException.notFound("saved report"));
  }

  private Optional<Saved> find(Product product, String name) throws IOException {
    if (!NAME.matcher(name).matches() || !Files.isRegularFile(file(product, name))) {
      return Optional.empty();
    }
    return read(name, file(product, name));
  }

  private Path file(Product product, String name) {
    return folder.resolve(product.name()).resolve(name + ".sql");
  }

  private static Optional<Saved> read(String name, Path file) throws IOException {
    try {
      String text = Files.readString(file).replaceFirst("^\\uFEFF", "");
      int end = text.indexOf("\n\n");
      if (end < 0) {
        throw new IllegalArgumentException("no blank line");
      }
      String head = text.substring(0, end + 1);
      return Optional.of(
          new Saved(
              Report.parse(name, text),
              header(head, "chart"),
              header(head, "author"),
              Instant.parse(header(head, "saved")),
              text.substring(end + 2)));
    } catch (IllegalArgumentException | DateTimeException | CharacterCodingException e) {
      LOG.log(
          Level.WARNING,
          "the saved report {0} is damaged and left out: mend it, restore it from a backup or delete"
              + " it",
          file);
      return Optional.empty();
    }
  }

  private static String header(String head, String key) {
    return head.lines()
        .filter(line -> line.startsWith("-- " + key + ": "))
        .map(line -> line.substring(key.length() + 5))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + key));
  }

  /** Runs it as an own query; a row more than those says that there are more. */
  ReportResult run(Product product, Saved saved) throws IOException {
    return run(product, saved.query());
  }

  private ReportResult run(Product product, String query) throws IOException {
    try {
      return store.query(product.name(), query, Pages.MOST_QUERY_ROWS + 1, Pages.LONGEST_QUERY);
    } catch (Sandbox.Refused | IOException e) {
      throw HttpException.badRequest("query: " + e.getMessage());
    }
  }

  /** Its whole answer as a CSV file. */
  Reply download(Product product, Saved saved) throws IOException {
    try {
      return Api.download(store, product, saved.report().name(), saved.query());
    } catch (Sandbox.Refused | IOException e) {
      throw HttpException.badRequest("query: " + e.getMessage());
    }
  }

  /** Runs it as an own query, into a Parquet file. */
  void export(Product product, Saved saved, Path file) throws IOException {
    try {
      store.exportQuery(
          product.name(), saved.query(), Api.MOST_DOWNLOADED_ROWS, Pages.LONGEST_QUERY, file);
    } catch (Sandbox.Refused e) {
      throw HttpException.badRequest("query: " + e.getMessage());
    }
  }

  /**
   * Saves a new one.
   *
   * @throws HttpException if the name is taken or no name, or something else of it makes no sense
   */
  synchronized Saved add(Product product, String name, Json.NewSavedReport given, Who who)
      throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw HttpException.badRequest(
          "name: expected a lower-case letter, then at most 63 lower-case letters, digits and"
              + " hyphens");
    }
    if (product.report(name).isPresent()) {
      throw HttpException.badRequest("name: the product has a report of this name");
    }
    if (Files.exists(file(product, name))) {
      throw HttpException.badRequest("name: there is a saved report of this name");
    }
    if (all(product).size() >= MOST) {
      throw HttpException.badRequest("there are " + MOST + " saved reports: remove one first");
    }
    return write(product, name, given, who.name());
  }

  /**
   * Puts another query, title, question and chart in the place of those of a saved report.
   *
   * @throws HttpException if it is somebody else's, or something of it makes no sense
   */
  synchronized Saved replace(Product product, String name, Json.NewSavedReport given, Who who)
      throws IOException {
    return write(product, name, given, own(product, name, who).author());
  }

  /**
   * Removes one.
   *
   * @throws HttpException if it is somebody else's
   */
  synchronized void remove(Product product, String name, Who who) throws IOException {
    own(product, name, who);
    Files.delete(file(product, name));
  }

  private Saved own(Product product, String name, Who who) throws IOException {
    Saved before = named(product, name);
    if (!before.isOf(who)) {
      throw new HttpException(403, "it is another's: only its author or an administrator may");
    }
    return before;
  }

  private Saved write(Product product, String name, Json.NewSavedReport given, String author)
      throws IOException {
    String query = given.sql().replace("\r\n", "\n").strip();
    if (query.isEmpty() || query.length() > LONGEST) {
      throw HttpException.badRequest("query: expected 1 to " + LONGEST + " characters");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String text =
        "-- title: %s\n-- question: %s\n-- chart: %s\n-- author: %s\n-- saved: %s\n\n%s\n"
            .formatted(
                line("title", given.title()),
                line("question", given.question()),
                line("chart", given.chart()),
                author,
                now,
                query);
    Report report;
    try {
      report = Report.parse(name, text);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw HttpException.badRequest(why.substring(why.indexOf(".sql: ") + ".sql: ".length()));
    }
    mustFit(report.chart(), run(product, query));
    PrivateFiles.folder(folder.resolve(product.name()));
    PrivateFiles.replace(file(product, name), text.getBytes(StandardCharsets.UTF_8));
    return Objects.requireNonNull(find(product, name).orElse(null));
  }

  private static String line(String what, String text) {
    String plain = text.strip();
    if (!LINE.matcher(plain).matches()) {
      throw HttpException.badRequest(what + ": expected one line of 1 to 200 characters");
    }
    return plain;
  }

  private static void mustFit(Chart chart, ReportResult result) {
    List<String> named = new ArrayList<>(chart.y());
    Stream.of(chart.x(), chart.series(), chart.value()).forEach(one -> one.ifPresent(named::add));
    for (String column : named) {
      if (!result.columns().contains(column)) {
        throw HttpException.badRequest(
            "chart: the answer has no column \"%s\"; it has %s"
                .formatted(column, String.join(", ", result.columns())));
      }
    }
  }
}
