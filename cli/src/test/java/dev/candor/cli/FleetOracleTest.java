package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.JsonTree;
import dev.candor.store.Lifetime;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      Set.of("requests", "refusals", "findings", "set-aside", "clients", "lag", "uptime", "filled");

  private static List<Ping> received;
  private static List<Ping> pings;
  private static Map<String, List<Ping>> byInstance;
  private static Map<String, List<Instant>> optOuts;
  private static LocalDate today;
  private static Instant latestReceipt;

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
    Products products = new Products();
    // The opted-out are asked about as well, so what they sent must stay.
    Store.open(data, products.all(), new Lifetime(false, 0), Clock.systemUTC()).close();
    assertThat(Door.candor("import", "--data", data.toString(), file.toString()).exitCode())
        .isZero();
    read(Files.readAllLines(file));
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
    latestReceipt = Instant.MIN;
    for (String line : lines) {
      Map<?, ?> envelope =
          (Map<?, ?>) Objects.requireNonNull(JsonTree.read(line.getBytes(StandardCharsets.UTF_8)));
      Map<?, ?> body = (Map<?, ?>) Objects.requireNonNull(envelope.get("body"));
      Instant at = Instant.parse(envelope.get("received").toString());
      LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
      today = day.isAfter(today) ? day : today;
      latestReceipt = at.isAfter(latestReceipt) ? at : latestReceipt;
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
    all.put("alive-by-day", aliveByDay());
    all.put("alive-by-week", alive("week", FleetOracleTest::week, _ -> true));
    all.put("alive-by-month", alive("month", FleetOracleTest::month, _ -> true));
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
    all.put("lateness", lateness());
    all.put("fleet-size", fleetSize());
    all.put("fleet-behind", fleetBehind());
    all.put("fleet-plugins", fleetPlugins());
    all.put("fleet-silent", fleetSilent());
    all.put("fleet-inactive-users", fleetInactiveUsers());
    all.put("instance-history", instanceHistory());
    all.put("instance-users", instanceUsers());
    all.put("instance-events", instanceEvents());
    all.put("users-by-day", usersByDay());
    all.put("time-to-upgrade", timeToUpgrade());
    all.put("opt-outs", optOutsByMonth());
    all.put("today", pingsToday());
    all.put("headline", headline());
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

  private static LocalDate week(LocalDate day) {
    return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }

  private static LocalDate month(LocalDate day) {
    return day.withDayOfMonth(1);
  }

  /** In each span an instance counts with its latest ping there, if that is one of those asked. */
  private static Expected alive(
      String column, Function<LocalDate, LocalDate> span, Predicate<Ping> asked) {
    Map<LocalDate, Map<String, Ping>> alive = new TreeMap<>();
    for (Ping ping : pings) {
      alive.computeIfAbsent(span.apply(ping.day()), d -> new TreeMap<>()).put(ping.id(), ping);
    }
    List<String> rows = new ArrayList<>();
    alive.forEach(
        (start, latest) -> {
          List<String> ids = latest.values().stream().filter(asked).map(Ping::id).toList();
          long fresh =
              ids.stream()
                  .filter(id -> span.apply(byInstance.get(id).getFirst().day()).equals(start))
                  .count();
          if (!ids.isEmpty()) {
            rows.add(start + "|" + ids.size() + "|" + fresh);
          }
        });
    return new Expected(List.of(column, "instances", "new_instances"), rows);
  }

  private static Expected aliveByDay() {
    List<String> rows = new ArrayList<>();
    for (LocalDate d = pings.getFirst().day(); !d.isAfter(today); d = d.plusDays(1)) {
      LocalDate day = d;
      long active = inUse(day).count();
      List<List<Ping>> there =
          byInstance.values().stream()
              .filter(history -> history.stream().anyMatch(p -> p.day().equals(day)))
              .toList();
      long fresh = there.stream().filter(h -> h.getFirst().day().equals(day)).count();
      if (active > 0) {
        rows.add(day + "|" + there.size() + "|" + fresh + "|" + active);
      }
    }
    return new Expected(List.of("day", "instances", "new_instances", "active_instances"), rows);
  }

  /** The latest ping of each instance that pinged in the 8 days that end with this one. */
  private static Stream<Ping> inUse(LocalDate day) {
    return byInstance.values().stream().flatMap(h -> Stream.ofNullable(latest(h, day)));
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
                    + ofDay.stream().map(Ping::id).distinct().count()
                    + "|"
                    + ofDay.size()
                    + "|"
                    + ofDay.stream().filter(ping -> !pings.contains(ping)).count()));
    return new Expected(List.of("day", "instances", "pings", "repeats"), rows);
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
    List<String> rows = new ArrayList<>();
    for (LocalDate d = pings.getFirst().day(); !d.isAfter(today); d = d.plusDays(1)) {
      LocalDate day = d;
      Map<String, List<Ping>> byRelease = inUse(day).collect(Collectors.groupingBy(Ping::release));
      byRelease.forEach(
          (release, active) ->
              rows.add(
                  Stream.of(
                          day,
                          release,
                          active.size(),
                          active.stream().filter(p -> p.day().equals(day)).count())
                      .map(String::valueOf)
                      .collect(Collectors.joining("|"))));
    }
    return new Expected(List.of("day", "release", "active_instances", "instances"), rows);
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

  private static Expected lateness() {
    Map<String, Ping> before = new HashMap<>();
    Map<String, List<String>> gaps = new HashMap<>();
    for (Ping ping : days()) {
      Ping last = before.put(ping.id(), ping);
      if (!ping.day().isAfter(today.minusDays(28))) {
        continue;
      }
      double hours =
          last == null
              ? 1_000
              : Duration.between(last.received(), ping.received()).toMillis() / 3_600_000.0;
      gaps.computeIfAbsent(gap(hours), _ -> new ArrayList<>()).add(ping.id());
    }
    double all = gaps.values().stream().mapToInt(List::size).sum();
    List<String> rows = new ArrayList<>();
    gaps.forEach(
        (gap, ids) ->
            rows.add(
                gap
                    + "|"
                    + ids.stream().distinct().count()
                    + "|"
                    + ids.size()
                    + "|"
                    + percent(ids.size(), all)));
    return new Expected(List.of("gap", "instances", "pings", "percent"), rows);
  }

  private static String gap(double hours) {
    if (hours < 23) {
      return "less than 23 hours";
    }
    if (hours <= 25) {
      return "on time: 23 to 25 hours";
    }
    if (hours <= 48) {
      return "late: up to 2 days";
    }
    return hours <= 192 ? "late: 2 to 8 days" : "the first, or the first for 8 days";
  }

  private static Expected fleetSize() {
    double limit = 1_000_000;
    List<String> rows = new ArrayList<>();
    active()
        .forEach(
            ping -> {
              Ping before = null;
              for (Ping other : byInstance.get(ping.id())) {
                boolean far = !other.day().isAfter(ping.day().minusDays(30));
                before = far && !other.day().isBefore(ping.day().minusDays(37)) ? other : before;
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

  private static final Comparator<String> BY_NUMBERS =
      Comparator.<String>comparingInt(r -> Integer.parseInt(r.split("\\.", -1)[0]))
          .thenComparingInt(r -> Integer.parseInt(r.split("\\.", -1)[1]));

  private static final List<String> LONG_TERM =
      List.of("6.7", "7.9", "8.9", "9.9", "2025.1", "2025.4", "2026.1");

  private static Expected fleetBehind() {
    List<String> newestFirst =
        pings.stream().map(Ping::release).distinct().sorted(BY_NUMBERS.reversed()).toList();
    return new Expected(
        List.of("id", "version", "releases_behind", "newest_lts", "lts_behind"),
        active()
            .filter(p -> newestFirst.indexOf(p.release()) > 0)
            .map(
                p ->
                    Stream.of(
                            p.id(),
                            p.text("version"),
                            newestFirst.indexOf(p.release()),
                            p.release().matches("2[5-9]\\..*") ? null : LONG_TERM.getLast(),
                            p.release().matches("2[5-9]\\..*")
                                ? null
                                : LONG_TERM.stream()
                                    .filter(l -> BY_NUMBERS.compare(l, p.release()) > 0)
                                    .count())
                        .map(String::valueOf)
                        .collect(Collectors.joining("|")))
            .toList());
  }

  /** Steps from one day of an instance to its next. */
  private static Stream<List<Ping>> steps() {
    return days().stream().collect(Collectors.groupingBy(Ping::id)).values().stream()
        .flatMap(
            days ->
                IntStream.range(1, days.size())
                    .mapToObj(i -> List.of(days.get(i - 1), days.get(i))));
  }

  private static Expected timeToUpgrade() {
    Map<String, LocalDate> seen = new TreeMap<>();
    pings.forEach(p -> seen.merge(p.release(), p.day(), (a, b) -> a.isBefore(b) ? a : b));
    Map<String, List<Long>> moves = new TreeMap<>();
    steps()
        .filter(step -> BY_NUMBERS.compare(step.get(1).release(), step.get(0).release()) > 0)
        .forEach(
            step -> {
              String to = step.get(1).release();
              moves
                  .computeIfAbsent(to, r -> new ArrayList<>())
                  .add(ChronoUnit.DAYS.between(seen.get(to), step.get(1).day()));
            });
    List<String> rows = new ArrayList<>();
    moves.forEach(
        (release, days) -> {
          Collections.sort(days);
          Function<Double, Long> quantile =
              q -> days.get(Math.max(0, (int) Math.ceil(q * days.size()) - 1));
          rows.add(
              Stream.of(
                      release,
                      days.size(),
                      seen.get(release),
                      quantile.apply(0.25),
                      quantile.apply(0.5),
                      quantile.apply(0.75),
                      quantile.apply(0.9),
                      days.getLast())
                  .map(String::valueOf)
                  .collect(Collectors.joining("|")));
        });
    return new Expected(
        List.of("release", "instances", "first_day", "p25", "median", "p75", "p90", "last"), rows);
  }

  private static Expected optOutsByMonth() {
    Map<LocalDate, Set<String>> months = new TreeMap<>();
    optOuts.forEach(
        (id, times) ->
            times.forEach(
                at ->
                    months
                        .computeIfAbsent(
                            month(at.atZone(ZoneOffset.UTC).toLocalDate()), m -> new TreeSet<>())
                        .add(id)));
    return new Expected(
        List.of("month", "opted_out", "still_out"),
        months.entrySet().stream()
            .map(
                m ->
                    m.getKey()
                        + "|"
                        + m.getValue().size()
                        + "|"
                        + m.getValue().stream().filter(FleetOracleTest::optedOut).count())
            .toList());
  }

  private static Expected pingsToday() {
    LocalTime now = latestReceipt.atZone(ZoneOffset.UTC).toLocalTime();
    List<Long> soFar = new ArrayList<>();
    List<Long> whole = new ArrayList<>();
    for (int back = 7; back <= 28; back += 7) {
      LocalDate day = today.minusDays(back);
      List<Ping> came = days().stream().filter(p -> p.day().equals(day)).toList();
      if (!came.isEmpty()) {
        whole.add((long) came.size());
        soFar.add(
            came.stream()
                .filter(p -> !p.received().atZone(ZoneOffset.UTC).toLocalTime().isAfter(now))
                .count());
      }
    }
    Function<List<Long>, Long> median =
        n -> n.stream().sorted().toList().get((int) Math.ceil(n.size() / 2.0) - 1);
    return new Expected(
        List.of("day", "until", "instances", "usual_so_far", "usual_whole_day"),
        List.of(
            Stream.of(
                    today,
                    DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).format(now),
                    days().stream().filter(p -> p.day().equals(today)).count(),
                    median.apply(soFar),
                    median.apply(whole))
                .map(String::valueOf)
                .collect(Collectors.joining("|"))));
  }

  private static Expected headline() {
    String[] ofToday = pingsToday().rows().getFirst().split("\\|", -1);
    long fresh =
        byInstance.values().stream()
            .filter(history -> ChronoUnit.DAYS.between(history.getFirst().day(), today) < 7)
            .count();
    List<Long> active30 =
        active().map(ping -> users(ping, "lastActivity", 30)).filter(Objects::nonNull).toList();
    long optedOut =
        optOuts.keySet().stream().filter(id -> !byInstance.containsKey(id) || optedOut(id)).count();
    long silent = byInstance.keySet().stream().filter(id -> state(id).equals("silent")).count();
    return new Expected(
        List.of("figure", "meaning", "report", "instances", "value", "usual"),
        List.of(
            figure("Instances active|pinged within the last 8 days|states", active().count()),
            "Pings today|instances that pinged so far; usual by this time is the median of that"
                + " weekday|today|"
                + ofToday[2]
                + "|"
                + ofToday[2]
                + "|"
                + ofToday[3],
            figure("New this week|first ping within the last 7 days|alive-by-week", fresh),
            figure("Silent|no ping for 8 to 60 days, and no opt-out|states", silent),
            figure("Opted out|their last message was an opt-out|opt-outs", optedOut),
            "Lines of code|largest branch of each project of active instances|languages|"
                + active().count()
                + "|"
                + active().mapToLong(Ping::loc).sum()
                + "|null",
            "Active users|accounts active within 30 days, on active instances|users-activity|"
                + active30.size()
                + "|"
                + active30.stream().mapToLong(n -> n).sum()
                + "|null"));
  }

  private static String figure(String words, long count) {
    return words + "|" + count + "|" + count + "|null";
  }

  /** Accounts in use that were active, by this member, less than so many days before. */
  private static @Nullable Long users(Ping ping, String member, int within) {
    return ping.body().get("users") instanceof List<?> users
        ? (Long)
            users.stream()
                .map(u -> (Map<?, ?>) u)
                .filter(u -> "active".equals(u.get("status")))
                .filter(u -> u.get(member) != null)
                .map(u -> LocalDate.parse(u.get(member).toString().substring(0, 10)))
                .filter(day -> ChronoUnit.DAYS.between(day, ping.day()) < within)
                .count()
        : null;
  }

  private static List<@Nullable Long> activity(Ping ping) {
    List<@Nullable Long> numbers = new ArrayList<>();
    numbers.add(ping.users());
    // One day is the last whole one, and what there is since.
    numbers.add(users(ping, "lastActivity", 2));
    numbers.add(users(ping, "lastSonarlintActivity", 2));
    numbers.add(users(ping, "lastActivity", 30));
    numbers.add(users(ping, "lastSonarlintActivity", 30));
    return numbers;
  }

  private static final List<String> ACTIVITY =
      List.of("accounts", "active_users", "sonarlint_users", "active_30_days", "sonarlint_30_days");

  private static Expected usersByDay() {
    Map<LocalDate, List<Ping>> byDay =
        days().stream()
            .collect(Collectors.groupingBy(Ping::day, TreeMap::new, Collectors.toList()));
    List<String> rows = new ArrayList<>();
    byDay.forEach(
        (day, there) -> {
          StringBuilder row = new StringBuilder(day + "|" + there.size());
          for (int i = 0; i < ACTIVITY.size(); i++) {
            int column = i;
            row.append('|')
                .append(
                    there.stream()
                        .map(ping -> activity(ping).get(column))
                        .filter(Objects::nonNull)
                        .mapToLong(n -> n)
                        .sum());
          }
          rows.add(row.toString());
        });
    return new Expected(
        Stream.concat(Stream.of("day", "instances"), ACTIVITY.stream()).toList(), rows);
  }

  /** The ids of the forty largest. */
  private static Set<String> largest() {
    return byInstance.keySet().stream()
        .sorted(
            Comparator.<String>comparingLong(id -> last(id).loc())
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .limit(40)
        .collect(Collectors.toSet());
  }

  private static Expected instanceUsers() {
    Set<String> largest = largest();
    return new Expected(
        Stream.concat(Stream.of("id", "day"), ACTIVITY.stream()).toList(),
        days().stream()
            .filter(p -> largest.contains(p.id()))
            .map(
                p ->
                    p.id()
                        + "|"
                        + p.day()
                        + "|"
                        + activity(p).stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining("|")))
            .toList());
  }

  private static Expected instanceEvents() {
    Set<String> largest = largest();
    List<String> rows = new ArrayList<>();
    days().stream()
        .filter(p -> byInstance.get(p.id()).getFirst().day().equals(p.day()))
        .forEach(p -> rows.add(p.day() + "|" + p.id() + "|new|null|" + p.text("version")));
    steps()
        .forEach(
            step -> {
              Ping to = step.get(1);
              String versions = "|" + step.get(0).text("version") + "|" + to.text("version");
              if (ChronoUnit.DAYS.between(step.get(0).day(), to.day()) >= 8) {
                rows.add(to.day() + "|" + to.id() + "|returning" + versions);
              }
              if (compareVersions(to.text("version"), step.get(0).text("version")) > 0) {
                rows.add(to.day() + "|" + to.id() + "|upgraded" + versions);
              }
            });
    optOuts.forEach(
        (id, times) ->
            times.stream()
                .map(at -> at.atZone(ZoneOffset.UTC).toLocalDate())
                .distinct()
                .forEach(day -> rows.add(day + "|" + id + "|opted-out|null|null")));
    rows.removeIf(row -> !largest.contains(row.split("\\|", -1)[1]));
    return new Expected(List.of("day", "id", "event", "version_before", "version"), rows);
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
            .filter(p -> largest().contains(p.id()))
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
    return rows(name, columns, Scope.ALL);
  }

  private static List<String> rows(String name, List<String> columns, Scope scope)
      throws Exception {
    ReportResult result =
        store.run(product.dictionary().product(), Reports.named(product, name), scope);
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

  /** A filter picks instances by the facts that they had at the time. */
  @ParameterizedTest
  @ValueSource(strings = {"release", "edition"})
  void filteredFiguresEqualTheRawLines(String facet) throws Exception {
    Function<Ping, String> fact = facet.equals("release") ? Ping::release : p -> p.text("edition");
    LocalDate from = today.minusDays(70);
    for (String value : pings.stream().map(fact).distinct().toList()) {
      Map<String, Expected> all =
          Map.of(
              "alive-by-day", alive("day", day -> day, p -> fact.apply(p).equals(value)),
              "alive-by-week",
                  alive("week", FleetOracleTest::week, p -> fact.apply(p).equals(value)),
              "alive-by-month",
                  alive("month", FleetOracleTest::month, p -> fact.apply(p).equals(value)));
      for (Map.Entry<String, Expected> report : all.entrySet()) {
        List<String> columns = report.getValue().columns();
        Scope whole = new Scope(Optional.empty(), Optional.empty(), Map.of(facet, value), Map.of());
        assertThat(alive(rows(report.getKey(), columns, whole)))
            .as("%s of %s %s", report.getKey(), facet, value)
            .containsExactlyElementsOf(report.getValue().rows().stream().sorted().toList());
        Scope part = new Scope(Optional.of(from), Optional.of(today), whole.where(), Map.of());
        assertThat(alive(rows(report.getKey(), columns, part)))
            .as("%s of %s %s from %s", report.getKey(), facet, value, from)
            .containsExactlyElementsOf(
                report.getValue().rows().stream()
                    .filter(row -> row.compareTo(from.toString()) >= 0)
                    .sorted()
                    .toList());
      }
    }
  }

  /** What can be narrowed by days has no row outside of them; the rest is not changed by them. */
  @Test
  void aRangeOfDaysIsObeyedOrHasNoPart() throws Exception {
    LocalDate from = today.minusDays(100);
    LocalDate to = today.minusDays(40);
    Scope range = new Scope(Optional.of(from), Optional.of(to), Map.of(), Map.of());
    List<String> obeying = new ArrayList<>();
    for (Report report : product.reports()) {
      ReportResult part = store.run(product.name(), report, range);
      if (!store.applicable(product.name(), report, range).equals(range)) {
        assertThat(part.rows())
            .as(report.name())
            .isEqualTo(store.run(product.name(), report).rows());
        continue;
      }
      obeying.add(report.name());
      for (String column : List.of("day", "week", "month")) {
        int at = part.columns().indexOf(column);
        for (List<@Nullable Object> row :
            at < 0 ? List.<List<@Nullable Object>>of() : part.rows()) {
          assertThat((LocalDate) row.get(at)).as(report.name()).isBetween(from, to);
        }
      }
    }
    assertThat(obeying)
        .contains(
            "alive-by-day",
            "cohorts",
            "retention",
            "opt-outs",
            "versions-by-day",
            "instance-events")
        .doesNotContain("headline", "today", "states", "editions", "plugins", "fleet-size");
  }

  /** Of each cohort that began in the range the shares are those of the whole. */
  @Test
  void retentionOfARangeIsThatOfItsCohorts() throws Exception {
    LocalDate from = month(today).minusMonths(3);
    Scope range = new Scope(Optional.of(from), Optional.empty(), Map.of(), Map.of());
    List<String> columns = List.of("month", "months", "percent");
    assertThat(rows("retention", columns, range))
        .isNotEmpty()
        .isEqualTo(
            rows("retention", columns).stream()
                .filter(row -> row.compareTo(from.toString()) >= 0)
                .toList());
  }

  /** Rows of days on which some of them pinged. */
  private static List<String> alive(List<String> rows) {
    return rows.stream().filter(row -> !row.contains("|0|0")).toList();
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
