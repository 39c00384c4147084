package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.dictionary.DictionaryPage;
import dev.candor.dictionary.MessageType;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a product's messages may hold, and how often each field does hold something. */
final class Sent {
  private static final String FILLED = "filled";

  /**
   * How often a field is filled.
   *
   * @param percent of messages; a number, {@link Threshold.Withheld}, or null if none came
   * @param items of a list's items, likewise; null if it is in no list
   */
  private record Share(@Nullable Object percent, @Nullable Object items) {
    static final Share UNKNOWN = new Share(null, null);
  }

  private final Panels panels;
  private final Answers answers;
  private final Html html;

  Sent(Panels panels, Answers answers, Html html) {
    this.panels = panels;
    this.answers = answers;
    this.html = html;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Role.VIEWER, "/p/{product}/dictionary", "What is sent", this::page),
        Endpoint.get(
                Role.VIEWER,
                "/api/v1/products/{product}/dictionary",
                "Each field that may be sent: what it is, why, and how often the newest messages have"
                    + " it",
                this::api)
            .answering(Json.Dictionary.class));
  }

  private Reply page(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    Map<List<String>, Share> shares = shares(product, ask.asker().role());
    List<SentTable> sections = new ArrayList<>();
    for (DictionaryPage.Section section : DictionaryPage.sections(product.dictionary())) {
      List<SentTable.Field> fields = new ArrayList<>();
      for (List<String> row : section.rows()) {
        Share share = share(shares, section.message(), row);
        fields.add(
            new SentTable.Field(
                row,
                text(share),
                share.percent() instanceof Number number ? number.doubleValue() : -1));
      }
      sections.add(new SentTable(section.message(), section.title(), fields));
    }
    Map<String, Object> model = new HashMap<>();
    model.put("dictionary", product.dictionary());
    model.put("sections", sections);
    model.put("note", filled(product).note());
    return Reply.html(
        200, html.page("dictionary", html.shell("What is sent", product, ask), model));
  }

  private static String text(Share share) {
    if (share.percent() == null) {
      return "–";
    }
    String messages = Panels.text(share.percent());
    if (!(share.percent() instanceof Number)) {
      return messages;
    }
    return messages
        + " %"
        + (share.items() == null ? "" : "; " + Panels.text(share.items()) + " % of items");
  }

  private Reply api(Ask ask) throws IOException {
    Product product = panels.product(ask.name("product"));
    Map<List<String>, Share> shares = shares(product, ask.asker().role());
    Map<String, List<Json.Field>> messages = new LinkedHashMap<>();
    for (DictionaryPage.Section section : DictionaryPage.sections(product.dictionary())) {
      List<Json.Field> fields =
          messages.computeIfAbsent(section.message().name(), _ -> new ArrayList<>());
      for (List<String> row : section.rows()) {
        fields.add(field(row, share(shares, section.message(), row)));
      }
    }
    return Reply.json(
        new Json.Dictionary(
            product.name(),
            product.dictionary().title(),
            product.dictionary().description(),
            filled(product).note(),
            messages));
  }

  private static Json.Field field(List<String> cells, Share share) {
    return new Json.Field(
        cells.get(0),
        cells.get(1),
        cells.get(2),
        cells.get(3),
        cells.get(4),
        cells.get(5),
        Panels.json(share.percent()),
        Panels.json(share.items()));
  }

  private static Report filled(Product product) {
    return Panels.report(product, FILLED);
  }

  /** By message and field, as the report has them. */
  private Map<List<String>, Share> shares(Product product, Role role) throws IOException {
    Map<List<String>, Share> shares = new HashMap<>();
    for (List<@Nullable Object> row :
        answers.answer(product, filled(product), Scope.ALL, role).result().rows()) {
      shares.put(
          List.of(String.valueOf(row.get(0)), String.valueOf(row.get(1))),
          new Share(row.get(3), row.get(4)));
    }
    return shares;
  }

  private static Share share(
      Map<List<String>, Share> shares, MessageType message, List<String> cells) {
    return shares.getOrDefault(List.of(message.name(), cells.getFirst()), Share.UNKNOWN);
  }
}
