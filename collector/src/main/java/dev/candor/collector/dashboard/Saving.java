package dev.candor.collector.dashboard;

import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Role;
import dev.candor.store.Product;
import dev.candor.store.ReportResult;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Saved reports, as pages and for programs; for analysts alone. */
final class Saving {
  private static final int SHOWN_ROWS = 1000;
  private static final List<String> FORMATS = List.of("json", "csv", "parquet");

  private final SavedReports reports;
  private final Panels panels;
  private final Audit audit;
  private final Html html;
  private final Clock clock;

  Saving(SavedReports reports, Panels panels, Audit audit, Html html, Clock clock) {
    this.reports = reports;
    this.panels = panels;
    this.audit = audit;
    this.html = html;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    Role role = Role.ANALYST;
    String page = "/p/{product}/saved";
    String api = "/api/v1/products/{product}/saved-reports";
    return List.of(
        Endpoint.change(role, "POST", page, "Saves an own query as a report", this::save),
        Endpoint.get(role, page + "/{saved}", "A saved report", ask -> show(ask, 200, Form.EMPTY)),
        Endpoint.change(role, "POST", page + "/{saved}", "Replaces a saved report", this::replace),
        Endpoint.change(
            role, "POST", page + "/{saved}/remove", "Removes a saved report", this::remove),
        Endpoint.get(role, api, "Saved reports", this::list).answering(Json.SavedReports.class),
        Endpoint.change(role, "POST", api, "Saves an own query as a report", this::saveByProgram)
            .taking(Json.NewSavedReport.class)
            .answering(Json.SavedReport.class),
        Endpoint.get(role, api + "/{saved}", "A saved report's answer", this::answer)
            .with(Endpoint.Parameter.word("format", FORMATS, "json if it lacks"))
            .answering(Json.Answer.class, "text/csv", "application/vnd.apache.parquet"),
        Endpoint.change(
                role, "PUT", api + "/{saved}", "Replaces a saved report", this::replaceByProgram)
            .taking(Json.NewSavedReport.class)
            .answering(Json.SavedReport.class),
        Endpoint.change(
                role, "DELETE", api + "/{saved}", "Removes a saved report", this::removeByProgram)
            .answering(Json.Done.class));
  }

  private Product product(Ask ask) {
    return panels.product(ask.name("product"));
  }

  private static String path(String base, Product product, String name) {
    return base.replace("{product}", product.name()) + "/" + name;
  }

  private static String page(Product product, String name) {
    return path("/p/{product}/saved", product, name);
  }

  private static Json.NewSavedReport given(Ask ask) {
    return new Json.NewSavedReport(
        ask.field("name"),
        ask.field("title"),
        ask.field("question"),
        ask.field("chart"),
        ask.field("sql"));
  }

  private SavedReports.Saved saved(Ask ask) throws IOException {
    Product product = product(ask);
    SavedReports.Saved saved = reports.add(product, ask.field("name"), given(ask), ask.asker());
    note(ask, "save report", product, saved.report().name());
    return saved;
  }

  private SavedReports.Saved replaced(Ask ask) throws IOException {
    Product product = product(ask);
    SavedReports.Saved saved = reports.replace(product, ask.name("saved"), given(ask), ask.asker());
    note(ask, "replace report", product, saved.report().name());
    return saved;
  }

  private void removed(Ask ask) throws IOException {
    Product product = product(ask);
    reports.remove(product, ask.name("saved"), ask.asker());
    note(ask, "remove report", product, ask.name("saved"));
  }

  private void note(Ask ask, String action, Product product, String name) {
    audit.changed(ask.asker().name(), action, product.name() + "/" + name);
  }

  private Reply save(Ask ask) throws IOException {
    Product product = product(ask);
    try {
      return Reply.seeOther(page(product, saved(ask).report().name()));
    } catch (HttpException e) {
      if (e.status() != 400) {
        throw e;
      }
      Map<String, Object> model = new HashMap<>();
      model.put("form", refused(ask, e));
      model.put("kinds", SavedReports.KINDS);
      return Reply.html(
          400, html.page("save", html.shell("Save it as a report", product, ask), model));
    }
  }

