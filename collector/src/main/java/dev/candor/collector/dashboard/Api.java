package dev.candor.collector.dashboard;

import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Role;
import dev.candor.dictionary.MessageType;
import dev.candor.store.Csv;
import dev.candor.store.Page;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Sandbox;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import dev.candor.store.Trouble;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages show, for programs. */
final class Api {
  static final int MOST_DOWNLOADED_ROWS = 10_000_000;

  private static final List<String> FORMATS = List.of("json", "csv", "parquet", "prometheus");

  private final Store store;
  private final List<Product> products;
  private final Panels panels;
  private final Answers answers;
  private final Audit audit;
  private final Eraser eraser;
  private final Instances instances;

  Api(
      Store store,
      List<Product> products,
      Panels panels,
      Answers answers,
      Audit audit,
      Eraser eraser,
      Instances instances) {
    this.store = store;
    this.products = products;
    this.panels = panels;
    this.answers = answers;
    this.audit = audit;
    this.eraser = eraser;
    this.instances = instances;
  }

  List<Endpoint> endpoints() {
    String base = "/api/v1/products/{product}";
    return List.of(
        Endpoint.get(Role.VIEWER, "/api/v1/products", "The products", _ -> products())
            .answering(Json.Products.class),
        Endpoint.get(Role.VIEWER, base + "/pages", "Its pages of reports", this::pages)
            .answering(Json.Pages.class),
        Endpoint.get(Role.VIEWER, base + "/reports", "Its reports", this::reports)
            .answering(Json.Reports.class),
        Endpoint.get(Role.VIEWER, base + "/reports/{report}", "A report's answer", this::report)
            .with(
                Endpoint.Parameter.word("format", FORMATS, "json if it lacks"),
                Endpoint.Parameter.day("from", "the first day that counts"),
                Endpoint.Parameter.day("to", "the last day that counts"),
                Endpoint.Parameter.further(
                    "filters", "values of the product's facets, and of the report's parameters"))
            .answering(
                Json.Answer.class, "text/csv", "application/vnd.apache.parquet", "text/plain"),
        Endpoint.get(Role.ANALYST, base + "/query", "The answer to an own query", this::query)
            .with(
                Endpoint.Parameter.text("sql", "a query over the product's views"),
                Endpoint.Parameter.word(
                    "format", List.of("json", "csv"), "json, of 10,000 rows at most, if it lacks"))
            .answering(Json.Rows.class, "text/csv"),
        Endpoint.post(
                Role.ANALYST, base + "/query", "The answer to a query of any length", this::query)
            .with(
                Endpoint.Parameter.word(
                    "format", List.of("json", "csv"), "json, of 10,000 rows at most, if it lacks"))
            .taking(Json.Query.class)
            .answering(Json.Rows.class, "text/csv"),
        Endpoint.get(Role.ANALYST, base + "/instances", "Its instances, by pages", this::instances)
            .with(
                Endpoint.Parameter.text("q", "part of any fact"),
                Endpoint.Parameter.word("state", Instances.STATES, "all if it lacks"),
                Endpoint.Parameter.text("sort", "the column to sort by"),
                Endpoint.Parameter.word("order", List.of("up", "down"), "down if it lacks"),
                Endpoint.Parameter.number("page", 1, "of 50 instances each"),
                Endpoint.Parameter.further("filters", "values of the product's facets"))
            .answering(Json.Instances.class),
        Endpoint.get(Role.ANALYST, base + "/instances/{id}", "An instance", this::instance)
            .answering(Json.Instance.class),
        Endpoint.get(
                Role.ANALYST,
                base + "/instances/{id}/messages/{message}/{row}",
                "A message of an instance",
                this::message)
            .answering(Json.MessageText.class),
        Endpoint.change(
                Role.ADMINISTRATOR,
                "DELETE",
                base + "/instances/{id}",
                "Erases an instance; what takes longer is answered 202, and Location tells of it",
                this::erase)
            .answering(Json.Done.class),
        Endpoint.get(
                Role.ADMINISTRATOR,
                base + "/erasures/{erasure}",
                "How far an erasure is, then its receipt",
                this::erasure)
            .answering(Json.Erasure.class),
        Endpoint.get(Role.ADMINISTRATOR, "/api/v1/audit", "The whole audit log", _ -> log())
            .giving("application/x-ndjson"));
  }

