package dev.candor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a receiver with a small heap takes at once. */
final class MemoryPart implements Part {
  private static final int CONNECTIONS = 64;
  private static final int LARGEST = 10 << 20;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "64 connections with a ping of 10 MB each, heap of 256 MB; memory by size of ping";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    List<Double> kilobytes = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    long refused = 0;
    List<Integer> sizes =
        setting.brief() ? List.of(2048, 1 << 20) : List.of(2048, 64 << 10, 500_000, LARGEST);
    for (int size : sizes) {
      int pings = size < 1 << 20 ? 20 * CONNECTIONS : CONNECTIONS;
      Requests requests = Requests.pings("/sonarqube", Math.min(pings, (64 << 20) / size), size);
      Load.Outcome outcome;
      double peak;
      Path data = setting.folder("data");
      try (Service candor = Service.candor(setting, data, List.of("-Xmx256m"), "");
          Load load = new Load(candor.port(), CONNECTIONS, requests)) {
        outcome = load.closed(pings);
        peak = peak(candor.pid());
      }
      refused += outcome.refused();
      kilobytes.add(requests.bytes() / 1000);
      resident.add(peak);
      rows.add(
          List.of(
              Spread.plain(requests.bytes() / 1000) + " KB",
              String.valueOf(outcome.accepted()),
              String.valueOf(outcome.refused()),
              Spread.plain(outcome.seconds()) + " s",
              Spread.plain(peak) + " MB"));
    }
    results.table(
        "Memory, 64 connections at once, -Xmx256m",
        List.of("size of a ping", "accepted", "refused", "took", "most resident memory"),
        rows);
    results.picture(
        new Picture("memory", "Most resident memory, -Xmx256m", "size of a ping, KB", "MB")
            .logarithmic()
            .line("64 connections", kilobytes, resident));
    results.bound(
        "refused of pings by 64 connections at once, heap of 256 MB",
        Spread.of(refused),
        "pings",
        0);
  }

  /** The most that a process had of the machine's memory, in MB. */
  private static double peak(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1000)
          .findFirst()
          .orElse(0);
    }
  }
}
