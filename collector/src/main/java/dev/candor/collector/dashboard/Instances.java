package dev.candor.collector.dashboard;

import dev.candor.dictionary.MessageType;
import dev.candor.store.Product;
import dev.candor.store.ReportResult;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks single instances up, for the pages and for the API. */
final class Instances {
  static final int PAGE_ROWS = 50;
  static final int MOST_MESSAGES = 400;
  static final List<String> STATES = List.of("active", "silent", "gone", "opted-out");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Columns that begin with an underscore are the product's own affair. */
  private static final String FACTS = "COLUMNS(lambda c: NOT starts_with(c, '_'))";

  /**
   * What was looked for.
   *
   * @param words part of any fact; empty for all
   * @param state one of {@link #STATES}; empty for all
   * @param sort column to sort by
   * @param up whether the smallest comes first
   * @param page from 1
   */
  record Search(String words, String state, String sort, boolean up, int page) {}

  /**
   * What was found.
   *
   * @param scope of which instances; its days do not narrow the list
   * @param columns by which it can be sorted
   * @param rows those of the page
   * @param found how many there are in all
   */
  record Found(Search search, Scope scope, List<String> columns, ReportResult rows, long found) {
    long pages() {
      return Math.max(1, (found + PAGE_ROWS - 1) / PAGE_ROWS);
    }
  }

  private final Store store;
  private final Panels panels;

  Instances(Store store, Panels panels) {
    this.store = store;
    this.panels = panels;
  }

  /** The product that is asked for, if it has a view of its instances. */
  Product product(Ask ask) {
    Product product = panels.product(ask.name("product"));
    if (product.timeline().isEmpty()) {
      throw new HttpException(404, "this product has no view of instances");
    }
    return product;
  }

  /** Searches, sorts and pages as the request's parameters say. */
  Found find(Product product, Ask ask) throws IOException {
    List<String> columns = store.columns(product.name(), "instance");
    String state = ask.parameter("state").orElse("");
    Search search =
        new Search(
            ask.parameter("q").orElse(""),
            state.isEmpty() ? "" : ask.oneOf("state", "", STATES),
            ask.oneOf("sort", "last_day", columns),
            ask.oneOf("order", "down", List.of("up", "down")).equals("up"),
            ask.number("page", 1, 1, 1_000_000));
    Scope scope = panels.scope(product, ask, "q", "state", "sort", "order", "page");
    StringBuilder where = new StringBuilder(" WHERE contains(lower(CAST(i AS VARCHAR)), lower(?))");
    List<Object> values = new ArrayList<>(List.of(search.words()));
    scope
        .where()
        .forEach(
            (column, value) -> {
              where.append(" AND \"").append(column).append("\" = ?");
              values.add(value);
            });
    if (!search.state().isEmpty()) {
      where.append(" AND state = ?");
      values.add(search.state());
    }
    ReportResult count =
        store.ask(product.name(), "SELECT count(*) FROM instance AS i" + where, values.toArray());
    ReportResult rows =
        store.ask(
            product.name(),
            String.format(
                Locale.ROOT,
                "SELECT %s FROM instance AS i%s ORDER BY \"%s\" %s NULLS LAST, id LIMIT %d OFFSET %d",
                FACTS,
                where,
                search.sort(),
                search.up() ? "ASC" : "DESC",
                PAGE_ROWS,
                (search.page() - 1L) * PAGE_ROWS),
            values.toArray());
    long found = (Long) Objects.requireNonNull(count.rows().getFirst().getFirst());
    return new Found(search, scope, columns, rows, found);
  }

  /** An instance's facts by column; empty if it is in no view. */
  Map<String, @Nullable Object> facts(Product product, String id) throws IOException {
    ReportResult facts =
        store.ask(product.name(), "SELECT " + FACTS + " FROM instance WHERE id = ?", id);
    Map<String, @Nullable Object> byColumn = new LinkedHashMap<>();
    if (!facts.rows().isEmpty()) {
      for (int i = 0; i < facts.columns().size(); i++) {
        byColumn.put(facts.columns().get(i), facts.rows().getFirst().get(i));
      }
    }
    return byColumn;
  }

  /**
   * What it sent, newest first, by the kind of message; kinds of which nothing came are left out.
   */
  Map<MessageType, ReportResult> messages(Product product, String id) throws IOException {
    Map<MessageType, ReportResult> byType = new LinkedHashMap<>();
    for (MessageType type : product.dictionary().messages()) {
      ReportResult received = store.messages(product.name(), type, id, MOST_MESSAGES);
      if (!received.rows().isEmpty()) {
        byType.put(type, received);
      }
    }
    return byType;
  }

  /** Where messages of a kind are, on the pages or in the API; a number follows. */
  static String messagesPath(String base, Product product, String id, MessageType type) {
    return base + product.name() + "/instances/" + id + "/messages/" + type.name() + "/";
  }

  /** The kind of message that the request names. */
  static MessageType type(Product product, Ask ask) {
    return product.dictionary().messages().stream()
        .filter(type -> type.name().equals(ask.name("message")))
        .findFirst()
        .orElseThrow(() -> HttpException.notFound("message"));
  }

  /** The message that the request names, without members that have no value. */
  JsonNode message(Product product, Ask ask) throws IOException {
    String number = ask.name("row");
    Optional<String> json =
        store.message(
            product.name(),
            type(product, ask),
            ask.name("id"),
            number.matches("[0-9]{1,18}") ? Long.parseLong(number) : -1);
    return withoutNulls(JSON.readTree(json.orElseThrow(() -> HttpException.notFound("message"))));
  }

  /** The table has a column for each member. */
  private static JsonNode withoutNulls(JsonNode node) {
    if (node.isObject()) {
      ObjectNode kept = JSON.createObjectNode();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (!member.getValue().isNull()) {
          kept.set(member.getKey(), withoutNulls(member.getValue()));
        }
      }
      return kept;
    }
    if (node.isArray()) {
      ArrayNode kept = JSON.createArrayNode();
      node.values().forEach(item -> kept.add(withoutNulls(item)));
      return kept;
    }
    return node;
  }
}