  /** Where a report's answer is. */
  static String reportPath(Product product, Report report) {
    return "/api/v1/products/" + product.name() + "/reports/" + report.name();
  }

  private Product product(Ask ask) {
    return panels.product(ask.name("product"));
  }

  private Reply products() {
    return Reply.json(
        new Json.Products(
            products.stream()
                .map(p -> new Json.Product(p.name(), p.dictionary().title(), p.facets()))
                .toList()));
  }

  private Reply pages(Ask ask) {
    Product product = product(ask);
    List<Json.Page> pages = new ArrayList<>();
    for (Page page : product.pages()) {
      List<String> reports =
          page.reports().stream().filter(name -> isFor(ask, Panels.report(product, name))).toList();
      if (!reports.isEmpty()) {
        pages.add(new Json.Page(page.name(), page.title(), page.intro(), reports));
      }
    }
    return Reply.json(new Json.Pages(pages));
  }

  private static boolean isFor(Ask ask, Report report) {
    return ask.asker().role().covers(Role.ANALYST) || !report.isAboutSingleInstances();
  }

  private Reply reports(Ask ask) {
    Product product = product(ask);
    return Reply.json(
        new Json.Reports(
            product.reports().stream()
                .filter(report -> isFor(ask, report))
                .map(
                    r -> new Json.Report(r.name(), r.title(), r.question(), reportPath(product, r)))
                .toList()));
  }

  private Reply instances(Ask ask) throws IOException {
    Product product = instances.product(ask);
    Instances.Found found = instances.find(product, ask);
    return Reply.json(
        new Json.Instances(
            found.found(),
            found.search().page(),
            found.pages(),
            found.rows().columns(),
            plain(found.rows())));
  }

  private Reply instance(Ask ask) throws IOException {
    Product product = instances.product(ask);
    String id = ask.name("id");
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    instances.facts(product, id).forEach((column, value) -> facts.put(column, Panels.json(value)));
    List<Json.Message> messages = new ArrayList<>();
    for (Map.Entry<MessageType, ReportResult> kind : instances.messages(product, id).entrySet()) {
      String path = Instances.messagesPath("/api/v1/products/", product, id, kind.getKey());
      for (List<@Nullable Object> row : kind.getValue().rows()) {
        messages.add(message(kind.getKey(), row, path));
      }
    }
    if (facts.isEmpty() && messages.isEmpty()) {
      throw HttpException.notFound("instance");
    }
    return Reply.json(new Json.Instance(id, facts, messages));
  }

  private static Json.Message message(MessageType type, List<@Nullable Object> cells, String path) {
    long row = cells.get(0) instanceof Number number ? number.longValue() : 0;
    Instant received =
        cells.get(1) instanceof LocalDateTime time ? time.toInstant(ZoneOffset.UTC) : null;
    String client = cells.get(2) instanceof String text ? text : null;
    return new Json.Message(type.name(), row, received, client, path + row);
  }

  private Reply message(Ask ask) throws IOException {
    return Reply.json(new Json.MessageText(instances.message(product(ask), ask)));
  }

