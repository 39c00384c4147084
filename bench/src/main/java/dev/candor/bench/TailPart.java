package dev.candor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long the slowest senders wait while everything else goes on. */
final class TailPart implements Part {
  private static final int CONNECTIONS = 64;
  private static final int PING = 8192;

  @Override
  public String name() {
    return "tail";
  }

  @Override
  public String about() {
    return "the slowest answers at half load, while pings are loaded and the store is checkpointed";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    Requests requests = Requests.pings("/sonarqube", setting.brief() ? 100 : 2000, PING);
    Path data = setting.folder("data");
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
        Load.Outcome half = load.open(time, rate).allAccepted("half load");
        Histogram micros = half.micros();
        slowest.add(micros.getValueAtPercentile(99.9) / 1000.0);
        rows.add(
            List.of(
                Spread.plain(rate),
                millis(micros, 50),
                millis(micros, 99),
                millis(micros, 99.9),
                Spread.plain(micros.getMaxValue() / 1000.0)));
        arrivals.settle();
      }
    }
    results.table(
        "Answers at half load, 8 KB, ms from when a request was due",
        List.of("pings a second", "p50", "p99", "p99.9", "slowest"),
        rows);
    results.bound("p99.9 at half load, 8 KB, loading included", new Spread(slowest), "ms", 50);
  }

  private static String millis(Histogram micros, double percentile) {
    return Spread.plain(micros.getValueAtPercentile(percentile) / 1000.0);
  }
}
