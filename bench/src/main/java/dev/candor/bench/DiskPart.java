package dev.candor.bench;

import dev.candor.cli.Products;
import dev.candor.cli.fleet.Fleet;
import dev.candor.cli.fleet.FleetSettings;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How much of the disk the same instances take, day after day. */
final class DiskPart implements Part {
  private static final LocalDate END = LocalDate.of(2025, 6, 30);
  private static final List<Product> PRODUCTS = new Products().all();

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String about() {
    return "the messages as NDJSON against the store, 90 days of the same instances";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    int instances = setting.brief() ? 5 : 300;
    int days = setting.brief() ? 6 : 90;
    int step = setting.brief() ? 3 : 30;
    Path folder = setting.folder("fleet");
    double[] raw = write(folder, new FleetSettings(instances, days, 1, END), step);
    Path data = setting.folder("data");
    List<Double> at = new ArrayList<>();
    List<Double> lines = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < raw.length; i++) {
      run(setting, "import", "--data", data.toString(), folder.resolve(i + ".ndjson").toString());
      try (Store store = Store.open(data, PRODUCTS, Clock.systemUTC())) {
        store.rewrite(); // as each night after opt-outs
      }
      sum += raw[i];
      double size = size(data);
      at.add((double) (i + 1) * step);
      lines.add(sum / 1e6);
      kept.add(size / 1e6);
      rows.add(
          List.of(
              String.valueOf((i + 1) * step),
              Spread.plain(sum / 1e6),
              Spread.plain(size / 1e6),
              Spread.plain(sum / size)));
    }
    results.table(
        "Disk, " + instances + " simulated servers, MB",
        List.of("days", "NDJSON", "store", "times smaller"),
        rows);
    results.picture(
        new Picture("disk", "Disk, " + instances + " servers", "days", "MB")
            .line("messages as NDJSON", at, lines)
            .line("store", at, kept));
    results.disk(size(data) / instances / days);
    results.ratio(
        "disk, " + days + " days of the same instances: times smaller",
        "the messages as NDJSON",
        Spread.of(sum / size(data)),
        10);
  }

  /** Writes a fleet's messages, a file for each so many days; tells the bytes of their bodies. */
  static double[] write(Path folder, FleetSettings settings, int step) throws IOException {
    int files = settings.days() / step;
    double[] bytes = new double[files];
    List<BufferedWriter> out = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      out.add(Files.newBufferedWriter(folder.resolve(i + ".ndjson")));
    }
    new Fleet(settings)
        .tell(
            message -> {
              LocalDate day = message.received().atZone(ZoneOffset.UTC).toLocalDate();
              int i = (int) ((day.toEpochDay() - settings.start().toEpochDay()) / step);
              bytes[i] += message.body().getBytes(StandardCharsets.UTF_8).length + 1;
              try {
                out.get(i).append(message.envelope()).append('\n');
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    for (BufferedWriter one : out) {
      one.close();
    }
    return bytes;
  }

  /** Runs the command to its end. */
  static void run(Setting setting, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(setting.home().resolve("candor").toString()));
    command.addAll(List.of(words));
    Path log = setting.work().resolve("import.log");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(command + " failed:\n" + Files.readString(log));
    }
  }

  private static double size(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
