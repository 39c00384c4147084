package dev.candor.collector.dashboard;

import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Role;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Sandbox;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the pages show, for programs. */
final class Api {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> FORMATS = List.of("json", "csv", "parquet", "prometheus");

  private final Store store;
  private final List<Product> products;
  private final Panels panels;
  private final Answers answers;
  private final Audit audit;
  private final Eraser eraser;

  Api(
      Store store,
      List<Product> products,
      Panels panels,
      Answers answers,
      Audit audit,
      Eraser eraser) {
    this.store = store;
    this.products = products;
    this.panels = panels;
    this.answers = answers;
    this.audit = audit;
    this.eraser = eraser;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Role.VIEWER, "/api/v1/products", "The products", _ -> products()),
        Endpoint.get(
            Role.VIEWER, "/api/v1/products/{product}/reports", "Its reports", this::reports),
        Endpoint.get(
            Role.VIEWER,
            "/api/v1/products/{product}/reports/{report}",
            "A report's answer, as format=json, csv, parquet or prometheus; from, to and the"
                + " product's facets narrow it",
            this::report),
        Endpoint.get(
            Role.ANALYST,
            "/api/v1/products/{product}/query",
            "The answer to a query of one's own, given as sql",
            this::query),
        Endpoint.change(
            Role.ADMINISTRATOR,
            "DELETE",
            "/api/v1/products/{product}/instances/{id}",
            "Erases an instance",
            this::erase),
        Endpoint.get(
            Role.ADMINISTRATOR, "/api/v1/audit", "The whole audit log as NDJSON", _ -> log()));
  }

  /** Where a report's answer is. */
  static String reportPath(Product product, Report report) {
    return "/api/v1/products/" + product.name() + "/reports/" + report.name();
  }

  private Product product(Ask ask) {
    return panels.product(ask.name("product"));
  }

  private Reply products() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Product product : products) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", product.name());
      one.put("title", product.dictionary().title());
      one.put("facets", product.facets());
      list.add(one);
    }
    return Reply.json(JSON.writeValueAsBytes(Map.of("products", list)));
  }

  private Reply reports(Ask ask) {
    Product product = product(ask);
    List<Map<String, Object>> list = new ArrayList<>();
    for (Report report : product.reports()) {
      if (ask.asker().role().covers(Role.ANALYST) || !report.isAboutSingleInstances()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", report.name());
        one.put("title", report.title());
        one.put("question", report.question());
        one.put("href", reportPath(product, report));
        list.add(one);
      }
    }
    return Reply.json(JSON.writeValueAsBytes(Map.of("reports", list)));
  }

  private Reply report(Ask ask) throws IOException {
    Product product = product(ask);
    Report report = Panels.report(product, ask.name("report"));
    Scope scope = Panels.scope(product, ask);
    Role role = ask.asker().role();
    String format = ask.oneOf("format", "json", FORMATS);
    Answers.Answer answer = answers.answer(product, report, scope, role);
    if (!format.equals("json")) {
      audit.looked(
          ask.asker().name(), "export", product.name() + "/" + report.name() + " as " + format);
    }
    return switch (format) {
      case "csv" -> {
        byte[] csv = csv(answer.result()).getBytes(StandardCharsets.UTF_8);
        yield Reply.of(200, "text/csv; charset=utf-8", csv)
            .with("Content-Disposition", "attachment; filename=\"" + report.name() + ".csv\"");
      }
      case "parquet" -> parquet(product, report, scope, role);
      case "prometheus" ->
          Reply.text(
              "text/plain; version=0.0.4; charset=utf-8", prometheus(report, answer.result()));
      default -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("report", report.name());
        body.put("asOf", answer.asOf().toString());
        body.putAll(table(answer.result()));
        body.put(
            "incomplete",
            Panels.notes(
                panels.completeness(product), report.chart().x().orElse(""), answer.result()));
        yield Reply.json(JSON.writeValueAsBytes(body));
      }
    };
  }

  /** Columns and rows; a withheld number is null, and listed by its place. */
  private static Map<String, Object> table(ReportResult result) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<String> withheld = new ArrayList<>();
    for (List<@Nullable Object> row : result.rows()) {
      List<@Nullable Object> plain = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        if (row.get(i) == Threshold.Withheld.WITHHELD) {
          withheld.add("/rows/" + rows.size() + "/" + i);
        }
        plain.add(Panels.json(row.get(i)));
      }
      rows.add(plain);
    }
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("columns", result.columns());
    table.put("rows", rows);
    table.put("withheld", withheld);
    return table;
  }

  static String csv(ReportResult result) {
    StringBuilder csv = new StringBuilder();
    line(csv, new ArrayList<@Nullable Object>(result.columns()));
    for (List<@Nullable Object> row : result.rows()) {
      line(csv, row);
    }
    return csv.toString();
  }

  private static void line(StringBuilder csv, List<@Nullable Object> cells) {
    for (int i = 0; i < cells.size(); i++) {
      Object value = cells.get(i);
      String text = value == null ? "" : value.toString();
      // A spreadsheet would run a text that begins like a formula.
      if (value instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
        text = "'" + text;
      }
      boolean quoted = text.matches("(?s).*[\",\n\r].*");
      csv.append(i == 0 ? "" : ",")
          .append(quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
    }
    csv.append("\r\n");
  }

  private Reply parquet(Product product, Report report, Scope scope, Role role) throws IOException {
    if (!role.covers(Role.ANALYST)) {
      throw new HttpException(403, "Parquet has every row unfolded: it is for analysts");
    }
    Path folder = Files.createTempDirectory("candor-export-");
    Path file = folder.resolve(report.name() + ".parquet");
    store.export(product.name(), report, scope, "parquet", file);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.delete(folder);
    return Reply.of(200, "application/vnd.apache.parquet", bytes)
        .with("Content-Disposition", "attachment; filename=\"" + report.name() + ".parquet\"");
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
      text.append("# HELP ").append(name).append(' ').append(report.title()).append('\n');
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
            value.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
        labels.add(result.columns().get(i).replaceAll("[^A-Za-z0-9_]", "_") + "=\"" + plain + "\"");
      }
    }
    return labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}";
  }

  private Reply query(Ask ask) throws IOException {
    Product product = product(ask);
    String sql =
        ask.parameter("sql")
            .orElseThrow(() -> HttpException.badRequest("parameter sql: expected a query"));
    try {
      ReportResult result =
          store.query(product.name(), sql, Pages.MOST_QUERY_ROWS, Pages.LONGEST_QUERY);
      return Reply.json(JSON.writeValueAsBytes(table(result)));
    } catch (Sandbox.Refused | IOException e) {
      throw HttpException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Reply erase(Ask ask) throws IOException {
    String done = eraser.erase(ask.asker(), product(ask), ask.name("id"));
    return Reply.json(JSON.writeValueAsBytes(Map.of("done", done)));
  }

  private Reply log() throws IOException {
    return Reply.of(200, "application/x-ndjson", Files.readAllBytes(audit.file()))
        .with("Content-Disposition", "attachment; filename=\"audit.ndjson\"");
  }
}
