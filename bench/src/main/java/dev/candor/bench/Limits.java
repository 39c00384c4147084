package dev.candor.bench;

import dev.candor.cli.Products;
import dev.candor.store.ReportResult;
import dev.candor.store.Store;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What each step of a receiver costs at least, by itself and on one thread: seconds a ping. */
final class Limits implements AutoCloseable {
  private static final int DISTINCT = 500;

  /** As many pings share a sync as connections send them. */
  private final int batch;

  private final List<byte[]> pings = new ArrayList<>();
  private final List<byte[]> compressed = new ArrayList<>();
  private final JsonFactory json = new JsonFactory();
  private final Path folder;
  private final Path file;
  private final int lines;
  private final String columns;
  private final Connection database;
  private long blackHole;

  /**
   * @param bytes size of a ping
   */
  Limits(Setting setting, int bytes, int batch) throws Exception {
    this.batch = batch;
    this.folder = setting.folder("limits");
    int distinct = Math.max(4, Math.min(DISTINCT, (64 << 20) / bytes));
    for (int i = 0; i < distinct; i++) {
      pings.add(Pings.ping(i, bytes));
      compressed.add(Pings.gzip(pings.getLast()));
    }
    this.columns = columns(setting.folder("columns"));
    this.file = folder.resolve("pings.ndjson");
    this.lines = Math.max(4, (setting.brief() ? 4 << 20 : 32 << 20) / bytes);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < lines; i++) {
        out.write(pings.get(i % distinct));
        out.write('\n');
      }
    }
    this.database = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = database.createStatement()) {
      sql.execute("SET threads = 1");
    }
  }

  /** The columns that the store reads, in the words of {@code read_json}. */
  static String columns(Path data) throws IOException {
    try (Store store = Store.open(data, new Products().all(), Clock.systemUTC())) {
      ReportResult columns =
          store.ask(
              "sonarqube",
              "SELECT column_name, data_type FROM information_schema.columns"
                  + " WHERE table_schema = 'sonarqube' AND table_name = 'raw_ping'"
                  + " AND column_name <> '_row'");
      return columns.rows().stream()
          .map(
              row ->
                  '"'
                      + String.valueOf(row.get(0))
                      + "\": '"
                      + String.valueOf(row.get(1)).replace("'", "''")
                      + "'")
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }

  double inflate(double seconds) throws DataFormatException {
    byte[] out = new byte[pings.stream().mapToInt(ping -> ping.length).max().orElse(0)];
    return each(
        seconds,
        i -> {
          byte[] body = compressed.get(i % compressed.size());
          try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(body, 10, body.length - 18);
            blackHole += inflater.inflate(out);
          } catch (DataFormatException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  double tokens(double seconds) {
    return each(
        seconds,
        i -> {
          try (JsonParser parser =
              json.createParser(ObjectReadContext.empty(), pings.get(i % pings.size()))) {
            while (parser.nextToken() != null) {
              blackHole++;
            }
          }
        });
  }

  /** Writes batch after batch in sequence, each with a sync. */
  double write(double seconds) throws IOException {
    Path log = folder.resolve("log");
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return each(
              seconds,
              i -> {
                try {
                  for (int k = 0; k < batch; k++) {
                    ByteBuffer line = ByteBuffer.wrap(pings.get((i * batch + k) % pings.size()));
                    while (line.hasRemaining()) {
                      channel.write(line);
                    }
                  }
                  channel.force(false);
                  if (channel.position() > 256 << 20) {
                    channel.position(0);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          / batch;
    } finally {
      Files.delete(log);
    }
  }

  /** Reads all columns of the same lines with DuckDB and keeps nothing of it. */
  double readJson() throws Exception {
    try (Statement sql = database.createStatement()) {
      long start = System.nanoTime();
      sql.executeQuery(
              "SELECT count(COLUMNS(*)) FROM read_json('"
                  + file
                  + "', format = 'newline_delimited', columns = "
                  + columns
                  + ", maximum_object_size = 83886080)")
          .close();
      return (System.nanoTime() - start) / 1e9 / lines;
    }
  }

  /** One turn. */
  @FunctionalInterface
  private interface Turn {
    void take(int number);
  }

  private static double each(double seconds, Turn turn) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    int count = 0;
    while (System.nanoTime() < end) {
      turn.take(count++);
    }
    return (System.nanoTime() - start) / 1e9 / count;
  }

  /** So that nothing is left out as unused. */
  long seen() {
    return blackHole;
  }

  @Override
  public void close() throws Exception {
    database.close();
  }
}
