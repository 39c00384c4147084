package dev.candor.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** The receiver under full load, beside what else could keep pings, and beside its limits. */
final class ReceiverPart implements Part {
  private static final int CONNECTIONS = 64;
  private static final int BULK = 100;

  @Override
  public String name() {
    return "receiver";
  }

  @Override
  public String about() {
    return "candor serve at full load against the sum of its parts, PostgreSQL and Elasticsearch";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    results.note(
        "Receiver: "
            + CONNECTIONS
            + " kept connections from one thread on the same machine, bodies compressed by gzip and"
            + " in chunks as SonarQube sends them, each ping of an instance of its own. Candor and"
            + " PostgreSQL answer after fsync (PostgreSQL: synchronous_commit on, jsonb, the same"
            + " Jetty and HikariCP); Elasticsearch syncs its translog for each request, one shard,"
            + " no replica, dynamic mapping.");
    try (Postgres postgres = Postgres.start(setting)) {
      Optional<Elasticsearch> elastic = Elasticsearch.start(setting);
      try {
        new Size(setting, results, postgres, elastic, 2048).run();
        if (!setting.brief()) {
          new Size(setting, results, postgres, elastic, 8192).run();
        }
      } finally {
        elastic.ifPresent(Elasticsearch::close);
      }
    }
    curves(setting, results);
  }

  /** How the rate goes with the size of a ping, with connections and with cores. */
  private static void curves(Setting setting, Results results) throws Exception {
    Path data = setting.folder("data");
    List<Integer> sizes =
        setting.brief()
            ? List.of(2048, 64 << 10)
            : List.of(2048, 8192, 64 << 10, 500_000, 10 << 20);
    List<Integer> connections = setting.brief() ? List.of(1, 64) : List.of(1, 8, 64, 256);
    Requests small = Requests.pings("/sonarqube", 200, 2048);
    try (Service candor = Service.candor(setting, data, List.of(), "");
        Service nothing = Service.peer(setting, "discard");
        Arrivals arrivals = new Arrivals(data)) {
      List<Double> kilobytes = new ArrayList<>();
      List<Double> ours = new ArrayList<>();
      List<Double> http = new ArrayList<>();
      for (int size : sizes) {
        Requests requests =
            Requests.pings("/sonarqube", Math.clamp((16 << 20) / size, 2, 200), size);
        int most = size > 1 << 20 ? 8 : CONNECTIONS;
        kilobytes.add(requests.bytes() / 1000);
        http.add(rate(setting, nothing.port(), most, requests) * requests.bytes() / 1e6);
        ours.add(rate(setting, candor.port(), most, requests) * requests.bytes() / 1e6);
        arrivals.settle();
      }
      results.picture(
          new Picture("size", "Rate by size of ping", "size of a ping, KB", "MB/s of JSON")
              .logarithmic()
              .line("Candor, acknowledged", kilobytes, ours)
              .line("the same Jetty, bodies thrown away", kilobytes, http));
      List<Double> many = new ArrayList<>();
      List<Double> by = new ArrayList<>();
      List<Double> bare = new ArrayList<>();
      for (int count : connections) {
        many.add((double) count);
        bare.add(rate(setting, nothing.port(), count, small));
        by.add(rate(setting, candor.port(), count, small));
        arrivals.settle();
      }
      results.picture(
          new Picture("connections", "Rate by connections, 2 KB", "connections", "pings a second")
              .logarithmic()
              .line("Candor, acknowledged", many, by)
              .line("the same Jetty, bodies thrown away", many, bare));
    }
    List<List<String>> cores = new ArrayList<>();
    for (String some : List.of("0", "0-1")) {
      Path folder = setting.folder("data");
      try (Service candor = Service.candor(setting, folder, List.of(), some);
          Arrivals arrivals = new Arrivals(folder)) {
        rate(setting, candor.port(), CONNECTIONS, small);
        arrivals.settle();
        double rate = rate(setting, candor.port(), CONNECTIONS, small);
        cores.add(List.of(some.equals("0") ? "1" : "2", Spread.plain(rate)));
      }
    }
    results.table(
        "Receiver by cores, 2 KB, acknowledged; the load shares them",
        List.of("cores", "pings a second"),
        cores);
  }

