package dev.candor.bench;

import dev.candor.cli.fleet.FleetSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long the slowest senders wait while everything else goes on. */
final class TailPart implements Part {
  private static final int CONNECTIONS = 64;
  private static final int PING = 8192;

  /** For how many days a receiver keeps messages if nobody says otherwise. */
  private static final int RETENTION = 400;

  @Override
  public String name() {
    return "tail";
  }

  @Override
  public String about() {
    return "the slowest answers at half load, while pings are loaded and old ones let go";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    Requests requests = Requests.pings("/sonarqube", setting.brief() ? 100 : 2000, PING);
    Path data = setting.folder("data");
    old(setting, data);
    Duration warming = Duration.ofSeconds(setting.brief() ? 1 : 4);
    Duration time = Duration.ofSeconds(setting.brief() ? 2 : 8);
    List<Double> slowest = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    try (Service candor = Service.candor(setting, data, List.of(), "");
        Load load = new Load(candor.port(), CONNECTIONS, requests);
        Arrivals arrivals = new Arrivals(data)) {
      load.closed(warming);
      arrivals.settle();
      for (int round = 1; round <= setting.rounds(); round++) {
        Load.Outcome full = load.closed(warming.dividedBy(2)).allAccepted("full load");
        double settling = Math.max(0, arrivals.settle() - 1);
        double rate = full.accepted() / (full.seconds() + settling) / 2;
        boolean before = isRetained(data);
        Load.Outcome half = load.open(time, rate).allAccepted("half load");
        Histogram micros = half.micros();
        slowest.add(micros.getValueAtPercentile(99.9) / 1000.0);
        rows.add(
            List.of(
                Spread.plain(rate),
                millis(micros, 50),
                millis(micros, 99),
                millis(micros, 99.9),
                Spread.plain(micros.getMaxValue() / 1000.0),
                before ? "over before" : isRetained(data) ? "ended meanwhile" : "all the time"));
        arrivals.settle();
      }
    }
    results.table(
        "Answers at half load, 8 KB, ms from when a request was due",
        List.of("pings a second", "p50", "p99", "p99.9", "slowest", "old pings were let go"),
        rows);
    results.bound(
        "p99.9 at half load, 8 KB, loading and retention included", new Spread(slowest), "ms", 50);
  }

  /** A year of pings that are too old, which the receiver lets go of from its start, day by day. */
  private static void old(Setting setting, Path data) throws Exception {
    int days = setting.brief() ? 5 : 365;
    LocalDate end = LocalDate.now(ZoneOffset.UTC).minusDays(RETENTION + 1);
    Path folder = setting.folder("old");
    DiskPart.write(folder, new FleetSettings(setting.brief() ? 5 : 40, days, 1, end), days);
    DiskPart.run(
        setting, "import", "--data", data.toString(), folder.resolve("0.ndjson").toString());
  }

  /** Whether that is done: then it stands in the audit log. */
  private static boolean isRetained(Path data) throws IOException {
    Path audit = data.resolve("access").resolve("audit.ndjson");
    return Files.exists(audit) && Files.readString(audit).contains("\"retention\"");
  }

  private static String millis(Histogram micros, double percentile) {
    return Spread.plain(micros.getValueAtPercentile(percentile) / 1000.0);
  }
}
