package dev.candor.bench;

import java.util.List;
import org.openjdk.jmh.annotations.Mode;

/** Journal to store, on one core, beside DuckDB's own reading of the same file. */
final class LoaderPart implements Part {
  @Override
  public String name() {
    return "loader";
  }

  @Override
  public String about() {
    return "journal to store with all upkeep against DuckDB's read_json of the same file, one core";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    int bytes = setting.brief() ? 2 << 20 : 32 << 20;
    Jmh jmh = new Jmh(setting, LoaderBenchmark.class, Mode.SingleShotTime, bytes, true);
    Jmh.Scores times = jmh.run(List.of("readJson", "readJsonIntoTable", "load", "open"));
    double megabytes = bytes / 1e6;
    Spread loading = times.of("load").plus(times.of("open").times(-1));
    Spread read = times.of("readJson").inverse().times(megabytes);
    Spread kept = times.of("readJsonIntoTable").inverse().times(megabytes);
    Spread ours = loading.inverse().times(megabytes);
    results.table(
        "Loader, " + Spread.plain(megabytes) + " MB of 8 KB pings, one core, MB/s of JSON",
        List.of("what", "MB/s"),
        List.of(
            List.of("read_json, nothing kept", read.toString()),
            List.of("read_json into a table of a file, CHECKPOINT", kept.toString()),
            List.of("**Candor**, journal to store with upkeep, checkpoint", ours.toString())));
    results.ratio("loader, 8 KB", "read_json, nothing kept", ours.over(read), 0.9);
    results.ratio("loader, 8 KB", "read_json into a table", ours.over(kept), 0.9);
  }
}
