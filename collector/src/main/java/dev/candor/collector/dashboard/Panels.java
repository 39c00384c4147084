package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.collector.dashboard.Panel.Cell;
import dev.candor.store.Chart;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes of reports what pages show. */
final class Panels {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_ROWS = 200;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  /** Before these no product sent anything, and after those none will. */
  private static final LocalDate FIRST = LocalDate.of(1970, 1, 1);

  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private final Store store;
  private final Answers answers;
  private final List<Product> products;

  Panels(Store store, Answers answers, List<Product> products) {
    this.store = store;
    this.answers = answers;
    this.products = products;
  }

  Product product(String name) {
    return products.stream()
        .filter(product -> product.name().equals(name))
        .findFirst()
        .orElseThrow(() -> HttpException.notFound("product"));
  }

  static Report report(Product product, String name) {
    return product.report(name).orElseThrow(() -> HttpException.notFound("report"));
  }

  /** The names of all parameters that narrow a product's reports. */
  static List<String> filterNames(Product product) {
    Stream<String> numbers =
        product.reports().stream()
            .flatMap(report -> report.parameters().stream().map(Report.Parameter::name));
    return Stream.of(Stream.of("from", "to"), product.facets().stream(), numbers)
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  /**
   * The part of the data that the parameters name: from, to, facets and the reports' own numbers.
   *
   * @param others names of parameters that mean something else
   * @throws HttpException if a parameter makes no sense or has a value that never occurred
   */
  Scope scope(Product product, Ask ask, String... others) throws IOException {
    List<String> known = new ArrayList<>(filterNames(product));
    for (String name : ask.query().keySet()) {
      if (!known.contains(name) && !List.of(others).contains(name)) {
        throw HttpException.badRequest(
            "there is no such filter: the parameters are " + String.join(", ", known));
      }
    }
    Map<String, String> where = new LinkedHashMap<>();
    for (String facet : product.facets()) {
      Optional<String> value = ask.parameter(facet);
      if (value.isPresent() && !store.occurs(product, facet, value.get())) {
        throw HttpException.badRequest("parameter " + facet + ": no instance ever had that value");
      }
      value.ifPresent(one -> where.put(facet, one));
    }
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (Report report : product.reports()) {
      for (Report.Parameter parameter : report.parameters()) {
        ask.parameter(parameter.name())
            .ifPresent(value -> numbers.put(parameter.name(), number(parameter.name(), value)));
      }
    }
    Optional<LocalDate> from = day(ask, "from");
    Optional<LocalDate> to = day(ask, "to");
    if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
      throw HttpException.badRequest("parameter from: " + from.get() + " is after " + to.get());
    }
    return new Scope(from, to, where, numbers);
  }

  private static long number(String name, String value) {
    String digits = value.replaceAll("[ _,.]", "");
    if (!digits.matches("[0-9]{1,15}")) {
      throw HttpException.badRequest("parameter " + name + ": expected a number");
    }
    return Long.parseLong(digits);
  }

  private static Optional<LocalDate> day(Ask ask, String name) {
    try {
      Optional<LocalDate> day = ask.parameter(name).map(String::strip).map(LocalDate::parse);
      if (day.isPresent() && (day.get().isBefore(FIRST) || day.get().isAfter(LAST))) {
        throw HttpException.badRequest(
            "parameter %s: expected a day from %s to %s".formatted(name, FIRST, LAST));
      }
      return day;
    } catch (DateTimeParseException e) {
      throw HttpException.badRequest("parameter " + name + ": expected a day such as 2026-01-31");
    }
  }

  /** What of a scope can narrow a report. */
  Scope applicable(Product product, Report report, Scope asked) throws IOException {
    return store.applicable(product.name(), report, asked);
  }

  /** What of the filters does not narrow a report, in words; empty if all do. */
  static String ignored(Scope asked, Scope applied) {
    List<String> ignored = new ArrayList<>();
    if (asked.hasDays() && !applied.hasDays()) {
      ignored.add("from and to");
    }
    asked.where().keySet().stream()
        .filter(facet -> !applied.where().containsKey(facet))
        .forEach(ignored::add);
    return String.join(", ", ignored);
  }

