package dev.candor.collector.dashboard;

import dev.candor.collector.Receiver;
import dev.candor.collector.access.Role;
import dev.candor.store.Page;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Sandbox;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The pages about a product's data. */
final class Pages {
  static final int MOST_QUERY_ROWS = 10_000;
  static final int SHOWN_QUERY_ROWS = 500;
  static final Duration LONGEST_QUERY = Duration.ofSeconds(15);
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Store store;
  private final List<Product> products;
  private final Panels panels;
  private final Answers answers;
  private final Instances instances;
  private final SavedReports saved;
  private final Html html;
  private final Eraser eraser;
  private final Receiver receiver;
  private final Clock clock;

  Pages(
      Store store,
      List<Product> products,
      Panels panels,
      Answers answers,
      Instances instances,
      SavedReports saved,
      Html html,
      Eraser eraser,
      Receiver receiver,
      Clock clock) {
    this.store = store;
    this.products = products;
    this.panels = panels;
    this.answers = answers;
    this.instances = instances;
    this.saved = saved;
    this.html = html;
    this.eraser = eraser;
    this.receiver = receiver;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Role.VIEWER, "/", "The first page", _ -> home()),
        Endpoint.get(Role.VIEWER, "/p/{product}/reports", "All reports", this::reports),
        Endpoint.get(Role.VIEWER, "/p/{product}/reports/{report}", "A report", this::report),
        Endpoint.get(Role.ANALYST, "/p/{product}/query", "A query of one's own", this::query),
        Endpoint.post(
            Role.ANALYST, "/p/{product}/query", "The answer to a query of one's own", this::query),
        Endpoint.get(Role.ANALYST, "/p/{product}/instances", "All instances", this::instances),
        Endpoint.get(
            Role.ANALYST,
            "/p/{product}/instances/{id}",
            "An instance",
            ask -> instance(ask, 200, Form.EMPTY)),
        Endpoint.get(
            Role.ANALYST,
            "/p/{product}/instances/{id}/messages/{message}/{row}",
            "A message of an instance as JSON",
            this::message),
        Endpoint.change(
            Role.ADMINISTRATOR,
            "POST",
            "/p/{product}/instances/{id}/erase",
            "Erases an instance",
            this::erase),
        Endpoint.get(
            Role.ADMINISTRATOR,
            "/p/{product}/erasures/{erasure}",
            "How far an erasure is, then its receipt",
            this::erasure),
        Endpoint.get(Role.VIEWER, "/p/{product}/{page}", "A page of reports", this::page));
  }

  private Reply home() {
    Product first = products.getFirst();
    return Reply.seeOther("/p/" + first.name() + "/" + first.pages().getFirst().name());
  }

  private Reply page(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    Page page =
        product.pages().stream()
            .filter(p -> p.name().equals(ask.name("page")) && !p.isForOneInstance())
            .findFirst()
            .orElseThrow(() -> HttpException.notFound("page"));
    Role role = ask.asker().role();
    Scope scope;
    try {
      scope = panels.scope(product, ask);
    } catch (HttpException e) {
      Map<String, Object> model = new HashMap<>();
      model.put("filters", mistaken(product, ask, e));
      model.put("page", page);
      model.put("panels", List.of());
      return Reply.html(
          e.status(), html.page("panels", html.shell(page.title(), product, ask), model));
    }
    List<Panel> shown = new ArrayList<>();
    for (String name : page.reports()) {
      Report report = Panels.report(product, name);
      if (role.covers(Role.ANALYST) || !report.isAboutSingleInstances()) {
        shown.add(panels.panel(product, report, scope, role, carried(ask)));
      }
    }
    if (shown.isEmpty()) {
      throw new HttpException(403, "this page is about single instances: it is for analysts");
    }
    Map<String, Object> model = new HashMap<>();
    model.put("filters", filters(product, shown, ask, scope));
    model.put("page", page);
    model.put("panels", shown);
    return Reply.html(200, html.page("panels", html.shell(page.title(), product, ask), model));
  }

  /** The filters as they were typed, with what is wrong with them. */
  private Filters mistaken(Product product, Ask ask, HttpException e) throws IOException {
    return filters(product, List.of(), ask, Scope.ALL)
        .mistaken(
            e.detail(), ask.query().getOrDefault("from", ""), ask.query().getOrDefault("to", ""));
  }

  private Filters filters(Product product, List<Panel> shown, Ask ask, Scope scope)
      throws IOException {
    List<Filters.Facet> facets = new ArrayList<>();
    boolean daysOnly =
        !shown.isEmpty()
            && shown.stream()
                .allMatch(panel -> panel.report().filters().equals(Optional.of(List.of("days"))));
    for (String facet : daysOnly ? List.<String>of() : product.facets()) {
      Report values = facet(facet);
      List<String> words = new ArrayList<>();
      for (List<@Nullable Object> row :
          answers.answer(product, values, Scope.ALL, ask.asker().role()).result().rows()) {
        if (row.getFirst() instanceof String word && !word.equals(Threshold.OTHER)) {
          words.add(word);
        }
      }
      String chosen = scope.where().getOrDefault(facet, "");
      if (!chosen.isEmpty() && !words.contains(chosen)) {
        words.add(chosen);
      }
      facets.add(new Filters.Facet(facet, facet.replace('_', ' '), words, chosen));
    }
    List<Filters.Field> numbers = new ArrayList<>();
    for (Panel panel : shown) {
      for (Report.Parameter parameter : panel.report().parameters()) {
        Filters.Field number =
            new Filters.Field(
                parameter.name(),
                parameter.label(),
                Long.toString(
                    scope.numbers().getOrDefault(parameter.name(), parameter.otherwise())));
        if (!numbers.contains(number)) {
          numbers.add(number);
        }
      }
    }
    Completeness completeness = panels.completeness(product);
    return new Filters(
        daysOnly || !product.facets().isEmpty(),
        facets,
        numbers,
        scope.from().map(Object::toString).orElse(""),
        scope.to().map(Object::toString).orElse(""),
        !ask.query().isEmpty(),
        completeness.day().map(Object::toString).orElse(""),
        completeness.percent().map(Panels::text).orElse(""),
        completeness.day().isEmpty(),
        product.setup().intro(),
        product.setup().lines(receiver.clients(product.name())),
        receiver.places(product.name()),
        "");
  }

  private static Report facet(String column) {
    return Report.parse(
        "facet-" + column,
        """
        -- title: Values
        -- question: Which values are there?
        -- chart: table
        -- counts: instances
        -- sums: instances
        SELECT "%s" AS value, count(*) AS instances FROM instance
        WHERE "%s" IS NOT NULL GROUP BY ALL ORDER BY instances DESC LIMIT 100
        """
            .formatted(column, column));
  }

  /** What narrows a report, as a query. */
  private static String query(Scope scope) {
    Map<String, String> query = new LinkedHashMap<>();
    scope.from().ifPresent(day -> query.put("from", day.toString()));
    scope.to().ifPresent(day -> query.put("to", day.toString()));
    query.putAll(scope.where());
    scope.numbers().forEach((name, number) -> query.put(name, number.toString()));
    return query(query);
  }

  static String query(Map<String, String> pairs) {
    return pairs.isEmpty()
        ? ""
        : pairs.entrySet().stream()
            .map(
                pair ->
                    URLEncoder.encode(pair.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "?", ""));
  }

  /** The filters of this request, to be handed on. */
  static String carried(Ask ask) {
    Map<String, String> kept = new LinkedHashMap<>(ask.query());
    kept.values().removeIf(String::isBlank);
    kept.keySet().removeAll(List.of("sql", "sort", "page", "q"));
    return query(kept);
  }

  private Reply reports(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    boolean analyst = ask.asker().role().covers(Role.ANALYST);
    List<Report> shown =
        product.reports().stream().filter(r -> analyst || !r.isAboutSingleInstances()).toList();
    Map<String, Object> model = new HashMap<>();
    model.put("reports", shown);
    model.put(
        "saved",
        analyst ? saved.all(product).stream().map(SavedReports.Saved::report).toList() : List.of());
    return Reply.html(200, html.page("reports", html.shell("All reports", product, ask), model));
  }

  private Reply report(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    Report report = Panels.report(product, ask.name("report"));
    Map<String, Object> model = new HashMap<>();
    model.put("download", Api.reportPath(product, report));
    Scope scope;
    try {
      scope = panels.scope(product, ask);
    } catch (HttpException e) {
      model.put("filters", mistaken(product, ask, e));
      model.put("query", "");
      return Reply.html(
          e.status(), html.page("report", html.shell(report.title(), product, ask), model));
    }
    Panel panel = panels.panel(product, report, scope, ask.asker().role(), ask.path(), 1000);
    model.put("filters", filters(product, List.of(panel), ask, scope));
    model.put("panel", panel);
    model.put("query", query(panels.applicable(product, report, scope)));
    return Reply.html(200, html.page("report", html.shell(report.title(), product, ask), model));
  }

  private Reply query(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    String sql = ask.parameter("sql").orElseGet(() -> ask.form().getOrDefault("sql", ""));
    Map<String, Object> model = new HashMap<>();
    model.put("sql", sql);
    model.put("error", "");
    model.put("tables", store.tables(product.name()));
    model.put("most", SHOWN_QUERY_ROWS);
    model.put("shown", "");
    model.put("seconds", LONGEST_QUERY.toSeconds());
    model.put("kinds", SavedReports.KINDS);
    model.put("form", Form.EMPTY);
    if (!sql.isEmpty()) {
      try {
        ReportResult result = store.query(product.name(), sql, MOST_QUERY_ROWS + 1, LONGEST_QUERY);
        model.put("shown", shown(result, SHOWN_QUERY_ROWS));
        model.put(
            "panel",
            Panels.panel(
                product,
                own(),
                Api.first(result, SHOWN_QUERY_ROWS),
                clock.instant(),
                ask.path(),
                SHOWN_QUERY_ROWS));
      } catch (Sandbox.Refused | IOException e) {
        model.put("error", String.valueOf(e.getMessage()));
      }
    }
    return Reply.html(200, html.page("query", html.shell("Own query", product, ask), model));
  }

  /** How many of a query's rows are shown, in words. */
  static String shown(ReportResult result, int most) {
    int rows = result.rows().size();
    if (rows <= most) {
      return rows == 1 ? "One row, which is all." : "All " + Panels.text(rows) + " rows.";
    }
    return "The first "
        + Panels.text(most)
        + " of "
        + (rows > MOST_QUERY_ROWS ? "more than " + Panels.text(MOST_QUERY_ROWS) : Panels.text(rows))
        + " rows; the CSV has all.";
  }

  private static Report own() {
    return Report.parse("own", "-- title: Result\n-- question: Your own query\n-- chart: table\n");
  }

  private Reply instances(Ask ask) throws IOException {
    Product product = instances.product(ask);
    Instances.Found found = instances.find(product, ask);
    Instances.Search search = found.search();
    Map<String, Object> model = new HashMap<>();
    model.put("filters", filters(product, List.of(), ask, found.scope()));
    model.put(
        "panel",
        Panels.panel(product, table(), found.rows(), clock.instant(), "", Instances.PAGE_ROWS));
    model.put("columns", found.columns());
    model.put("sort", search.sort());
    model.put("up", search.up());
    model.put("page", search.page());
    model.put("pages", found.pages());
    model.put("found", found.found());
    model.put("q", search.words());
    model.put("state", search.state());
    model.put("query", carried(ask) + searched(ask, search.words()));
    return Reply.html(200, html.page("instances", html.shell("Instances", product, ask), model));
  }

  private static String searched(Ask ask, String search) {
    return search.isEmpty()
        ? ""
        : (carried(ask).isEmpty() ? "?" : "&")
            + "q="
            + URLEncoder.encode(search, StandardCharsets.UTF_8);
  }

  private static Report table() {
    return Report.parse("instances", "-- title: Instances\n-- question: Which?\n-- chart: table\n");
  }

  private Reply instance(Ask ask, int status, Form form) throws IOException {
    Product product = instances.product(ask);
    String id = ask.name("id");
    Map<String, String> shown = new LinkedHashMap<>();
    instances
        .facts(product, id)
        .forEach((column, value) -> shown.put(column.replace('_', ' '), Panels.text(value)));
    List<Panel> lists = new ArrayList<>();
    instances
        .messages(product, id)
        .forEach(
            (type, received) ->
                lists.add(
                    Panels.panel(
                        product,
                        Report.parse(
                            type.name(),
                            "-- title: "
                                + type.title()
                                + "\n-- question: Which messages of this kind came?\n"
                                + "-- chart: table\n"),
                        received,
                        clock.instant(),
                        Instances.messagesPath("/p/", product, id, type),
                        Instances.MOST_MESSAGES)));
    if (shown.isEmpty() && lists.isEmpty()) {
      throw HttpException.notFound("instance");
    }
    Scope scope = panels.scope(product, ask);
    Scope one = new Scope(scope.from(), scope.to(), Map.of("id", id), scope.numbers());
    List<Panel> reports = new ArrayList<>();
    for (Page page : product.pages()) {
      if (page.isForOneInstance()) {
        for (String name : page.reports()) {
          Report report = Panels.report(product, name);
          ReportResult result = store.run(product.name(), report, one);
          reports.add(
              Panels.panel(
                  product,
                  report,
                  result,
                  clock.instant(),
                  "/p/" + product.name() + "/reports/" + name,
                  400,
                  panels.completeness(product)));
        }
      }
    }
    Map<String, Object> model = new HashMap<>();
    model.put("id", id);
    model.put("facts", shown);
    model.put("panels", reports);
    model.put("messages", lists);
    model.put("form", form);
    return Reply.html(status, html.page("instance", html.shell(id, product, ask), model));
  }

  private Reply erase(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    String id = ask.name("id");
    if (!ask.field("confirm").equals(id)) {
      return instance(
          ask, 400, Form.refused(ask, "confirm: type the instance's id, " + id + ", to confirm"));
    }
    Eraser.Job job = eraser.erase(ask.asker(), product, id);
    if (!job.state().isOver()) {
      return Reply.seeOther("/p/" + product.name() + "/erasures/" + job.id());
    }
    return erasure(ask, product, job);
  }

  private Reply erasure(Ask ask) {
    Product product = panels.product(ask.name("product"));
    return erasure(ask, product, eraser.job(product, ask.name("erasure")));
  }

  private Reply erasure(Ask ask, Product product, Eraser.Job job) {
    Eraser.State state = job.state();
    Map<String, Object> model = new HashMap<>();
    model.put("id", job.instance());
    model.put("asked", job.asked().toString());
    model.put("seconds", Duration.between(job.asked(), clock.instant()).toSeconds());
    model.put("over", state.isOver());
    model.put("done", state == Eraser.State.DONE);
    model.put("says", job.says());
    String title = state == Eraser.State.DONE ? "Erased" : "Erasing";
    Reply page = Reply.html(200, html.page("erasure", html.shell(title, product, ask), model));
    return state.isOver() ? page : page.with("Refresh", "2");
  }

  private Reply message(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    return Reply.html(
        200,
        html.page(
            "json",
            html.shell(Instances.type(product, ask).title(), product, ask),
            Map.of(
                "json", PRETTY.writeValueAsString(instances.message(product, ask)),
                "id", ask.name("id"))));
  }
}
