package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.collector.dashboard.Panel.Cell;
import dev.candor.store.Chart;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Scope;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes of reports what pages show. */
final class Panels {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_ROWS = 200;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Answers answers;
  private final List<Product> products;

  Panels(Answers answers, List<Product> products) {
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

  /**
   * The part of the data that the parameters name: from, to, facets and the reports' own numbers.
   */
  static Scope scope(Product product, Ask ask) {
    Map<String, String> where = new LinkedHashMap<>();
    for (String facet : product.facets()) {
      ask.parameter(facet).ifPresent(value -> where.put(facet, value));
    }
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (Report report : product.reports()) {
      for (Report.Parameter parameter : report.parameters()) {
        ask.parameter(parameter.name())
            .ifPresent(value -> numbers.put(parameter.name(), number(parameter.name(), value)));
      }
    }
    return new Scope(day(ask, "from"), day(ask, "to"), where, numbers);
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
      return ask.parameter(name).map(LocalDate::parse);
    } catch (DateTimeParseException e) {
      throw HttpException.badRequest("parameter " + name + ": expected a day such as 2026-01-31");
    }
  }

  Panel panel(Product product, Report report, Scope scope, Role role, String query)
      throws IOException {
    Answers.Answer answer = answers.answer(product, report, scope, role);
    String href = "/p/" + product.name() + "/reports/" + report.name() + query;
    return panel(product, report, answer.result(), answer.asOf(), href, MOST_ROWS);
  }

  static Panel panel(
      Product product,
      Report report,
      ReportResult result,
      Instant asOf,
      String href,
      int mostRows) {
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
                  id ? "/p/" + product.name() + "/instances/" + value : null));
        }
      }
      if (rows.size() < mostRows) {
        rows.add(cells);
      }
    }
    boolean drawn = report.chart().kind() != Chart.Kind.TABLE && !result.rows().isEmpty();
    return new Panel(
        report,
        result.columns().stream().map(column -> column.replace('_', ' ')).toList(),
        rows,
        result.rows().size() - rows.size(),
        drawn ? data(report.chart(), result) : null,
        href,
        TIME.format(asOf),
        withheld && !report.isAboutSingleInstances());
  }

  private static String data(Chart chart, ReportResult result) {
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("kind", chart.kind().name().toLowerCase(Locale.ROOT));
    drawn.put("x", chart.x().orElse(""));
    drawn.put("y", chart.y());
    drawn.put("series", chart.series().orElse(""));
    drawn.put("value", chart.value().orElse(""));
    drawn.put("columns", result.columns());
    drawn.put("rows", result.rows().stream().map(Panels::plain).toList());
    // Inside a script element, where "<" could end it.
    return JSON.writeValueAsString(drawn).replace("<", "\\u003c");
  }

  private static List<@Nullable Object> plain(List<@Nullable Object> row) {
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
