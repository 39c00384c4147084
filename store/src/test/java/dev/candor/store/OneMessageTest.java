package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One message, whatever it holds, stops no other, no report and no start. */
class OneMessageTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T10:00:05Z"), ZoneOffset.UTC);
  private static final String RECEIVED = ",\"_received\":\"2026-11-28T10:00:00.000Z\"}";

  /** A kettle, or another thing that counts cups and tells when it is switched off. */
  private static Dictionary counting(String name) {
    String id =
        "{\"type\":\"string\",\"x-kind\":\"pseudonym\",\"pattern\":\"^[0-9a-f]{8}$\",\"maxLength\":8,"
            + "\"description\":\"d\",\"x-why\":\"w\",\"x-since\":\"1\",\"examples\":[\"00ff00ff\"]}";
    String json =
        """
        {"title":"Kettle","description":"d","x-product":"%s","x-messages":{
          "ping":{"method":"POST","path":"","id":"id","schema":"#/$defs/ping","title":"t","description":"d"},
          "opt-out":{"method":"DELETE","path":"","id":"id","schema":"#/$defs/off","title":"t","description":"d"}},
         "$defs":{
          "off":{"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":%s}},
          "ping":{"type":"object","additionalProperties":false,"required":["id"],
          "properties":{"id":%s,"cups":{"type":"integer","x-kind":"count","minimum":0,
            "maximum":1000000000000,"description":"d","x-why":"w","x-since":"1","examples":[1]}}}}}
        """
            .formatted(name, id, id);
    return Dictionary.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static final Dictionary KETTLE = counting("kettle");
  private static final Dictionary TOASTER = counting("toaster");

  /** Its upkeep fails at a message of more than 9,000,000 cups. */
  private static Product product(Dictionary dictionary, String factor) {
    return Product.of(
        dictionary,
        FactOverrides.parse("daily count drunk = CAST(cups * " + factor + " AS BIGINT)", Map.of()),
        List.of());
  }

  private static final Product FRAGILE = product(KETTLE, "1000000000000::HUGEINT");

  @TempDir Path data;

  private Store open(Product... products) throws IOException {
    return Store.open(data, List.of(products), CLOCK);
  }

  private static byte[] ping(long id, long cups) {
    return (String.format(Locale.ROOT, "{\"id\":\"%08x\",\"cups\":%d", id, cups) + RECEIVED)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Path folder() {
    return data.resolve("journal/kettle/ping");
  }

  private void segment(String name, LongFunction<String> line, long lines) throws IOException {
    Files.createDirectories(folder());
    Files.writeString(
        folder().resolve(name),
        LongStream.range(0, lines).mapToObj(line).collect(Collectors.joining("\n", "", "\n")));
  }

  private static List<List<Object>> ask(Store store, String product, String sql)
      throws IOException {
    return store.ask(product, sql).rows().stream()
        .map(row -> row.stream().map(value -> value == null ? "null" : value).toList())
        .toList();
  }

  /** What the store's log says while something is done. */
  private static String logged(Work work) throws Exception {
    StringBuilder said = new StringBuilder();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.append(record.getLevel())
                .append(' ')
                .append(new java.util.logging.SimpleFormatter().formatMessage(record))
                .append('\n');
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.candor.store");
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return said.toString();
  }

  private interface Work {
    void run() throws Exception;
  }

  /** The sum of their lines of code is past the largest 64-bit number. */
  @Test
  void countsAtTheirBoundsAddUpInEveryReport() throws IOException {
    Dictionary dictionary = Products.SONARQUBE.dictionary();
    Product sonarqube = Products.SONARQUBE;
    String most = "1000000000000";
    // As much as 2,000,000 projects, each at its bound, and much quicker to load.
    String projects =
        Stream.generate(() -> "{\"loc\":2000000000000000,\"language\":\"java\"}")
            .limit(1000)
            .collect(Collectors.joining(",", "[", "]"));
    String others =
        """
        ,"userCount":%1$s,"projectCount":%1$s,"ncloc":%1$s,"lines":%1$s,"sonarlintWeeklyUsers":%1$s,
        "projectCountByLanguage":[%2$s],"nclocByLanguage":[%3$s],"installationDate":"9007199254740991",
        "projectCountByCI":[%4$s],"projectCountByScm":[%5$s]
        """
            .formatted(
                most,
                "{\"language\":\"java\",\"count\":" + most + "}",
                "{\"language\":\"java\",\"ncloc\":" + most + "}",
                "{\"ci\":\"Jenkins\",\"count\":" + most + "}",
                "{\"scm\":\"git\",\"count\":" + most + "}")
            .replace("\n", "");
    try (Store store = open(sonarqube)) {
      for (int i = 0; i < 5; i++) {
        String id = "{\"id\":\"instance-000" + i + "\",\"version\":\"9.9.0.1\"";
        store.append(
            dictionary,
            dictionary.message("ping"),
            (id + others + ",\"projects\":" + projects + RECEIVED)
                .getBytes(StandardCharsets.UTF_8));
      }
      store.load();
      assertThat(store.setAside()).isZero();
      for (Report report : sonarqube.reports()) {
        assertThat(store.run("sonarqube", report).columns()).as(report.name()).isNotEmpty();
        Path csv = data.resolve(report.name() + ".csv");
        if (List.of("sizes", "languages", "headline").contains(report.name())) {
          store.export("sonarqube", report, "csv", csv);
          assertThat(csv).as(report.name()).isNotEmptyFile();
        }
      }
      assertThat(ask(store, "sonarqube", "SELECT CAST(sum(loc) AS VARCHAR) FROM daily"))
          .containsExactly(List.of("10000000000000000000"));
      Report sizes = sonarqube.report("sizes").orElseThrow();
      assertThat(store.run("sonarqube", sizes).rows().getLast().getLast())
          .isEqualTo(Long.MAX_VALUE);
      // What goes in must come out, too.
      assertThat(store.erase(sonarqube, "instance-0000")).isEqualTo(1);
      assertThat(ask(store, "sonarqube", "SELECT CAST(sum(loc) AS BIGINT) FROM daily"))
          .containsExactly(List.of(8_000_000_000_000_000_000L));
    }
    try (Store store = open(sonarqube)) {
      assertThat(store.trouble()).isEmpty();
    }
  }

  @Test
  void messagesThatCannotBeLoadedAreSetAsideAloneAndCounted() throws Exception {
    segment(
        "000000000003.ndjson",
        n -> {
          String ping = new String(ping(n, n == 4321 ? 987_654_321 : 1), StandardCharsets.UTF_8);
          return n == 77 ? "{]" : n == 5000 ? ping.replace(":1,", ":[\"4711\"],") : ping;
        },
        6000);
    String log =
        logged(
            () -> {
              try (Store store = open(FRAGILE)) {
                // One load does as much as fits its time.
                while (store.backlog().segments() > 0) {
                  store.load();
                }
                assertThat(
                        ask(store, "kettle", "SELECT count(*), count(DISTINCT id) FROM raw_ping"))
                    .containsExactly(List.of(5997L, 5997L));
                assertThat(ask(store, "kettle", "SELECT count(drunk) FROM instance_day"))
                    .containsExactly(List.of(5997L));
                assertThat(store.trouble()).isEmpty();
                assertThat(store.setAside()).isEqualTo(3);
                assertThat(store.backlog().segments()).isZero();
                Report report = FRAGILE.report("set-aside").orElseThrow();
                assertThat(store.run("kettle", report).rows())
                    .extracting(row -> row.get(2), row -> row.get(3))
                    .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("invalid input at id", 1L),
                        org.assertj.core.groups.Tuple.tuple("invalid input at cups", 1L),
                        org.assertj.core.groups.Tuple.tuple(
                            "conversion in the tables for reports", 1L));
                store.append(KETTLE, KETTLE.message("ping"), ping(7000, 2));
                store.load();
                assertThat(ask(store, "kettle", "SELECT sum(cups) FROM raw_ping WHERE cups = 2"))
                    .hasSize(1);
              }
            });
    assertThat(log)
        .contains(
            "SEVERE a message of kettle/ping cannot be loaded and is set aside in 00000000000")
        .doesNotContain("987654321", "4711", "000010e1");
    try (Stream<Path> files = Files.list(folder())) {
      List<Path> left = files.toList();
      assertThat(left).hasSize(1);
      assertThat(Files.readAllLines(left.getFirst())).hasSize(3);
      // Mended, it may come back: nothing else has its number.
      String mended =
          Files.readString(left.getFirst())
              .replace("987654321", "3")
              .replace("[\"4711\"]", "3")
              .replace("{]\n", "");
      Files.delete(left.getFirst());
      Files.writeString(Path.of(left.getFirst().toString().replaceFirst("\\.bad$", "")), mended);
    }
    try (Store store = open(FRAGILE)) {
      assertThat(ask(store, "kettle", "SELECT count(*) FROM raw_ping WHERE cups = 3"))
          .containsExactly(List.of(2L));
    }
  }

  @Test
  void aSegmentThatWasLoadedInPartBeforeACrashGoesOnFromThere() throws Exception {
    open(FRAGILE).close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + data.resolve("store.duckdb"));
        Statement sql = connection.createStatement()) {
      sql.execute("INSERT INTO candor.part_loaded VALUES ('kettle/ping', 9, 2)");
    }
    segment("000000000009.ndjson", n -> new String(ping(n, 1), StandardCharsets.UTF_8), 5);
    try (Store store = open(FRAGILE)) {
      assertThat(ask(store, "kettle", "SELECT id FROM raw_ping ORDER BY id"))
          .containsExactly(List.of("00000002"), List.of("00000003"), List.of("00000004"));
      assertThat(store.backlog().segments()).isZero();
    }
  }

  /** Whatever is wrong with the tables, it is not the message's fault. */
  @Test
  void whatFailsWithoutAnyMessageSetsNoneAsideAndStopsNoOtherProduct() throws Exception {
    Product broken = product(KETTLE, "spoons");
    Product other = product(TOASTER, "1");
    open(product(KETTLE, "1"), other).close();
    segment("000000000001.ndjson", n -> new String(ping(n, 1), StandardCharsets.UTF_8), 3);
    String log =
        logged(
            () -> {
              try (Store store = open(broken, other)) {
                assertThat(store.trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("cannot be loaded"));
                assertThat(store.setAside()).isZero();
                assertThat(store.backlog().segments()).isEqualTo(1);
                store.append(TOASTER, TOASTER.message("ping"), ping(1, 1));
                assertThatThrownBy(store::load).hasMessageContaining("kettle/ping");
                assertThat(ask(store, "toaster", "SELECT count(*) FROM raw_ping"))
                    .containsExactly(List.of(1L));
                assertThat(ask(store, "kettle", "SELECT count(*) FROM raw_ping"))
                    .containsExactly(List.of(0L));
              }
            });
    assertThat(log).contains("SEVERE loading failed and will be tried again");
    try (Store store = open(product(KETTLE, "1"), other)) {
      assertThat(store.trouble()).isEmpty();
      assertThat(ask(store, "kettle", "SELECT count(*) FROM raw_ping"))
          .containsExactly(List.of(3L));
    }
  }

  @Test
  void nothingElseInTheJournalsFolderStopsAnything() throws Exception {
    segment("000000000002.ndjson", n -> new String(ping(n, 1), StandardCharsets.UTF_8), 2);
    Files.createDirectory(folder().resolve("000000000003.ndjson"));
    Files.createSymbolicLink(
        folder().resolve("000000000004.ndjson"), folder().resolve("000000000002.ndjson"));
    Files.createSymbolicLink(folder().resolve("gone.ndjson"), Path.of("/nowhere"));
    for (String name :
        List.of(
            "notes.ndjson",
            "7.ndjson",
            "0000000000002.ndjson",
            "99999999999999999999.ndjson",
            "-00000000001.ndjson",
            ".ndjson",
            "x.bad",
            "a\nb",
            "000000000005.ndjson.bad.new")) {
      Files.writeString(folder().resolve(name), "{\"id\":\"0000dead\"}\n");
    }
    String log =
        logged(
            () -> {
              try (Store store = open(FRAGILE)) {
                for (long n = 10; n < 13; n++) {
                  store.append(KETTLE, KETTLE.message("ping"), ping(n, 1));
                  store.load();
                }
                assertThat(ask(store, "kettle", "SELECT count(*) FROM raw_ping"))
                    .containsExactly(List.of(5L));
                assertThat(store.trouble()).isEmpty();
              }
            });
    assertThat(log.lines().filter(line -> line.contains("notes.ndjson"))).hasSize(1);
    assertThat(log).contains("WARNING").contains("a?b is no segment");
    assertThat(log.lines().filter(line -> line.contains("is no segment"))).hasSize(12);
  }
}
