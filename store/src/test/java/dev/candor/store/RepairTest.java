package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data directory whose database's files are damaged. */
class RepairTest {
  private static final Dictionary SONARQUBE = Products.SONARQUBE.dictionary();
  private static final Product PRODUCT = Product.of(SONARQUBE, List.of());

  @TempDir Path folder;

  private Store open(Path data) throws IOException {
    return Store.open(data, List.of(PRODUCT), Clock.systemUTC());
  }

  private static void receive(Store store, String id) throws IOException {
    store.append(
        SONARQUBE,
        SONARQUBE.message("ping"),
        ("{\"id\":\"" + id + "\",\"_received\":\"2026-11-28T10:00:00.000Z\"}")
            .getBytes(StandardCharsets.UTF_8));
    store.load();
  }

  /** What a kill leaves: changes in the log, and not in the file. */
  private Path killed() throws IOException {
    Path data = folder.resolve("data");
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Store store = open(data)) {
      receive(store, "instance-one");
      store.tidy();
      receive(store, "instance-two");
      receive(store, "instance-three");
      for (String name : List.of("store.duckdb", "store.duckdb.wal")) {
        Files.copy(data.resolve(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  private List<Object> ids(Path data) throws IOException {
    try (Store store = open(data)) {
      return store.ask("sonarqube", "SELECT id FROM raw_ping ORDER BY _row").rows().stream()
          .map(row -> (Object) String.valueOf(row.getFirst()))
          .toList();
    }
  }

  private static void spoil(Path file, long at, byte[] with) throws IOException {
    try (RandomAccessFile spoilt = new RandomAccessFile(file.toFile(), "rw")) {
      spoilt.seek(at);
      spoilt.write(with);
    }
  }

  private static List<String> setAside(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".damaged-"))
          .toList();
    }
  }

  @Test
  void zerosAfterAPowerCutLoseNothing() throws IOException {
    Path data = killed();
    Files.write(data.resolve("store.duckdb.wal"), new byte[4096], StandardOpenOption.APPEND);
    assertThatThrownBy(() -> open(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("candor repair --data " + data);
    Repair.Result result = Repair.run(data, Clock.systemUTC(), _ -> false);
    assertThat(result.mended()).isTrue();
    assertThat(result.loses()).isFalse();
    assertThat(setAside(data)).singleElement().asString().startsWith("store.duckdb.wal.damaged-");
    assertThat(ids(data)).containsExactly("instance-one", "instance-two", "instance-three");
    assertThat(Repair.run(data, Clock.systemUTC(), _ -> false).findings()).isEmpty();
  }

  @Test
  void aFlippedByteInTheLogLosesWhatComesAfterItAndOnlyIfOneMay() throws IOException {
    Path data = killed();
    Path log = data.resolve("store.duckdb.wal");
    byte[] before = Files.readAllBytes(log);
    int at = before.length - 40;
    spoil(log, at, new byte[] {(byte) ~before[at]});
    byte[] damaged = Files.readAllBytes(log);
    Repair.Result asked = Repair.run(data, Clock.systemUTC(), _ -> false);
    assertThat(asked.mended()).isFalse();
    assertThat(asked.findings()).singleElement().asString().contains("bytes cannot be read");
    assertThat(log).hasBinaryContent(damaged);
    assertThat(Repair.run(data, Clock.systemUTC(), _ -> true).mended()).isTrue();
    assertThat(data.resolve(setAside(data).getFirst())).hasBinaryContent(damaged);
    assertThat(ids(data)).startsWith("instance-one");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64})
  void aLogWhoseBeginningIsGarbageIsNotPassedOver(int bytes) throws IOException {
    Path data = killed();
    byte[] garbage = new byte[bytes];
    Arrays.fill(garbage, (byte) 0xAB);
    spoil(data.resolve("store.duckdb.wal"), 0, garbage);
    assertThatThrownBy(() -> open(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("candor repair --data " + data);
    Repair.Result result = Repair.run(data, Clock.systemUTC(), _ -> true);
    assertThat(result.mended()).isTrue();
    assertThat(result.loses()).isTrue();
    assertThat(result.findings()).first().asString().contains("bytes cannot be read");
    assertThat(ids(data)).containsExactly("instance-one");
  }

  @Test
  void ofADamagedFileWhatCanBeReadIsSaved() throws IOException {
    Path data = killed();
    Path file = data.resolve("store.duckdb");
    spoil(file, 0, new byte[8192 * 2]);
    assertThatThrownBy(() -> open(data)).hasMessageContaining("candor repair");
    assertThat(Repair.run(data, Clock.systemUTC(), _ -> true).findings())
        .anySatisfy(finding -> assertThat(finding).contains("store.duckdb is damaged"));
    assertThat(ids(data)).isEmpty();
    assertThat(setAside(data)).hasSize(2);
  }

  @Test
  void aBlockThatCannotBeReadCostsNoOtherTable() throws IOException {
    Path data = killed();
    ids(data); // puts the changes into the file
    Path file = data.resolve("store.duckdb");
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    // Some of the places may lie in blocks that are no longer used.
    for (int id = text.indexOf("instance-one");
        id >= 0;
        id = text.indexOf("instance-one", id + 1)) {
      spoil(file, id, new byte[] {'x'});
    }
    Repair.Result result = Repair.run(data, Clock.systemUTC(), _ -> true);
    assertThat(result.mended()).isTrue();
    try (Store store = open(data)) {
      receive(store, "instance-new");
      assertThat(store.trouble()).isEmpty();
    }
    assertThat(ids(data)).contains("instance-new");
  }
}
