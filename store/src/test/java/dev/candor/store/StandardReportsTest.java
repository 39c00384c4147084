package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The standard reports of a product that brings a dictionary and nothing else: a made-up fleet's
 * must equal what plain Java reckons from its messages, without SQL.
 */
class StandardReportsTest {
  private static final LocalDate START = LocalDate.parse("2026-01-20");
  private static final int DAYS = 75;
  private static final LocalDate TODAY = START.plusDays(DAYS - 1);

  /** A heartbeat as it was sent. */
  private record Beat(
      String id,
      Instant at,
      String version,
      @Nullable String tier,
      String engine,
      @Nullable Boolean tls,
      long queues,
      LocalDate since,
      Map<String, Long> addOns) {
    LocalDate day() {
      return at.atZone(ZoneOffset.UTC).toLocalDate();
    }

    String release() {
      return version.replaceFirst("^v", "").replaceFirst("^([0-9]+\\.[0-9]+).*$", "$1");
    }

    String line() {
      String parts =
          addOns.entrySet().stream()
              .map(
                  one ->
                      "{\"key\":\"%s\",\"version\":\"1.0\",\"calls\":%s}"
                          .formatted(one.getKey(), one.getValue()))
              .collect(Collectors.joining(","));
      return "{\"uuid\":\"%s\",\"version\":\"%s\",%s\"store\":{\"engine\":\"%s\",\"version\":\"9.1\"},%s\"queues\":%s,\"since\":\"%s\",\"addOns\":[%s],\"_received\":\"%s\"}"
          .formatted(
              id,
              version,
              tier == null ? "" : "\"tier\":\"" + tier + "\",",
              engine,
              tls == null ? "" : "\"tls\":" + tls + ",",
              queues,
              since,
              parts,
              at);
    }
  }

  @TempDir Path data;
  private Product product = Product.of(dictionary(), List.of());
  private final List<Beat> sent = new ArrayList<>();
  private final Map<String, LocalDate> gone = new HashMap<>();
  private @Nullable Store store;

