package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final Dictionary SONARQUBE = Products.SONARQUBE.dictionary();
  private static final MessageType PING = SONARQUBE.message("ping");
  private static final Report IDS =
      Report.parse(
          "ids",
          "-- title: Ids\n-- question: Which?\n-- chart: table\n"
              + "SELECT id, count(*) AS pings FROM raw_ping GROUP BY id ORDER BY id");

  @TempDir Path data;

  private Store open() throws IOException {
    return Store.open(data, List.of(Product.of(SONARQUBE, List.of(IDS))), Clock.systemUTC());
  }

  private static byte[] line(String id) {
    return ("{\"id\":\"" + id + "\",\"_received\":\"2026-11-23T10:00:00.000Z\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private Path segment(String name, String text) throws IOException {
    Path folder = Files.createDirectories(data.resolve("journal/sonarqube/ping"));
    return Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE_NEW);
  }

  @Test
  void everythingAcknowledgedIsThereOnceAfterReopening() throws Exception {
    int writers = 8;
    int each = 50;
    try (Store store = open();
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    store.append(SONARQUBE, PING, line("instance-" + writer + "-" + i));
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    try (Store store = open()) {
      ReportResult result = store.run("sonarqube", IDS);
      assertThat(result.columns()).containsExactly("id", "pings");
      assertThat(result.rows()).hasSize(writers * each).allMatch(row -> row.get(1).equals(1L));
    }
  }

  @Test
  void aTornEndIsDroppedAndWhatCameBeforeItIsLoaded() throws IOException {
    segment(
        "000000000007.ndjson",
        new String(line("instance-whole"), StandardCharsets.UTF_8) + "\n{\"id\":\"instance-to");
    try (Store store = open()) {
      assertThat(store.run("sonarqube", IDS).rows()).containsExactly(List.of("instance-whole", 1L));
    }
  }

  @Test
  void aSegmentThatWasLoadedJustBeforeACrashIsNotLoadedAgain() throws IOException {
    String text = new String(line("instance-once"), StandardCharsets.UTF_8) + "\n";
    segment("000000000003.ndjson", text);
    open().close();
    segment("000000000003.ndjson", text); // as if the crash came between commit and delete
    try (Store store = open()) {
      assertThat(store.run("sonarqube", IDS).rows()).containsExactly(List.of("instance-once", 1L));
      store.append(SONARQUBE, PING, line("instance-next"));
      store.load();
      assertThat(store.run("sonarqube", IDS).rows()).hasSize(2);
    }
    try (Stream<Path> left = Files.list(data.resolve("journal/sonarqube/ping"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aSecondProcessIsToldWhoHoldsTheDirectory() throws IOException {
    try (Store store = open()) {
      assertThat(store.load()).isZero();
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "is in use by another candor (process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void exportsWhatItAnswers() throws IOException {
    try (Store store = open()) {
      store.append(SONARQUBE, PING, line("instance-one"));
      store.load();
      Path csv = data.resolve("ids.csv");
      store.export("sonarqube", IDS, "csv", csv);
      assertThat(csv).hasContent("id,pings\ninstance-one,1\n");
    }
  }

  @Test
  void aReportWithoutAHeaderIsRefusedByName() {
    assertThatThrownBy(() -> Report.parse("x", "-- title: X\nSELECT 1"))
        .hasMessage("report x.sql: lacks the header line \"-- question: …\"");
  }
}
