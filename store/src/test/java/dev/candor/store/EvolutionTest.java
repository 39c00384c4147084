package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dictionaries change; what was stored stays. */
class EvolutionTest {
  private static final String COUNT =
      "{\"type\":\"integer\",\"x-kind\":\"count\",\"minimum\":0,\"maximum\":9,\"description\":\"d\","
          + "\"x-why\":\"w\",\"x-since\":\"1\",\"examples\":[1]}";
  private static final String FLAG =
      "{\"type\":\"boolean\",\"x-kind\":\"flag\",\"description\":\"d\",\"x-why\":\"w\","
          + "\"x-since\":\"1\",\"examples\":[true]}";

  @TempDir Path data;

  /** A dictionary of a kettle with these members beside the id. */
  private static Dictionary kettle(String members) {
    String json =
        """
        {"title":"Kettle","description":"d","x-product":"kettle","x-messages":{"ping":{
          "method":"POST","path":"","id":"id","schema":"#/$defs/ping","title":"t","description":"d"}},
         "$defs":{"ping":{"type":"object","additionalProperties":false,"required":["id"],
          "properties":{"id":{"type":"string","x-kind":"pseudonym","pattern":"^[0-9a-f]{8}$",
            "maxLength":8,"description":"d","x-why":"w","x-since":"1","examples":["00ff00ff"]}%s}}}}
        """
            .formatted(members);
    return Dictionary.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String cups(String members) {
    return ",\"cups\":{\"type\":\"array\",\"maxItems\":9,\"items\":{\"type\":\"object\","
        + "\"additionalProperties\":false,\"properties\":{"
        + members
        + "}}}";
  }

  private Store open(Dictionary dictionary) throws IOException {
    return Store.open(data, List.of(Product.of(dictionary, List.of())), Clock.systemUTC());
  }

  private void keep(Dictionary dictionary, String line) throws IOException {
    try (Store store = open(dictionary)) {
      store.append(dictionary, dictionary.message("ping"), line.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<List<Object>> ask(Dictionary dictionary, String sql) throws IOException {
    Report report = Report.parse("r", "-- title: t\n-- question: q\n-- chart: table\n" + sql);
    try (Store store = open(dictionary)) {
      return store.run("kettle", report).rows().stream()
          .map(row -> row.stream().map(value -> value == null ? "null" : value).toList())
          .toList();
    }
  }

  @Test
  void gainsMembersAtTheTopAndBelow() throws IOException {
    Dictionary old = kettle(cups("\"big\":" + COUNT));
    Dictionary now = kettle(cups("\"small\":" + COUNT + ",\"big\":" + COUNT) + ",\"hot\":" + FLAG);
    keep(old, "{\"id\":\"00000001\",\"cups\":[{\"big\":1},{\"big\":2}]}");
    keep(now, "{\"id\":\"00000002\",\"cups\":[{\"small\":3,\"big\":4}],\"hot\":true}");
    assertThat(
            ask(
                now,
                "SELECT id, hot, c.big, c.small FROM raw_ping, unnest(cups) AS u(c)"
                    + " ORDER BY id, c.big"))
        .containsExactly(
            List.of("00000001", "null", 1L, "null"),
            List.of("00000001", "null", 2L, "null"),
            List.of("00000002", true, 4L, 3L));
  }

  @Test
  void whatTheDictionaryNoLongerNamesStays() throws IOException {
    Dictionary old = kettle(cups("\"big\":" + COUNT + ",\"small\":" + COUNT) + ",\"hot\":" + FLAG);
    Dictionary now = kettle(cups("\"big\":" + COUNT));
    keep(old, "{\"id\":\"00000001\",\"cups\":[{\"big\":1,\"small\":2}],\"hot\":true}");
    keep(now, "{\"id\":\"00000002\",\"cups\":[{\"big\":3}]}");
    assertThat(ask(now, "SELECT id, hot, cups[1].big, cups[1].small FROM raw_ping ORDER BY id"))
        .containsExactly(
            List.of("00000001", true, 1L, 2L), List.of("00000002", "null", 3L, "null"));
  }

  @Test
  void refusesAnotherTypeByName() throws IOException {
    keep(kettle(cups("\"big\":" + COUNT)), "{\"id\":\"00000001\",\"cups\":[{\"big\":1}]}");
    assertThatThrownBy(() -> open(kettle(cups("\"big\":" + FLAG))))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "table \"kettle\".\"raw_ping\": column cups[].big holds BIGINT but the dictionary now"
                + " says BOOLEAN: give the new form a new name in the dictionary");
  }

  @Test
  void aMessageThatCannotBeReadIsSetAside() throws IOException {
    Dictionary dictionary = kettle(",\"hot\":" + FLAG);
    Path folder = Files.createDirectories(data.resolve("journal/kettle/ping"));
    Files.writeString(folder.resolve("000000000000.ndjson"), "{\"id\":\"00000001\"}\n{]\n");
    Files.writeString(folder.resolve("000000000001.ndjson"), "{\"id\":\"00000002\"}\n");
    Files.writeString(folder.resolve("000000000002.ndjson"), "{\"id\":\"3\",\"hot\":[1]}\n");
    try (Store store = open(dictionary)) {
      assertThat(store.backlog()).isEqualTo(new Backlog(0, 0, java.util.Optional.empty(), 1));
      store.append(
          dictionary,
          dictionary.message("ping"),
          "{\"id\":\"00000004\"}".getBytes(StandardCharsets.UTF_8));
    }
    Path bad = folder.resolve("000000000003.ndjson.bad");
    assertThat(bad).hasContent("{]\n{\"id\":\"3\",\"hot\":[1]}\n");
    // Mended by hand and put back, it is loaded: its number was given to no other.
    keep(dictionary, "{\"id\":\"00000005\"}");
    Files.writeString(bad, "{\"id\":\"00000003\",\"hot\":true}\n");
    Files.move(bad, folder.resolve("000000000003.ndjson"));
    assertThat(ask(dictionary, "SELECT id FROM raw_ping ORDER BY id"))
        .containsExactly(
            List.of("00000001"),
            List.of("00000002"),
            List.of("00000003"),
            List.of("00000004"),
            List.of("00000005"));
  }

  /** Of equal receipts the later loaded wins in the views, which look at rowid. */
  @Test
  void rowsAreNumberedInTheOrderOfLoading() throws IOException {
    Dictionary dictionary = kettle("");
    for (int i = 1; i <= 5; i++) {
      keep(dictionary, "{\"id\":\"0000000" + i + "\"}");
    }
    assertThat(ask(dictionary, "SELECT id FROM raw_ping ORDER BY rowid"))
        .containsExactly(
            List.of("00000001"),
            List.of("00000002"),
            List.of("00000003"),
            List.of("00000004"),
            List.of("00000005"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VARCHAR",
        "BIGINT[]",
        "STRUCT(a VARCHAR, \"b-c\" STRUCT(\"d\"\"e\" BIGINT)[])[]",
        "STRUCT(\"select\" BOOLEAN, x DOUBLE)"
      })
  void readsTypesAsTheyAreDescribed(String described) {
    String quoted = ColumnType.parse(described).sql();
    assertThat(ColumnType.parse(quoted)).isEqualTo(ColumnType.parse(described));
    assertThat(quoted.replace("\"", "")).isEqualTo(described.replace("\"", ""));
  }
}