  private static double rate(Setting setting, int port, int connections, Requests requests)
      throws Exception {
    try (Load load = new Load(port, connections, requests)) {
      return load.closed(Duration.ofMillis(setting.brief() ? 300 : 2000))
          .allAccepted("a curve")
          .rate();
    }
  }

  /** All measurements with pings of one size. */
  private static final class Size {
    private final Setting setting;
    private final Results results;
    private final Postgres postgres;
    private final Optional<Elasticsearch> elastic;
    private final int bytes;
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();
    private final Map<String, List<Double>> micros = new LinkedHashMap<>();
    private final Map<String, Long> refused = new LinkedHashMap<>();
    private double visible;

    Size(
        Setting setting,
        Results results,
        Postgres postgres,
        Optional<Elasticsearch> elastic,
        int bytes) {
      this.setting = setting;
      this.results = results;
      this.postgres = postgres;
      this.elastic = elastic;
      this.bytes = bytes;
    }

    void run() throws Exception {
      int distinct = setting.brief() ? 100 : 2000;
      Requests pings = Requests.pings("/sonarqube", distinct, bytes);
      Requests documents = Requests.pings("/pings/_doc?filter_path=result", distinct, bytes);
      Requests bulk = Requests.of("/pings/_bulk?filter_path=errors", bulk(bytes));
      postgres.pings();
      if (elastic.isPresent()) {
        elastic.get().pings();
      }
      Path data = setting.folder("data");
      try (Limits limits = new Limits(setting, bytes, CONNECTIONS);
          Service nothing = Service.peer(setting, "discard");
          Service few = Service.peer(setting, "postgres", postgres.url(), "8");
          Service many = Service.peer(setting, "postgres", postgres.url(), "64");
          Service candor = Service.candor(setting, data, List.of(), "");
          Arrivals arrivals = new Arrivals(data)) {
        List<Loaded> servers = new ArrayList<>();
        servers.add(new Loaded("HTTP alone", nothing.port(), pings, 1, nothing::cpu));
        servers.add(new Loaded("Candor", candor.port(), pings, 1, candor::cpu));
        servers.add(
            new Loaded("PostgreSQL, 8", few.port(), pings, 1, () -> few.cpu() + postgres.cpu()));
        servers.add(
            new Loaded("PostgreSQL, 64", many.port(), pings, 1, () -> many.cpu() + postgres.cpu()));
        elastic.ifPresent(
            e -> {
              servers.add(new Loaded("Elasticsearch", e.port(), documents, 1, e::cpu));
              servers.add(new Loaded("Elasticsearch, bulk", e.port(), bulk, BULK, e::cpu));
            });
        for (int round = setting.brief() ? 1 : 0; round <= setting.rounds(); round++) {
          for (Loaded server : servers) {
            measure(server, arrivals, round == 0);
          }
          parts(limits, round == 0);
          if (round == 0) {
            arrivals.forget();
          }
          setting.say(
              round == 0 ? "    warmed up" : "    round " + round + " of " + setting.rounds());
        }
        visible = arrivals.longest();
      }
      tell();
    }

    /** A server that is loaded. */
    private record Loaded(
        String name, int port, Requests requests, int pings, DoubleSupplier cpu) {}

    private void measure(Loaded server, Arrivals arrivals, boolean warming) throws Exception {
      boolean ours = server.name.equals("Candor");
      double before = server.cpu.getAsDouble();
      try (Load load = new Load(server.port, CONNECTIONS, server.requests)) {
        Load.Outcome outcome =
            load.closed(Duration.ofSeconds(setting.seconds() * (warming ? 4L : 1)));
        refused.merge(server.name, outcome.refused(), Long::sum);
        double settling = ours ? arrivals.settle() : 0;
        if (!warming) {
          keep(server.name, outcome.rate() * server.pings);
          double spent = server.cpu.getAsDouble() - before;
          micros
              .computeIfAbsent(server.name, _ -> new ArrayList<>())
              .add(spent * 1e6 / outcome.accepted() / server.pings);
          if (ours) {
            // The loader wakes once a second: so long it may be idle.
            double late = Math.max(0, settling - 1);
            keep("Candor, loaded", outcome.accepted() / (outcome.seconds() + late));
          }
        }
      }
    }