  private Reply report(Ask ask) throws IOException {
    Product product = product(ask);
    Report report = Panels.report(product, ask.name("report"));
    Scope scope = panels.scope(product, ask, "format");
    Scope applied = panels.applicable(product, report, scope);
    String ignored = Panels.ignored(scope, applied);
    if (!ignored.isEmpty()) {
      throw HttpException.badRequest(
          "the report " + report.name() + " cannot be narrowed by " + ignored);
    }
    Role role = ask.asker().role();
    String format = ask.oneOf("format", "json", FORMATS);
    Answers.Answer answer;
    try {
      answer = answers.answer(product, report, scope, role);
    } catch (IOException e) {
      throw broken(product, report, role, e);
    }
    if (!format.equals("json")) {
      audit.looked(
          ask.asker().name(), "export", product.name() + "/" + report.name() + " as " + format);
    }
    return switch (format) {
      case "csv" -> {
        yield download(report.name(), answer.result());
      }
      case "parquet" -> parquet(product, report, scope, role);
      case "prometheus" ->
          Reply.text(
              "text/plain; version=0.0.4; charset=utf-8", prometheus(report, answer.result()));
      default -> {
        yield Reply.json(
            new Json.Answer(
                report.name(),
                answer.asOf(),
                answer.result().columns(),
                plain(answer.result()),
                withheld(answer.result()),
                true,
                Panels.notes(
                    panels.completeness(product), report.chart().x().orElse(""), answer.result())));
      }
    };
  }

  /** The report is at fault, or what it is asked of: it is named, and analysts are told why. */
  private static IOException broken(Product product, Report report, Role role, IOException e) {
    if (Trouble.ofTheSystem(e).isPresent()) {
      return e;
    }
    String named = "the report " + report.name() + " of " + product.name() + " cannot be answered";
    // What the database says may quote a value.
    throw new HttpException(500, role.covers(Role.ANALYST) ? named + ": " + e.getMessage() : named);
  }