  private static Dictionary dictionary() {
    try (InputStream in = StandardReportsTest.class.getResourceAsStream("relay.json")) {
      return Dictionary.parse(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void fill() throws IOException {
    Store opened = Store.open(data, List.of(product), new Lifetime(false, 0), Clock.systemUTC());
    store = opened;
    Random random = new Random(5);
    for (int n = 0; n < 25; n++) {
      String id = String.format(Locale.ROOT, "%08x-0000-4000-8000-%012x", n, n);
      int first = random.nextInt(40);
      int last = n % 5 == 0 ? first + 10 + random.nextInt(20) : DAYS;
      long queues = random.nextInt(1000);
      for (int day = first; day < Math.min(last, DAYS); day++) {
        if (random.nextInt(10) < 8) {
          sent.add(
              new Beat(
                  id,
                  START
                      .plusDays(day)
                      .atStartOfDay(ZoneOffset.UTC)
                      .plusSeconds(random.nextInt(80_000))
                      .toInstant(),
                  (n % 3 == 0 ? "v" : "") + "1." + (day / 25 + n % 2) + ".3",
                  n % 7 == 0 ? null : n % 2 == 0 ? "free" : "paid",
                  n % 4 == 0 ? "rocks" : "lmdb",
                  n % 6 == 0 ? null : (Boolean) (n % 2 == 0),
                  queues + day,
                  START.minusDays(n * 40L),
                  n % 3 == 1
                      ? Map.of()
                      : Map.of("mqtt", (long) n, n % 2 == 0 ? "amqp" : "stomp", 7L)));
        }
      }
      if (n % 10 == 5) {
        gone.put(id, START.plusDays(Math.min(last, DAYS - 1)));
      }
    }
    sent.sort(Comparator.comparing(Beat::at));
    List<byte[]> lines = new ArrayList<>();
    for (Beat beat : sent) {
      lines.add(beat.line().getBytes(StandardCharsets.UTF_8));
    }
    opened.append(product.dictionary(), product.dictionary().message("beat"), lines);
    for (Map.Entry<String, LocalDate> one : gone.entrySet()) {
      opened.append(
          product.dictionary(),
          product.dictionary().message("bye"),
          ("{\"uuid\":\"" + one.getKey() + "\",\"_received\":\"" + one.getValue() + "T23:59:59Z\"}")
              .getBytes(StandardCharsets.UTF_8));
    }
    opened.load();
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(store).close();
  }

  private List<List<@Nullable Object>> rows(String report) throws IOException {
    return Objects.requireNonNull(store)
        .run("relay", product.report(report).orElseThrow(() -> new AssertionError(report)))
        .rows();
  }

  /** The columns of a report's rows as texts. */
  private List<String> column(String report, int... columns) throws IOException {
    return rows(report).stream()
        .map(
            row ->
                java.util.Arrays.stream(columns)
                    .mapToObj(c -> String.valueOf(row.get(c)))
                    .collect(Collectors.joining("|")))
        .toList();
  }

  private Map<String, Beat> latest(LocalDate until) {
    Map<String, Beat> latest = new TreeMap<>();
    sent.stream().filter(b -> !b.day().isAfter(until)).forEach(b -> latest.put(b.id(), b));
    return latest;
  }

  private String state(Beat last) {
    LocalDate left = gone.get(last.id());
    long days = ChronoUnit.DAYS.between(last.day(), TODAY);
    return left != null && !left.isBefore(last.day())
        ? "opted-out"
        : days < 8 ? "active" : days <= 60 ? "silent" : "gone";
  }

  private List<Beat> active() {
    return latest(TODAY).values().stream().filter(b -> state(b).equals("active")).toList();
  }

  private static List<String> counted(Stream<String> values) {
    Map<String, Long> counts =
        values.collect(Collectors.groupingBy(v -> v, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream().map(e -> e.getKey() + "|" + e.getValue()).sorted().toList();
  }

  private void holds(String report, int columns, Function<Beat, Optional<String>> value)
      throws IOException {
    int[] all = java.util.stream.IntStream.range(0, columns).toArray();
    assertThat(column(report, all))
        .as(report)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            counted(active().stream().map(value).flatMap(Optional::stream)));
  }

  @Test
  void thePresentByEachKindOfFact() throws IOException {
    assertThat(column("states", 0, 1))
        .containsExactlyInAnyOrderElementsOf(
            counted(latest(TODAY).values().stream().map(this::state)));
    holds("versions", 2, beat -> Optional.of(beat.version()));
    holds("tier", 2, beat -> Optional.of(beat.tier() == null ? "unknown" : beat.tier()));
    holds("store-engine", 3, beat -> Optional.of(beat.engine() + "|9"));
    assertThat(column("features", 0, 1, 2))
        .containsExactly(
            "Tls|%s|%s"
                .formatted(
                    active().stream().filter(b -> b.tls() != null).count(),
                    active().stream().filter(b -> Boolean.TRUE.equals(b.tls())).count()));
    Map<String, Long> calls = new TreeMap<>();
    active().forEach(b -> b.addOns().forEach((key, n) -> calls.merge(key, n, Long::sum)));
    assertThat(column("add-ons", 0, 1, 2, 4))
        .containsExactlyInAnyOrderElementsOf(
            calls.entrySet().stream()
                .map(
                    one ->
                        "%s|1.0|%s|%s"
                            .formatted(
                                one.getKey(),
                                active().stream()
                                    .filter(b -> b.addOns().containsKey(one.getKey()))
                                    .count(),
                                one.getValue()))
                .toList());
    assertThat(
            rows("since-told").stream()
                .mapToLong(row -> (Long) Objects.requireNonNull(row.get(1)))
                .sum())
        .isEqualTo(active().size());
  }

  @Test
  void sizesAndTheirSumsOverTime() throws IOException {
    List<Long> queues = active().stream().map(Beat::queues).sorted().toList();
    assertThat(rows("sizes"))
        .filteredOn(row -> "Queues".equals(row.get(0)))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get(1)).isEqualTo((long) queues.size());
              assertThat(row.get(2)).isEqualTo(queues.getFirst());
              assertThat(row.get(8)).isEqualTo(queues.getLast());
              assertThat(String.valueOf(row.get(9)))
                  .isEqualTo(String.valueOf(queues.stream().mapToLong(n -> n).sum()));
            });
    Map<LocalDate, Long> sums =
        sent.stream()
            .collect(
                Collectors.groupingBy(
                    Beat::day, TreeMap::new, Collectors.summingLong(Beat::queues)));
    assertThat(column("queues-by-day", 0, 2))
        .containsExactlyElementsOf(
            sums.entrySet().stream().map(e -> e.getKey() + "|" + e.getValue()).toList());
  }

  @Test
  void instancesAndReleasesOverTime() throws IOException {
    List<String> alive = new ArrayList<>();
    List<String> releases = new ArrayList<>();
    for (int n = 0; n < DAYS; n++) {
      LocalDate day = START.plusDays(n);
      Predicate<Beat> inUse = b -> b.day().isAfter(day.minusDays(8));
      List<Beat> used = latest(day).values().stream().filter(inUse).toList();
      long there = used.stream().filter(b -> b.day().equals(day)).count();
      if (!used.isEmpty()) {
        alive.add(day + "|" + there + "|" + used.size());
      }
      counted(used.stream().map(Beat::release)).forEach(row -> releases.add(day + "|" + row));
    }
    assertThat(column("alive-by-day", 0, 1, 3)).containsExactlyElementsOf(alive);
    assertThat(column("versions-by-day", 0, 1, 2)).containsExactlyInAnyOrderElementsOf(releases);
  }

  @Test
  void monthsOfCohorts() throws IOException {
    Map<String, LocalDate> first = new HashMap<>();
    sent.forEach(b -> first.putIfAbsent(b.id(), b.day().withDayOfMonth(1)));
    Map<LocalDate, TreeSet<String>> byMonth = new TreeMap<>();
    sent.forEach(
        b -> byMonth.computeIfAbsent(b.day().withDayOfMonth(1), _ -> new TreeSet<>()).add(b.id()));
    List<String> expected = new ArrayList<>();
    byMonth.forEach(
        (month, ids) -> {
          TreeSet<String> before = byMonth.getOrDefault(month.minusMonths(1), new TreeSet<>());
          long fresh = ids.stream().filter(id -> month.equals(first.get(id))).count();
          long stayed = ids.stream().filter(before::contains).count();
          long silent = before.stream().filter(id -> !ids.contains(id)).count();
          expected.add("%s|%s|%s|%s|%s".formatted(month, ids.size(), fresh, stayed, silent));
        });
    assertThat(column("cohorts", 0, 1, 2, 3, 5)).containsExactlyElementsOf(expected);
  }

  @Test
  void everyReportIsOnAPageAndAnswersUnderAFilter() throws IOException {
    assertThat(product.facets()).containsExactly("release", "tier", "store_engine");
    Scope paid = new Scope(Optional.empty(), Optional.empty(), Map.of("tier", "paid"), Map.of());
    for (Report report : product.reports()) {
      Objects.requireNonNull(store).run("relay", report, paid);
    }
    ReportResult states =
        Objects.requireNonNull(store).run("relay", product.report("states").orElseThrow(), paid);
    assertThat(
            states.rows().stream()
                .mapToLong(row -> (Long) Objects.requireNonNull(row.get(1)))
                .sum())
        .isEqualTo(latest(TODAY).values().stream().filter(b -> "paid".equals(b.tier())).count());
    assertThat(product.pages())
        .extracting(page -> page.name().toLowerCase(Locale.ROOT))
        .contains(
            "overview",
            "versions",
            "growth",
            "sizes",
            "parts",
            "features",
            "fleet",
            "instance",
            "quality");
  }
}
