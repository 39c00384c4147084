package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A product that brings a dictionary and nothing else still has the reports on the data itself. */
class QualityReportsTest {
  private static final String WORD =
      "{\"type\":\"string\",\"x-kind\":\"word\",\"enum\":[\"tin\",\"silver\"],\"description\":\"d\","
          + "\"x-why\":\"w\",\"x-since\":\"1\",\"examples\":[\"tin\"]}";

  /** A kettle with cups, each with spoons, each of a metal: a list in a list. */
  private static final Dictionary KETTLE =
      Dictionary.parse(
          """
          {"title":"Kettle","description":"d","x-product":"kettle","x-messages":{"ping":{
            "method":"POST","path":"","id":"id","schema":"#/$defs/ping","title":"t","description":"d"}},
           "$defs":{"ping":{"type":"object","additionalProperties":false,"required":["id"],
            "properties":{"id":{"type":"string","x-kind":"pseudonym","pattern":"^[0-9a-f]{8}$",
              "maxLength":8,"description":"d","x-why":"w","x-since":"1","examples":["00ff00ff"]},
             "lid":%s,
             "cups":{"type":"array","maxItems":9,"items":{"type":"object","additionalProperties":false,
              "properties":{"colour":%s,"spoons":{"type":"array","maxItems":9,"items":{"type":"object",
               "additionalProperties":false,"properties":{"metal":%s}}}}}}}}}}
          """
              .formatted(WORD, WORD, WORD)
              .getBytes(StandardCharsets.UTF_8));

  @TempDir Path data;

  private Store open() throws IOException {
    return Store.open(
        data,
        List.of(Product.of(KETTLE, List.of())),
        Clock.fixed(Instant.parse("2026-11-24T10:00:05Z"), ZoneOffset.UTC));
  }

  private static void keep(Store store, String members) throws IOException {
    keep(store, members, "2026-11-24T10:00:00.000Z");
  }

  private static void keep(Store store, String members, String received) throws IOException {
    store.append(
        KETTLE,
        KETTLE.message("ping"),
        ("{" + members + ",\"_received\":\"" + received + "\"}").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyReportRunsWithoutAndWithMessagesAndDays() throws IOException {
    Product product = Product.of(KETTLE, List.of());
    List<String> quality = product.pages().getLast().reports();
    assertThat(product.pages().getLast().name()).isEqualTo("quality");
    List<Report> reports =
        product.reports().stream().filter(report -> quality.contains(report.name())).toList();
    Scope days =
        new Scope(
            Optional.of(LocalDate.parse("2026-11-24")),
            Optional.of(LocalDate.parse("2026-11-24")),
            Map.of(),
            Map.of());
    try (Store store = open()) {
      for (Report report : reports) {
        assertThat(store.run("kettle", report).rows()).as(report.name()).isEmpty();
      }
      keep(store, "\"id\":\"00000001\"");
      keep(store, "\"id\":\"00000002\",\"cups\":7");
      store.load();
      store
          .tallies()
          .add(
              new Tallies.Counted(
                  LocalDate.parse("2026-11-24"),
                  Duration.ofHours(12),
                  List.of(new Tallies.Requests("kettle", "ping", "kept", 1)),
                  List.of(new Tallies.Findings("kettle", "ping", "grammar", "/it's", 2))));
      for (Report report : reports) {
        assertThat(store.run("kettle", report).rows()).as(report.name()).isNotEmpty();
        assertThat(store.run("kettle", report, days)).isEqualTo(store.run("kettle", report));
      }
      assertThat(store.run("kettle", product.report("lag").orElseThrow()).rows())
          .isEqualTo(List.of(List.of("up to 5 s", 1L, 100.0)));
    }
  }

  @Test
  void latePingsByTheOneBeforeOfTheirInstance() throws IOException {
    String kettle = "\"id\":\"00000001\"";
    try (Store store = open()) {
      keep(store, kettle, "2026-11-01T10:00:00.000Z");
      keep(store, kettle, "2026-11-02T09:00:00.000Z"); // 23 hours later
      keep(store, kettle, "2026-11-03T10:00:00.000Z");
      keep(store, kettle, "2026-11-03T11:00:00.000Z"); // a repeat: 26
      keep(store, kettle, "2026-11-05T11:00:00.000Z"); // two days
      keep(store, kettle, "2026-11-13T11:00:00.000Z"); // eight
      keep(store, kettle, "2026-11-21T11:00:01.000Z"); // a second more
      keep(store, "\"id\":\"00000002\"", "2026-11-24T10:00:00.000Z");
      store.load();
      Report lateness = Product.of(KETTLE, List.of()).report("lateness").orElseThrow();
      assertThat(store.run("kettle", lateness).rows())
          .isEqualTo(
              List.of(
                  List.of("on time: 23 to 25 hours", 1L, 1L, 14.3),
                  List.of("late: up to 2 days", 1L, 2L, 28.6),
                  List.of("late: 2 to 8 days", 1L, 1L, 14.3),
                  List.of("the first, or the first for 8 days", 2L, 3L, 42.9)));
    }
  }

  @Test
  void fieldsOfAListWithinAListAreCountedByMessageAndByItem() throws IOException {
    try (Store store = open()) {
      keep(
          store,
          "\"id\":\"00000001\",\"lid\":\"tin\",\"cups\":["
              + "{\"colour\":\"tin\",\"spoons\":[{\"metal\":\"tin\"},{}]},{\"spoons\":[{}]},{}]");
      keep(store, "\"id\":\"00000002\",\"cups\":[{\"spoons\":[]}]");
      keep(store, "\"id\":\"00000002\"");
      keep(store, "\"id\":\"00000003\",\"cups\":[]");
      store.load();
      Report filled = Product.of(KETTLE, List.of()).report("filled").orElseThrow();
      ReportResult result = store.run("kettle", filled);
      assertThat(result.columns())
          .containsExactly("message", "field", "smaller_group", "percent", "item_percent");
      assertThat(result.rows().stream().map(row -> String.valueOf(row.subList(1, 5))))
          .containsExactly(
              "[id, 3, 100.0, null]",
              "[lid, 1, 25.0, null]",
              "[cups[].colour, 1, 25.0, 25.0]",
              "[cups[].spoons[].metal, 1, 25.0, 33.3]");
    }
  }
}
