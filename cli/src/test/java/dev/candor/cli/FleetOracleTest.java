package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.JsonTree;
import dev.candor.store.Product;
import dev.candor.store.ReportResult;
import dev.candor.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Half a year of a made-up fleet, with opt-outs, silence, upgrades and repeats: what the reports
 * say about time must equal what plain Java reckons from the raw lines by docs/definitions.md,
 * without SQL, views or dictionary.
 */
class FleetOracleTest {
  /** One ping as it counts: of repeats the newest. */
  private record Ping(String id, Instant received, LocalDate day, Map<?, ?> body) {
    String text(String member) {
      Object value = body.get(member);
      return value == null ? "" : value.toString();
    }

    String release() {
      String[] numbers = text("version").split("\\.", -1);
      return numbers[0] + "." + numbers[1];
    }

    long users() {
      return body.get("users") instanceof List<?> users
          ? users.stream().filter(u -> "active".equals(((Map<?, ?>) u).get("status"))).count()
          : (Long) body.get("userCount");
    }

    long projects() {
      return body.get("projects-general-stats") instanceof List<?> projects
          ? projects.size()
          : (Long) body.get("projectCount");
    }

    long loc() {
      return body.get("projects") instanceof List<?> projects
          ? projects.stream().mapToLong(p -> (Long) ((Map<?, ?>) p).get("loc")).sum()
          : (Long) body.get("ncloc");
    }
  }

  @TempDir static Path folder;
  private static Store store;
  private static Product product;

  /** On these the data itself is asked; their oracle is the dashboard's QualityTest. */
  private static final Set<String> QUALITY =
      Set.of("requests", "refusals", "findings", "clients", "lateness", "lag", "uptime", "filled");

  private static List<Ping> received;
  private static List<Ping> pings;
  private static Map<String, List<Ping>> byInstance;
  private static Map<String, List<Instant>> optOuts;
  private static LocalDate today;