  /** Which days of a product are not wholly there. */
  Completeness completeness(Product product) throws IOException {
    Optional<LocalDate> day = Optional.empty();
    Optional<Double> percent = Optional.empty();
    for (List<@Nullable Object> row : rows(product, "completeness")) {
      if (row.size() > 1 && row.getFirst() instanceof LocalDate asOf) {
        day = Optional.of(asOf);
        percent =
            row.get(1) instanceof Number number
                ? Optional.of(number.doubleValue())
                : Optional.empty();
      }
    }
    Map<LocalDate, Double> up = new LinkedHashMap<>();
    for (List<@Nullable Object> row : rows(product, "uptime")) {
      if (row.size() > 1
          && row.get(0) instanceof LocalDate one
          && row.get(1) instanceof Number number) {
        up.put(one, number.doubleValue());
      }
    }
    return new Completeness(day, percent, up);
  }

  private List<List<@Nullable Object>> rows(Product product, String report) throws IOException {
    try {
      return answers
          .answer(product, report(product, report), Scope.ALL, Role.ANALYST)
          .result()
          .rows();
    } catch (IOException e) {
      return List.of(); // a product's own report that cannot be answered: its own panel says why
    }
  }

  Panel panel(Product product, Report report, Scope scope, Role role, String query)
      throws IOException {
    String href = "/p/" + product.name() + "/reports/" + report.name() + query;
    return panel(product, report, scope, role, href, MOST_ROWS);
  }

  /**
   * What became of a report, and which of the filters do not narrow it; where it cannot be
   * answered, the panel says why.
   */
  Panel panel(Product product, Report report, Scope scope, Role role, String href, int mostRows)
      throws IOException {
    try {
      Scope applied = applicable(product, report, scope);
      Answers.Answer answer = answers.answer(product, report, applied, role);
      Completeness completeness = completeness(product);
      return panel(product, report, answer.result(), answer.asOf(), href, mostRows, completeness)
          .withIgnored(
              ignored(scope, applied), completeness.day().map(LocalDate::toString).orElse(""));
    } catch (HttpException e) {
      throw e;
    } catch (IOException e) {
      // What the database says may quote a value.
      boolean analyst = role.covers(Role.ANALYST);
      return Panel.failed(report, href, analyst ? String.valueOf(e.getMessage()) : "");
    } catch (RuntimeException e) {
      return Panel.failed(
          report, href, "its answer does not have the columns that its header names");
    }
  }

  /** A panel that marks no day. */
  static Panel panel(
      Product product,
      Report report,
      ReportResult result,
      Instant asOf,
      String href,
      int mostRows) {
    return panel(product, report, result, asOf, href, mostRows, Completeness.UNKNOWN);
  }

