package dev.candor.bench;

import dev.candor.store.JournalBenchmark;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;

/** The journal beside a plain file that is synced as often. */
final class JournalPart implements Part {
  @Override
  public String name() {
    return "journal";
  }

  @Override
  public String about() {
    return "the journal under 64 writers against sequential writes with an fsync for each 64";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    for (int size : setting.brief() ? List.of(2048) : List.of(2048, 8192)) {
      Jmh.Scores lines =
          new Jmh(setting, JournalBenchmark.class, Mode.Throughput, size, false)
              .run(List.of("file", "journal"));
      String label = size / 1024 + " KB";
      results.table(
          "Journal, lines of " + label + " a second, each acknowledged after fsync",
          List.of("what", "lines a second"),
          List.of(
              List.of("sequential write, fsync for each 64", lines.of("file").toString()),
              List.of("**Candor**'s journal, 64 writers", lines.of("journal").toString())));
      results.ratio(
          "journal, " + label,
          "write and fsync in sequence",
          lines.of("journal").over(lines.of("file")),
          0.8);
    }
  }
}