  @BeforeAll
  static void importTheFleet() throws Exception {
    Path file = folder.resolve("fleet.ndjson");
    Door made =
        Door.candor(
            "simulate",
            "--instances",
            "60",
            "--days",
            "180",
            "--seed",
            "11",
            "--end",
            "2026-06-30",
            "--output",
            file.toString());
    assertThat(made.err()).isEmpty();
    Path data = folder.resolve("data");
    assertThat(Door.candor("import", "--data", data.toString(), file.toString()).exitCode())
        .isZero();
    read(Files.readAllLines(file));
    Products products = new Products();
    product = products.all().getFirst();
    store = Store.open(data, products.all(), Clock.systemUTC());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static void read(List<String> lines) {
    Map<List<String>, Ping> distinct = new HashMap<>();
    received = new ArrayList<>();
    optOuts = new HashMap<>();
    today = LocalDate.MIN;
    for (String line : lines) {
      Map<?, ?> envelope =
          (Map<?, ?>) Objects.requireNonNull(JsonTree.read(line.getBytes(StandardCharsets.UTF_8)));
      Map<?, ?> body = (Map<?, ?>) Objects.requireNonNull(envelope.get("body"));
      Instant at = Instant.parse(envelope.get("received").toString());
      LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
      today = day.isAfter(today) ? day : today;
      if (envelope.get("message").equals("opt-out")) {
        optOuts.computeIfAbsent(body.get("id").toString(), id -> new ArrayList<>()).add(at);
      } else if (envelope.get("message").equals("ping")) {
        String id = body.get("id").toString();
        Object number = body.get("messageSequenceNumber");
        String repeat = number == null ? "day " + day : "number " + number;
        Ping ping = new Ping(id, at, day, body);
        received.add(ping);
        distinct.merge(
            List.of(id, repeat), ping, (a, b) -> a.received().isAfter(b.received()) ? a : b);
      }
    }
    pings =
        distinct.values().stream()
            .sorted(Comparator.comparing(Ping::received).thenComparing(Ping::id))
            .toList();
    byInstance = pings.stream().collect(Collectors.groupingBy(Ping::id));
  }

  private static Ping last(String id) {
    return byInstance.get(id).getLast();
  }

  private static long silence(String id) {
    return ChronoUnit.DAYS.between(last(id).day(), today);
  }

  private static boolean optedOut(String id) {
    return optOuts.getOrDefault(id, List.of()).stream()
        .anyMatch(at -> at.isAfter(last(id).received()));
  }

  private static String state(String id) {
    if (optedOut(id)) {
      return "opted-out";
    }
    return silence(id) <= 7 ? "active" : silence(id) <= 60 ? "silent" : "gone";
  }

  private static Stream<Ping> active() {
    return byInstance.keySet().stream()
        .filter(id -> state(id).equals("active"))
        .map(FleetOracleTest::last);
  }

  /** What each report must say: its columns, then its rows in any order. */
  private static Map<String, Expected> expected() {
    Map<String, Expected> all = new TreeMap<>();
    all.put("alive-by-day", alive("day", day -> day));
    all.put(
        "alive-by-week",
        alive("week", d -> d.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))));
    all.put("alive-by-month", alive("month", day -> day.withDayOfMonth(1)));
    all.put("cohorts", cohorts());
    all.put("states", count("state", byInstance.keySet().stream().map(FleetOracleTest::state)));
    all.put("instances", instances());
    all.put(
        "licence-types", count("licence_type", active().map(p -> or(p, "licenseType", "none"))));
    all.put("editions", count("edition", active().map(p -> or(p, "edition", "unknown"))));
    all.put("versions", count("version", active().map(p -> p.text("version"))));
    all.put("active-presets", presets());
    all.put("sizes", sizes());
    all.put("version-adoption", adoption());
    all.put("plugins", plugins());
    all.put("versions-by-day", versionsByDay());
    all.put("retention", retention());
    all.put("completeness", completeness());
    all.put("repeats", repeats());
    all.put("fleet-size", fleetSize());
    all.put("fleet-behind", fleetBehind());
    all.put("fleet-plugins", fleetPlugins());
    all.put("fleet-silent", fleetSilent());
    all.put("fleet-inactive-users", fleetInactiveUsers());
    all.put("instance-history", instanceHistory());
    return all;
  }

  private record Expected(List<String> columns, List<String> rows) {}

  private static String or(Ping ping, String member, String otherwise) {
    return ping.text(member).isEmpty() ? otherwise : ping.text(member);
  }

  private static Expected count(String column, Stream<String> words) {
    Map<String, Long> counts =
        words.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    double all = counts.values().stream().mapToLong(n -> n).sum();
    List<String> rows = new ArrayList<>();
    counts.forEach((word, n) -> rows.add(word + "|" + n + "|" + percent((double) n, all)));
    return new Expected(List.of(column, "instances", "percent"), rows);
  }

  private static String percent(double part, double all) {
    return String.valueOf(Math.round(1000.0 * part / all) / 10.0);
  }

  private static Expected alive(String column, Function<LocalDate, LocalDate> span) {
    Map<LocalDate, Set<String>> alive = new TreeMap<>();
    for (Ping ping : pings) {
      alive.computeIfAbsent(span.apply(ping.day()), d -> new TreeSet<>()).add(ping.id());
    }
    List<String> rows = new ArrayList<>();
    alive.forEach(
        (start, ids) -> {
          long fresh =
              ids.stream()
                  .filter(id -> span.apply(byInstance.get(id).getFirst().day()).equals(start))
                  .count();
          rows.add(start + "|" + ids.size() + "|" + fresh);
        });
    return new Expected(List.of(column, "instances", "new_instances"), rows);
  }

  private static Expected repeats() {
    LocalDate from = received.stream().map(Ping::day).max(Comparator.naturalOrder()).get();
    Map<LocalDate, List<Ping>> days =
        received.stream()
            .filter(ping -> ping.day().isAfter(from.minusDays(28)))
            .collect(Collectors.groupingBy(Ping::day));
    List<String> rows = new ArrayList<>();
    days.forEach(
        (day, ofDay) ->
            rows.add(
                day
                    + "|"
                    + ofDay.size()
                    + "|"
                    + ofDay.stream().filter(ping -> !pings.contains(ping)).count()
                    + "|"
                    + ofDay.stream().map(Ping::id).distinct().count()));
    return new Expected(List.of("day", "pings", "repeats", "instances"), rows);
  }

  private static Expected cohorts() {
    TreeMap<LocalDate, long[]> months = new TreeMap<>();
    for (LocalDate m = pings.getFirst().day().withDayOfMonth(1);
        !m.isAfter(today);
        m = m.plusMonths(1)) {
      months.put(m, new long[6]);
    }
    for (List<Ping> history : byInstance.values()) {
      Set<LocalDate> there =
          history.stream().map(p -> p.day().withDayOfMonth(1)).collect(Collectors.toSet());
      LocalDate first = Collections.min(there);
      months.forEach(
          (month, n) -> {
            boolean here = there.contains(month);
            boolean before = there.contains(month.minusMonths(1));
            n[0] += here ? 1 : 0;
            n[1] += here && month.equals(first) ? 1 : 0;
            n[2] += here && before ? 1 : 0;
            n[3] += here && !before && first.isBefore(month) ? 1 : 0;
            n[4] += !here && before ? 1 : 0;
          });
    }
    Set<List<Object>> off = new java.util.HashSet<>();
    optOuts.forEach(
        (id, times) ->
            times.forEach(
                at ->
                    off.add(
                        List.of(id, at.atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1)))));
    off.forEach(pair -> months.get((LocalDate) pair.get(1))[5]++);
    List<String> rows = new ArrayList<>();
    months.forEach(
        (month, n) ->
            rows.add(
                month
                    + "|"
                    + java.util.Arrays.stream(n)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining("|"))));
    return new Expected(
        List.of(
            "month",
            "instances",
            "new_instances",
            "retained",
            "returning_instances",
            "silent",
            "opted_out"),
        rows);
  }

  private static Expected instances() {
    List<String> rows = new ArrayList<>();
    byInstance.forEach(
        (id, history) -> {
          Ping last = last(id);
          rows.add(
              Stream.of(
                      id,
                      state(id),
                      last.text("version"),
                      last.text("edition"),
                      last.users(),
                      last.projects(),
                      last.loc(),
                      history.getFirst().day(),
                      last.day(),
                      silence(id))
                  .map(value -> value.equals("") ? "null" : String.valueOf(value))
                  .collect(Collectors.joining("|")));
        });
    return new Expected(
        List.of(
            "id",
            "state",
            "version",
            "edition",
            "users",
            "projects",
            "loc",
            "first_day",
            "last_day",
            "days_silent"),
        rows);
  }

  private static Expected presets() {
    Map<String, Integer> presets = new TreeMap<>();
    presets.put("Syncthing: last day", 1);
    presets.put("XWiki: 2 days", 2);
    presets.put("Candor: 8 days", 8);
    presets.put("Syncthing (old), Replicated: 2 weeks", 14);
    presets.put("popcon: 20 days", 20);
    presets.put("Mozilla: 28 days", 28);
    presets.put("Home Assistant: 60 days", 60);
    List<String> rows = new ArrayList<>();
    presets.forEach(
        (name, days) ->
            rows.add(
                name
                    + "|"
                    + byInstance.keySet().stream()
                        .filter(id -> !optedOut(id) && silence(id) < days)
                        .count()));
    return new Expected(List.of("definition", "instances"), rows);
  }

  private static Expected sizes() {
    List<String> rows =
        List.of(
            size("users", active().map(Ping::users)),
            size("projects", active().map(Ping::projects)),
            size("lines of code", active().map(Ping::loc)));
    return new Expected(
        List.of(
            "measure",
            "instances",
            "smallest",
            "p25",
            "median",
            "p75",
            "p90",
            "p99",
            "largest",
            "total"),
        rows);
  }

  private static String size(String measure, Stream<Long> values) {
    List<Long> sorted = values.sorted().toList();
    Function<Double, Long> quantile =
        q -> sorted.get(Math.max(0, (int) Math.ceil(q * sorted.size()) - 1));
    return Stream.of(
            measure,
            sorted.size(),
            sorted.getFirst(),
            quantile.apply(0.25),
            quantile.apply(0.5),
            quantile.apply(0.75),
            quantile.apply(0.9),
            quantile.apply(0.99),
            sorted.getLast(),
            sorted.stream().mapToLong(n -> n).sum())
        .map(String::valueOf)
        .collect(Collectors.joining("|"));
  }

  /** On each day an instance counts with its latest ping of the 8 days that end with it. */
  private static Expected adoption() {
    Map<String, LocalDate> seen = new TreeMap<>();
    for (Ping ping : pings) {
      seen.merge(ping.release(), ping.day(), (a, b) -> a.isBefore(b) ? a : b);
    }
    List<String> rows = new ArrayList<>();
    seen.forEach(
        (release, first) -> {
          for (int n = 0; n < 366 && !first.plusDays(n).isAfter(today); n += 7) {
            LocalDate day = first.plusDays(n);
            List<String> releases =
                byInstance.values().stream()
                    .map(history -> latest(history, day))
                    .filter(Objects::nonNull)
                    .map(Ping::release)
                    .toList();
            long with = releases.stream().filter(release::equals).count();
            if (!releases.isEmpty()) {
              rows.add(
                  release + "|" + n + "|" + with + "|" + percent((double) with, releases.size()));
            }
          }
        });
    return new Expected(List.of("release", "days", "instances", "percent"), rows);
  }

  private static @Nullable Ping latest(List<Ping> history, LocalDate day) {
    Ping latest = null;
    for (Ping ping : history) {
      if (!ping.day().isAfter(day) && ping.day().isAfter(day.minusDays(8))) {
        latest = ping;
      }
    }
    return latest;
  }

  private static Expected plugins() {
    Map<String, Long> counts = new TreeMap<>();
    long[] all = new long[1];
    active()
        .forEach(
            ping -> {
              all[0]++;
              ((List<?>) Objects.requireNonNull(ping.body().get("plugins")))
                  .stream()
                      .map(p -> (Map<?, ?>) p)
                      .map(p -> p.get("name") + "|" + noAddress(String.valueOf(p.get("version"))))
                      .distinct()
                      .forEach(p -> counts.merge(p, 1L, Long::sum));
            });
    List<String> rows = new ArrayList<>();
    counts.forEach(
        (plugin, n) -> rows.add(plugin + "|" + n + "|" + percent((double) n, (double) all[0])));
    return new Expected(List.of("plugin", "version", "instances", "percent"), rows);
  }

  /** The latest ping of each instance and day. */
  private static java.util.Collection<Ping> days() {
    Map<List<Object>, Ping> latest = new java.util.LinkedHashMap<>();
    pings.forEach(ping -> latest.put(List.of(ping.id(), ping.day()), ping));
    return latest.values();
  }

  private static Expected versionsByDay() {
    Map<String, Long> counts =
        days().stream()
            .collect(
                Collectors.groupingBy(p -> p.day() + "|" + p.release(), Collectors.counting()));
    return new Expected(
        List.of("day", "release", "instances"),
        counts.entrySet().stream().map(e -> e.getKey() + "|" + e.getValue()).toList());
  }

  private static Expected retention() {
    Map<LocalDate, List<Set<LocalDate>>> cohorts = new TreeMap<>();
    for (List<Ping> history : byInstance.values()) {
      Set<LocalDate> there =
          history.stream().map(p -> p.day().withDayOfMonth(1)).collect(Collectors.toSet());
      cohorts.computeIfAbsent(Collections.min(there), m -> new ArrayList<>()).add(there);
    }
    List<String> rows = new ArrayList<>();
    cohorts.forEach(
        (month, members) -> {
          for (int n = 0; !month.plusMonths(n).isAfter(today); n++) {
            LocalDate later = month.plusMonths(n);
            long here = members.stream().filter(m -> m.contains(later)).count();
            if (here > 0) {
              rows.add(
                  Stream.of(
                          month,
                          n,
                          members.size(),
                          here,
                          percent((double) here, (double) members.size()))
                      .map(String::valueOf)
                      .collect(Collectors.joining("|")));
            }
          }
        });
    return new Expected(List.of("month", "months", "instances", "still_here", "percent"), rows);
  }

  private static Expected completeness() {
    Instant latest = pings.getLast().received();
    LocalDate last = pings.getLast().day();
    java.time.LocalTime now = latest.atZone(ZoneOffset.UTC).toLocalTime();
    List<Ping> before =
        days().stream()
            .filter(p -> p.day().isBefore(last) && !p.day().isBefore(last.minusDays(28)))
            .toList();
    long came =
        before.stream()
            .filter(p -> !p.received().atZone(ZoneOffset.UTC).toLocalTime().isAfter(now))
            .count();
    return new Expected(
        List.of("day", "percent"),
        List.of(today + "|" + percent((double) came, (double) before.size())));
  }

  private static Expected fleetSize() {
    double limit = 1_000_000;
    List<String> rows = new ArrayList<>();
    active()
        .forEach(
            ping -> {
              Ping before = null;
              for (Ping other : byInstance.get(ping.id())) {
                before = other.day().isAfter(ping.day().minusDays(30)) ? before : other;
              }
              String trend = "null";
              String met = ping.loc() >= limit ? ping.day().toString() : "null";
              if (before != null) {
                double days = ChronoUnit.DAYS.between(before.day(), ping.day());
                double aDay = Math.round(10 * ((ping.loc() - before.loc()) / days)) / 10.0;
                // Halves are rounded away from zero, also below it.
                aDay =
                    ping.loc() < before.loc()
                        ? -Math.round(-10 * ((ping.loc() - before.loc()) / days)) / 10.0
                        : aDay;
                trend = String.valueOf(aDay);
                double left = (limit - ping.loc()) / aDay;
                if (met.equals("null") && aDay > 0 && left < 36_500) {
                  met = ping.day().plusDays((long) Math.ceil(left)).toString();
                }
              }
              rows.add(
                  Stream.of(ping.id(), ping.loc(), percent((double) ping.loc(), limit), trend, met)
                      .map(String::valueOf)
                      .collect(Collectors.joining("|")));
            });
    return new Expected(List.of("id", "loc", "percent_of_limit", "loc_a_day", "limit_met"), rows);
  }

  private static Expected fleetBehind() {
    Comparator<String> byNumbers =
        Comparator.<String>comparingInt(r -> Integer.parseInt(r.split("\\.", -1)[0]))
            .thenComparingInt(r -> Integer.parseInt(r.split("\\.", -1)[1]));
    List<String> newestFirst =
        pings.stream().map(Ping::release).distinct().sorted(byNumbers.reversed()).toList();
    return new Expected(
        List.of("id", "version", "releases_behind"),
        active()
            .filter(p -> newestFirst.indexOf(p.release()) > 0)
            .map(p -> p.id() + "|" + p.text("version") + "|" + newestFirst.indexOf(p.release()))
            .toList());
  }

  private static Expected fleetPlugins() {
    Map<String, List<List<String>>> byPlugin = new TreeMap<>();
    active()
        .forEach(
            ping ->
                ((List<?>) Objects.requireNonNull(ping.body().get("plugins")))
                    .stream()
                        .map(p -> (Map<?, ?>) p)
                        .forEach(
                            p ->
                                byPlugin
                                    .computeIfAbsent(
                                        String.valueOf(p.get("name")), n -> new ArrayList<>())
                                    .add(
                                        List.of(
                                            ping.id(),
                                            noAddress(String.valueOf(p.get("version")))))));
    List<String> rows = new ArrayList<>();
    byPlugin.forEach(
        (plugin, loaded) -> {
          String newest =
              loaded.stream()
                  .map(l -> l.get(1))
                  .max(FleetOracleTest::compareVersions)
                  .orElseThrow();
          loaded.stream()
              .filter(l -> compareVersions(l.get(1), newest) < 0)
              .forEach(l -> rows.add(String.join("|", l.get(0), plugin, l.get(1), newest)));
        });
    return new Expected(List.of("id", "plugin", "version", "newest"), rows);
  }

  private static int compareVersions(String a, String b) {
    return java.util.Arrays.compare(
        Stream.of(a.split("[^0-9]+", -1))
            .filter(n -> !n.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray(),
        Stream.of(b.split("[^0-9]+", -1))
            .filter(n -> !n.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray());
  }

  private static Expected fleetSilent() {
    return new Expected(
        List.of("id", "last_day", "days_silent"),
        byInstance.keySet().stream()
            .filter(id -> !optedOut(id) && silence(id) >= 3)
            .map(id -> id + "|" + last(id).day() + "|" + silence(id))
            .toList());
  }

  private static Expected fleetInactiveUsers() {
    List<String> rows = new ArrayList<>();
    active()
        .filter(ping -> ping.body().get("users") instanceof List<?> users && !users.isEmpty())
        .forEach(
            ping -> {
              List<String> last =
                  ((List<?>) Objects.requireNonNull(ping.body().get("users")))
                      .stream()
                          .map(user -> (Map<?, ?>) user)
                          .filter(user -> "active".equals(user.get("status")))
                          .map(user -> String.valueOf(user.get("lastActivity")))
                          .toList();
              long never = last.stream().filter("null"::equals).count();
              long inactive =
                  last.stream()
                      .filter(at -> !at.equals("null"))
                      .map(at -> LocalDate.parse(at.substring(0, 10)))
                      .filter(day -> ChronoUnit.DAYS.between(day, ping.day()) >= 90)
                      .count();
              if (!last.isEmpty()) {
                rows.add(ping.id() + "|" + last.size() + "|" + inactive + "|" + never);
              }
            });
    return new Expected(List.of("id", "accounts", "inactive_90_days", "never_active"), rows);
  }

  private static Expected instanceHistory() {
    return new Expected(
        List.of("id", "day", "version", "users", "projects", "loc"),
        days().stream()
            .map(
                p ->
                    Stream.of(p.id(), p.day(), p.text("version"), p.users(), p.projects(), p.loc())
                        .map(String::valueOf)
                        .collect(Collectors.joining("|")))
            .toList());
  }

  /** Four numbers that could be an address keep three. */
  private static String noAddress(String version) {
    String[] parts = version.split("\\.", -1);
    boolean address =
        parts.length == 4
            && Stream.of(parts)
                .allMatch(p -> p.matches("[0-9]{1,3}") && Integer.parseInt(p) <= 255);
    return address ? version.substring(0, version.lastIndexOf('.')) : version;
  }

  @TestFactory
  Stream<DynamicTest> reportsEqualTheRawLines() {
    return expected().entrySet().stream()
        .map(
            report ->
                DynamicTest.dynamicTest(
                    report.getKey(),
                    () -> {
                      Expected expected = report.getValue();
                      assertThat(expected.rows()).isNotEmpty();
                      assertThat(rows(report.getKey(), expected.columns()))
                          .containsExactlyElementsOf(expected.rows().stream().sorted().toList());
                    }));
  }

  private static List<String> rows(String name, List<String> columns) throws Exception {
    ReportResult result = store.run(product.dictionary().product(), Reports.named(product, name));
    List<Integer> indexes = columns.stream().map(result.columns()::indexOf).toList();
    assertThat(indexes).doesNotContain(-1);
    return result.rows().stream()
        .map(
            row ->
                indexes.stream()
                    .map(i -> String.valueOf(row.get(i)))
                    .collect(Collectors.joining("|")))
        .sorted()
        .toList();
  }

  @Test
  void theFleetHasLivedThroughEverything() {
    assertThat(byInstance.keySet().stream().map(FleetOracleTest::state).collect(Collectors.toSet()))
        .contains("active", "silent", "opted-out");
    assertThat(pings).hasSizeGreaterThan(2000);
  }

  /** A report that no oracle knows is a report that nobody checks. */
  @Test
  void everyReportHasAnOracle() {
    Set<String> known = new TreeSet<>(expected().keySet());
    known.addAll(OracleTest.reports());
    known.addAll(QUALITY);
    assertThat(known)
        .containsExactlyElementsOf(product.reports().stream().map(r -> r.name()).sorted().toList());
  }
}
