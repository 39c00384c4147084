package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fact is where a message says nothing of it, or goes to its bounds. */
class TimelineTest {
  private static final String DICTIONARY =
      """
      {"title":"Scale","description":"A scale","x-product":"scale",
      "x-messages":{"ping":{"method":"POST","path":"","id":"id","schema":"#/$defs/ping",
      "title":"Ping","description":"d"}},"$ref":"#/$defs/ping","$defs":{"ping":{"type":"object",
      "additionalProperties":false,"required":["id"],"properties":{
      "id":{"type":"string","x-kind":"pseudonym","pattern":"^[0-9]{8}$","maxLength":8,
      "description":"d","x-why":"w","x-since":"1","examples":["12345678"]},
      "loads":{"type":"array","maxItems":1000000,"items":{"type":"object",
      "additionalProperties":false,"properties":{
      "kind":{"type":"string","x-kind":"word","enum":["box","bag"],
      "description":"d","x-why":"w","x-since":"1","examples":["box"]},
      "grams":{"type":"integer","x-kind":"count","minimum":0,"maximum":9007199254740992,
      "description":"d","x-why":"w","x-since":"1","examples":[1]},
      "volts":{"type":"number","x-kind":"count","minimum":-1e100,"maximum":1e100,
      "description":"d","x-why":"w","x-since":"1","examples":[0.5]},
      "seen":{"type":"integer","x-kind":"date","minimum":0,"maximum":9007199254740991,
      "description":"d","x-why":"w","x-since":"1","examples":[1662500000000]}}}}}}}}
      """;

  private static final Product SCALE =
      Product.of(Dictionary.parse(DICTIONARY.getBytes(StandardCharsets.UTF_8)), List.of());

  @TempDir Path data;

  private List<Object> row(Product product, String ping, String sql) throws IOException {
    try (Store store = Store.open(data, List.of(product), Clock.systemUTC())) {
      store.append(
          product.dictionary(),
          product.dictionary().message("ping"),
          (ping + ",\"_received\":\"2026-11-20T10:00:00Z\"}").getBytes(StandardCharsets.UTF_8));
      store.load();
      assertThat(store.setAside()).isZero();
      return List.copyOf(store.ask(product.name(), sql).rows().getFirst());
    }
  }

  @Test
  void whatIsNotToldIsNoNumber() throws IOException {
    assertThat(
            row(
                Products.SONARQUBE,
                "{\"id\":\"instance-one\",\"version\":\"9.9.0\"",
                "SELECT loc IS NULL, users IS NULL, projects IS NULL FROM instance_day"))
        .containsExactly(true, true, true);
  }

  @Test
  void sumsOfAListAtItsBoundsAreTheLargestNumberAndNotNothing() throws IOException {
    String load = "{\"kind\":\"box\",\"grams\":9007199254740992}";
    assertThat(
            row(
                SCALE,
                "{\"id\":\"12345678\",\"loads\":[" + (load + ",").repeat(1999) + load + "]",
                "SELECT loads_grams, CAST(p.amount AS VARCHAR) FROM instance_day AS d"
                    + " JOIN part AS p ON p._instance = d._instance"))
        .containsExactly(Long.MAX_VALUE, "18014398509481984000");
  }

  @Test
  void measuredQuantitiesOfAListAddUpAsSuch() throws IOException {
    assertThat(
            row(
                SCALE,
                "{\"id\":\"12345678\",\"loads\":[{\"volts\":1e60},{\"volts\":0.5},{\"volts\":-1e60}]",
                "SELECT loads_volts FROM instance_day"))
        .containsExactly(0.0);
  }

  @Test
  void daysOfAListMayComeAsNumbers() throws IOException {
    long seen = java.time.Instant.parse("2026-11-19T12:00:00Z").toEpochMilli();
    assertThat(
            row(
                SCALE,
                "{\"id\":\"12345678\",\"loads\":[{\"seen\":" + seen + "},{\"seen\":1000}]",
                "SELECT loads_seen_1, loads_seen_30 FROM instance_last"))
        .containsExactly(1L, 1L);
  }
}