  /** Rows as JSON has them; a withheld number is null. */
  static List<List<@Nullable Object>> plain(ReportResult result) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : result.rows()) {
      rows.add(Panels.plain(row));
    }
    return rows;
  }

  /** Where numbers are withheld, as JSON Pointers. */
  private static List<String> withheld(ReportResult result) {
    List<String> places = new ArrayList<>();
    for (int row = 0; row < result.rows().size(); row++) {
      for (int column = 0; column < result.columns().size(); column++) {
        if (result.rows().get(row).get(column) == Threshold.Withheld.WITHHELD) {
          places.add("/rows/" + row + "/" + column);
        }
      }
    }
    return places;
  }

  static String csv(ReportResult result) throws IOException {
    StringBuilder csv = new StringBuilder();
    new Csv(csv, "\r\n").all(result);
    return csv.toString();
  }

  /** As a CSV file. */
  static Reply download(String name, ReportResult result) throws IOException {
    return Reply.of(200, "text/csv; charset=utf-8", csv(result).getBytes(StandardCharsets.UTF_8))
        .with("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  }

  private Reply parquet(Product product, Report report, Scope scope, Role role) throws IOException {
    if (!role.covers(Role.ANALYST)) {
      throw new HttpException(403, "Parquet has every row unfolded: it is for analysts");
    }
    return parquet(
        report.name(), file -> store.export(product.name(), report, scope, "parquet", file));
  }

  /** Writes a file. */
  @FunctionalInterface
  interface Writing {
    void to(Path file) throws IOException;
  }

  /** As a Parquet file, which the database writes. */
  static Reply parquet(String name, Writing writing) throws IOException {
    Path folder = Files.createTempDirectory("candor-export-");
    Path file = folder.resolve(name + ".parquet");
    try {
      writing.to(file);
      return Reply.of(200, "application/vnd.apache.parquet", Files.readAllBytes(file))
          .with("Content-Disposition", "attachment; filename=\"" + name + ".parquet\"");
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** Each column of numbers as a gauge, labelled by the others. */
  private static String prometheus(Report report, ReportResult result) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < result.columns().size(); column++) {
      int at = column;
      if (result.rows().stream().noneMatch(row -> row.get(at) instanceof Number)) {
        continue;
      }
      String name =
          ("candor_" + report.name() + "_" + result.columns().get(column))
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^a-z0-9_]", "_");
      text.append("# HELP ")
          .append(name)
          .append(' ')
          .append(report.title().replace("\\", "\\\\"))
          .append('\n');
      text.append("# TYPE ").append(name).append(" gauge\n");
      for (List<@Nullable Object> row : result.rows()) {
        if (row.get(column) instanceof Number number) {
          text.append(name).append(labels(result, row)).append(' ').append(number).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String labels(ReportResult result, List<@Nullable Object> row) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      if (value != null && !(value instanceof Number) && !(value instanceof Threshold.Withheld)) {
        String plain =
            value.toString().replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\r\n]", " ");
        labels.add(label(result.columns().get(i)) + "=\"" + plain + "\"");
      }
    }
    return labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}";
  }

  private static String label(String column) {
    String plain = column.replaceAll("[^A-Za-z0-9_]", "_");
    return Character.isDigit(plain.charAt(0)) || plain.startsWith("__") ? "c" + plain : plain;
  }

  private Reply query(Ask ask) throws IOException {
    Product product = product(ask);
    String sql =
        ask.parameter("sql")
            .or(() -> Optional.of(ask.field("sql")).filter(text -> !text.isEmpty()))
            .orElseThrow(() -> HttpException.badRequest("sql: expected a query"));
    try {
      if (ask.oneOf("format", "json", List.of("json", "csv")).equals("csv")) {
        audit.looked(ask.asker().name(), "export", product.name() + "/query as csv");
        return download(store, product, "query", sql);
      }
      ReportResult result =
          store.query(product.name(), sql, Pages.MOST_QUERY_ROWS + 1, Pages.LONGEST_QUERY);
      ReportResult shown = first(result, Pages.MOST_QUERY_ROWS);
      return Reply.json(new Json.Rows(shown.columns(), plain(shown), shown == result));
    } catch (Sandbox.Refused | IOException e) {
      throw HttpException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** The same without the rows after the first so many; itself if there are none. */
  static ReportResult first(ReportResult result, int rows) {
    return result.rows().size() <= rows
        ? result
        : new ReportResult(result.columns(), result.rows().subList(0, rows));
  }

  /**
   * The whole answer to an own query as a CSV file.
   *
   * @throws Sandbox.Refused if it is not let through
   * @throws IOException if it fails, or has more rows than anybody can want
   */
  static Reply download(Store store, Product product, String name, String sql)
      throws IOException, Sandbox.Refused {
    Path file = Files.createTempFile("candor-export-", ".csv");
    try (Writer out = Files.newBufferedWriter(file)) {
      Csv csv = new Csv(out, "\r\n");
      store.query(
          product.name(),
          sql,
          MOST_DOWNLOADED_ROWS + 1,
          Pages.LONGEST_QUERY,
          new Store.Rows() {
            private int rows;

            @Override
            public void columns(List<String> names) throws IOException {
              csv.line(names);
            }

            @Override
            public void row(List<@Nullable Object> cells) throws IOException {
              if (++rows > MOST_DOWNLOADED_ROWS) {
                throw new IOException(
                    "the answer has more than " + MOST_DOWNLOADED_ROWS + " rows: ask for less");
              }
              csv.line(cells);
            }
          });
    } catch (IOException | Sandbox.Refused | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return Reply.of("text/csv; charset=utf-8", file)
        .with("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  }

  private Reply erase(Ask ask) throws IOException {
    Product product = product(ask);
    Eraser.Job job = eraser.erase(ask.asker(), product, ask.name("id"));
    if (job.state().isOver()) {
      return Reply.json(new Json.Done(job.says()));
    }
    Json.Erasure erasure = erasure(product, job);
    return Reply.json(erasure).withStatus(202).with("Location", erasure.href());
  }

  private Reply erasure(Ask ask) {
    Product product = product(ask);
    return Reply.json(erasure(product, eraser.job(product, ask.name("erasure"))));
  }

  private static Json.Erasure erasure(Product product, Eraser.Job job) {
    return new Json.Erasure(
        job.state().word(),
        job.says(),
        job.asked(),
        "/api/v1/products/" + product.name() + "/erasures/" + job.id());
  }

  private Reply log() throws IOException {
    return Reply.of(200, "application/x-ndjson", audit.bytes())
        .with("Content-Disposition", "attachment; filename=\"audit.ndjson\"");
  }
}