    private void parts(Limits limits, boolean warming) throws Exception {
      double seconds = setting.brief() ? 0.1 : 0.5;
      Map<String, Double> times = new LinkedHashMap<>();
      times.put("inflate", limits.inflate(seconds));
      times.put("tokens", limits.tokens(seconds));
      times.put("write", limits.write(seconds));
      times.put("read_json", limits.readJson());
      if (!warming) {
        times.forEach((name, time) -> keep(name, 1 / time));
      }
    }

    private void keep(String name, double rate) {
      rounds.computeIfAbsent(name, _ -> new ArrayList<>()).add(rate);
    }

    private Spread of(String name) {
      return new Spread(Objects.requireNonNull(rounds.get(name), name));
    }

    private void tell() {
      int cores = Runtime.getRuntime().availableProcessors();
      Spread http = of("HTTP alone");
      // Seconds of one core a ping: HTTP keeps all of them busy, each other part one.
      Spread sum =
          http.inverse()
              .times(cores)
              .plus(of("inflate").inverse())
              .plus(of("tokens").inverse())
              .plus(of("write").inverse())
              .plus(of("read_json").inverse());
      Spread allowed = sum.inverse().times(cores);
      String size = bytes / 1024 + " KB";
      List<List<String>> rows = new ArrayList<>();
      rounds
          .keySet()
          .forEach(name -> rows.add(List.of(label(name), of(name).toString(), cpu(name))));
      rows.add(List.of("what the sum of the parts allows", allowed.toString(), ""));
      results.table(
          "Receiver, pings of " + size,
          List.of("what", "pings a second", "CPU of its processes, µs a ping"),
          rows);
      refused.forEach(
          (name, count) -> {
            if (count > 0) {
              results.note(name + " refused " + count + " requests of " + size + ".");
            }
          });
      Spread ours = of("Candor, loaded");
      if (bytes == 8192) {
        results.rate(ours.median());
      }
      String what = "receiver, " + size + ", loading included";
      results.ratio(what, "the sum of its parts", ours.over(allowed), 0.8);
      results.ratio(what, "PostgreSQL jsonb, 8 connections", ours.over(of("PostgreSQL, 8")), 5);
      results.ratio(what, "PostgreSQL jsonb, 64 connections", ours.over(of("PostgreSQL, 64")), 5);
      if (elastic.isPresent()) {
        results.ratio(what, "Elasticsearch, single documents", ours.over(of("Elasticsearch")), 10);
      }
      results.bound(
          "receipt to visible at full load, " + size + ", the slowest", Spread.of(visible), "s", 2);
    }

    private String cpu(String name) {
      List<Double> spent = micros.get(name);
      return spent == null ? "" : new Spread(spent).toString();
    }

    private static String label(String name) {
      return switch (name) {
        case "HTTP alone" -> "the same Jetty, bodies thrown away";
        case "Candor" -> "**Candor**, acknowledged";
        case "Candor, loaded" -> "**Candor**, acknowledged and loaded";
        case "PostgreSQL, 8" -> "PostgreSQL 15 jsonb, 8 connections";
        case "PostgreSQL, 64" -> "PostgreSQL 15 jsonb, 64 connections";
        case "Elasticsearch" -> "Elasticsearch 7.17, single documents";
        case "Elasticsearch, bulk" -> "Elasticsearch 7.17, bulks of " + BULK;
        case "inflate" -> "part, one core: Inflater";
        case "tokens" -> "part, one core: Jackson's tokens";
        case "write" -> "part, one core: sequential write, fsync each " + CONNECTIONS;
        case "read_json" -> "part, one core: DuckDB's read_json, nothing kept";
        default -> name;
      };
    }

    private static List<byte[]> bulk(int bytes) {
      List<byte[]> bodies = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int k = 0; k < BULK; k++) {
          body.writeBytes("{\"index\":{}}\n".getBytes(StandardCharsets.UTF_8));
          body.writeBytes(Pings.ping(i * BULK + k, bytes));
          body.write('\n');
        }
        bodies.add(body.toByteArray());
      }
      return bodies;
    }
  }
}