  private static Form refused(Ask ask, HttpException e) {
    return Form.refused(ask, e.detail().replaceFirst("^query: ", "sql: "));
  }

  private Reply show(Ask ask, int status, Form form) throws IOException {
    Product product = product(ask);
    SavedReports.Saved saved = reports.named(product, ask.name("saved"));
    ReportResult result;
    String wrong = form.wrong();
    try {
      result = reports.run(product, saved);
    } catch (HttpException e) {
      // A view may have changed since; it can still be mended here.
      result = new ReportResult(List.of(), List.of());
      wrong = form.error().isEmpty() ? e.detail() : wrong;
    }
    Map<String, Object> model = new HashMap<>();
    model.put("name", saved.report().name());
    model.put("chart", saved.chart());
    model.put("author", saved.author());
    model.put("day", saved.saved().toString().substring(0, 10));
    model.put("query", saved.query().strip());
    model.put("shown", Pages.shown(result, SHOWN_ROWS));
    model.put(
        "panel",
        Panels.panel(
            product,
            saved.report(),
            Api.first(result, Pages.MOST_QUERY_ROWS),
            clock.instant(),
            ask.path(),
            SHOWN_ROWS,
            panels.completeness(product)));
    model.put(
        "download",
        path("/api/v1/products/{product}/saved-reports", product, saved.report().name()));
    model.put("own", saved.isOf(ask.asker()));
    model.put("error", wrong);
    model.put("form", form);
    return Reply.html(
        status, html.page("saved", html.shell(saved.report().title(), product, ask), model));
  }

  private Reply replace(Ask ask) throws IOException {
    try {
      replaced(ask);
      return Reply.seeOther(page(product(ask), ask.name("saved")));
    } catch (HttpException e) {
      if (e.status() != 400) {
        throw e;
      }
      return show(ask, 400, refused(ask, e));
    }
  }

  private Reply remove(Ask ask) throws IOException {
    removed(ask);
    return Reply.seeOther("/p/" + product(ask).name() + "/reports");
  }

  private Reply list(Ask ask) throws IOException {
    Product product = product(ask);
    return Reply.json(
        new Json.SavedReports(
            reports.all(product).stream().map(one -> json(product, one)).toList()));
  }

  private static Json.SavedReport json(Product product, SavedReports.Saved saved) {
    return new Json.SavedReport(
        saved.report().name(),
        saved.report().title(),
        saved.report().question(),
        saved.chart(),
        saved.author(),
        saved.saved(),
        saved.query().strip(),
        path("/api/v1/products/{product}/saved-reports", product, saved.report().name()));
  }

  private Reply saveByProgram(Ask ask) throws IOException {
    return Reply.json(json(product(ask), saved(ask)));
  }

  private Reply answer(Ask ask) throws IOException {
    Product product = product(ask);
    SavedReports.Saved saved = reports.named(product, ask.name("saved"));
    String name = saved.report().name();
    String format = ask.oneOf("format", "json", FORMATS);
    if (!format.equals("json")) {
      audit.looked(
          ask.asker().name(), "export", product.name() + "/saved/" + name + " as " + format);
    }
    return switch (format) {
      case "csv" -> reports.download(product, saved);
      case "parquet" -> Api.parquet(name, file -> reports.export(product, saved, file));
      default -> {
        ReportResult found = reports.run(product, saved);
        ReportResult result = Api.first(found, Pages.MOST_QUERY_ROWS);
        yield Reply.json(
            new Json.Answer(
                name,
                clock.instant(),
                result.columns(),
                Api.plain(result),
                List.of(),
                result == found,
                Map.of()));
      }
    };
  }

  private Reply replaceByProgram(Ask ask) throws IOException {
    return Reply.json(json(product(ask), replaced(ask)));
  }

  private Reply removeByProgram(Ask ask) throws IOException {
    removed(ask);
    return Reply.json(new Json.Done("removed " + ask.name("saved")));
  }
}