  static Panel panel(
      Product product,
      Report report,
      ReportResult result,
      Instant asOf,
      String href,
      int mostRows,
      Completeness completeness) {
    boolean withheld = false;
    List<List<Cell>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : result.rows()) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        Object value = row.get(i);
        withheld |= value == Threshold.Withheld.WITHHELD || Threshold.OTHER.equals(value);
        if (rows.size() < mostRows) {
          boolean id = result.columns().get(i).equals("id") && value != null;
          cells.add(
              new Cell(
                  text(value),
                  value instanceof Number || value == Threshold.Withheld.WITHHELD,
                  id ? "/p/" + product.name() + "/instances/" + value : null,
                  note(completeness, result.columns().get(i), value).orElse("")));
        }
      }
      if (rows.size() < mostRows) {
        rows.add(cells);
      }
    }
    Chart.Kind kind = report.chart().kind();
    boolean drawn =
        kind != Chart.Kind.TABLE && kind != Chart.Kind.FIGURES && !result.rows().isEmpty();
    return new Panel(
        report,
        result.columns().stream().map(column -> column.replace('_', ' ')).toList(),
        rows,
        result.rows().size() - rows.size(),
        drawn ? data(report, result, completeness) : null,
        kind == Chart.Kind.FIGURES
            ? figures(product, report.chart(), result, query(href))
            : List.of(),
        href,
        TIME.format(asOf),
        withheld && !report.isAboutSingleInstances(),
        null,
        "");
  }

  private static Optional<String> note(
      Completeness completeness, String column, @Nullable Object value) {
    return value instanceof LocalDate start ? completeness.note(column, start) : Optional.empty();
  }

  /** What is to be said of a column's days, by day. */
  static Map<String, String> notes(Completeness completeness, String column, ReportResult result) {
    Map<String, String> notes = new TreeMap<>();
    int at = result.columns().indexOf(column);
    for (List<@Nullable Object> row : at < 0 ? List.<List<@Nullable Object>>of() : result.rows()) {
      note(completeness, column, row.get(at))
          .ifPresent(said -> notes.put(String.valueOf(row.get(at)), said));
    }
    return notes;
  }

  private static String query(String href) {
    return href.contains("?") ? href.substring(href.indexOf('?')) : "";
  }

  private static List<Panel.Figure> figures(
      Product product, Chart chart, ReportResult result, String query) {
    List<Panel.Figure> figures = new ArrayList<>();
    for (List<@Nullable Object> row : result.rows()) {
      List<String> beside = new ArrayList<>();
      for (String column : chart.y().subList(1, chart.y().size())) {
        String value = cell(result, row, column);
        if (!value.isEmpty()) {
          beside.add(column.replace('_', ' ') + " " + value);
        }
      }
      String report = cell(result, row, "report");
      figures.add(
          new Panel.Figure(
              cell(result, row, chart.x().orElseThrow()),
              cell(result, row, chart.y().getFirst()),
              String.join(", ", beside),
              cell(result, row, "meaning"),
              product.report(report).isPresent()
                  ? "/p/" + product.name() + "/reports/" + report + query
                  : null));
    }
    return figures;
  }

  private static String cell(ReportResult result, List<@Nullable Object> row, String column) {
    int at = result.columns().indexOf(column);
    return at < 0 || row.get(at) == null ? "" : text(row.get(at));
  }

  private static String data(Report report, ReportResult result, Completeness completeness) {
    Chart chart = report.chart();
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("kind", chart.kind().name().toLowerCase(Locale.ROOT));
    drawn.put("x", chart.x().orElse(""));
    drawn.put("y", chart.y());
    drawn.put("series", chart.series().orElse(""));
    drawn.put("value", chart.value().orElse(""));
    drawn.put("sums", report.sums());
    drawn.put("incomplete", notes(completeness, chart.x().orElse(""), result));
    drawn.put("partial", partial(completeness, chart, result));
    drawn.put("columns", result.columns());
    drawn.put("rows", result.rows().stream().map(Panels::drawn).toList());
    // Inside a script element, where "<" could end it.
    return JSON.writeValueAsString(drawn).replace("<", "\\u003c");
  }

  /**
   * What is to be said of a heat map's cells, by row, where the one axis counts spans of the
   * other's, such as {@code months} after a {@code month}.
   */
  private static Map<Integer, String> partial(
      Completeness completeness, Chart chart, ReportResult result) {
    Map<Integer, String> partial = new TreeMap<>();
    String span = chart.y().isEmpty() ? "" : chart.y().getFirst();
    if (chart.kind() == Chart.Kind.HEAT && chart.x().equals(Optional.of(span + "s"))) {
      int from = result.columns().indexOf(span);
      int after = result.columns().indexOf(span + "s");
      for (int row = 0; from >= 0 && after >= 0 && row < result.rows().size(); row++) {
        if (result.rows().get(row).get(from) instanceof LocalDate start
            && result.rows().get(row).get(after) instanceof Number spans) {
          int at = row;
          completeness
              .note(span, Completeness.after(span, start, spans.longValue()))
              .ifPresent(said -> partial.put(at, said));
        }
      }
    }
    return partial;
  }

  /** A row as the page's script draws it: it can tell what is withheld from what is not known. */
  private static List<@Nullable Object> drawn(List<@Nullable Object> row) {
    List<@Nullable Object> drawn = new ArrayList<>();
    for (Object value : row) {
      drawn.add(value instanceof Threshold.Withheld withheld ? withheld.toString() : json(value));
    }
    return drawn;
  }

  static List<@Nullable Object> plain(List<@Nullable Object> row) {
    List<@Nullable Object> plain = new ArrayList<>();
    for (Object value : row) {
      plain.add(json(value));
    }
    return plain;
  }

  /** A value as JSON has it: what is withheld is null there. */
  static @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Threshold.Withheld _ -> null;
      case Boolean flag -> flag;
      case Number number -> number;
      case LocalDateTime time -> time + "Z";
      default -> value.toString();
    };
  }

  static String text(@Nullable Object value) {
    DecimalFormat whole =
        new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
    DecimalFormat part =
        new DecimalFormat("#,##0.0##", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
    return switch (value) {
      case null -> "–";
      case Long number -> whole.format(number);
      case Integer number -> whole.format(number);
      case BigInteger number -> whole.format(number);
      case BigDecimal number -> (number.scale() > 0 ? part : whole).format(number);
      case Number number -> part.format(number.doubleValue());
      case Boolean flag -> flag ? "yes" : "no";
      case LocalDateTime time -> MOMENT.format(time);
      default -> value.toString();
    };
  }
}
