package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.dictionary.Dictionary;
import dev.candor.store.RetentionRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineTest {
  private static final String TRIMMED = "{\"id\":\"toy-0001\",\"colour\":\"red\"}";
  private static final String REFUSED = "{\"id\":";

  @TempDir Path data;

  @Test
  void keepsNothingUnlessAskedTo() throws IOException {
    try (Bench bench = new Bench(data)) {
      bench.post("/toy", TRIMMED);
    }
    assertThat(data.resolve("quarantine")).doesNotExist();
  }

  @Test
  void keepsWholeBodiesOfWhatLostSomethingForItsUserAlone() throws IOException {
    fill();

    List<Path> files = Quarantine.files(data.resolve("quarantine"));
    assertThat(files).hasSize(2);
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(file.getParent()).isEqualTo(data.resolve("quarantine/toy/ping/2026-11-23"));
    }
    assertThat(Files.readString(files.get(0)))
        .isEqualTo("_received=2026-11-23T12:34:56.789Z _key=abcd-1234 \n" + TRIMMED);
    assertThat(Files.readString(files.get(1))).endsWith("\n" + REFUSED);
  }

  private void fill() throws IOException {
    try (Bench bench = new Bench(Bench.settings(data).withQuarantineDays(3), Bench.toy())) {
      bench.post("/toy", "{\"id\":\"toy-0001\"}");
      bench.send(
          "POST",
          "/toy",
          "Idempotency-Key: abcd-1234\r\n",
          Bench.gzip(TRIMMED.getBytes(StandardCharsets.UTF_8)));
      bench.post("/toy", REFUSED);
    }
  }

  @Test
  void aClockYearsAheadTakesNothingUntilSomebodyIsSure() throws IOException {
    fill();
    Path root = data.resolve("quarantine");
    Clock ahead =
        Clock.offset(Clock.fixed(Bench.NOW, java.time.ZoneOffset.UTC), Duration.ofDays(3650));
    Quarantine quarantine = new Quarantine(data, 3, 1 << 20, ahead);
    assertThatThrownBy(() -> quarantine.prune(false))
        .isInstanceOf(RetentionRefused.class)
        .hasMessageContaining("2 of 2 messages");
    assertThat(Quarantine.files(root)).hasSize(2);
    quarantine.prune(true);
    assertThat(Quarantine.files(root)).isEmpty();
  }

  @Test
  void forgetsAfterItsDays() throws IOException {
    fill();
    Clock clock = Clock.fixed(Bench.NOW, java.time.ZoneOffset.UTC);
    Path root = data.resolve("quarantine");

    new Quarantine(data, 3, 1 << 20, Clock.offset(clock, Duration.ofDays(2))).prune(false);
    assertThat(Quarantine.files(root)).hasSize(2);

    new Quarantine(data, 3, 1 << 20, Clock.offset(clock, Duration.ofDays(3))).prune(false);
    assertThat(Quarantine.files(root)).isEmpty();
    assertThat(root.resolve("toy/ping/2026-11-23")).doesNotExist();
  }

  @Test
  void takesNoMoreThanItsShareOfTheDisk() throws IOException {
    ReceiverSettings three = Bench.settings(data).withQuarantineDays(3);
    ReceiverSettings small =
        new ReceiverSettings(data, "127.0.0.1", 0, three.bounds(), 3, 200, true, Optional.empty());
    try (Bench bench = new Bench(small, Bench.toy())) {
      for (int i = 0; i < 10; i++) {
        assertThat(bench.post("/toy", TRIMMED).status()).isEqualTo(202);
      }
    }
    assertThat(Quarantine.files(data.resolve("quarantine"))).hasSize(2);
  }

  @Test
  void replaysWhatAMendedDictionaryKeepsWholeUnderItsFirstTime() throws IOException {
    fill();
    List<String> kept = new ArrayList<>();
    Sink sink = (_, _, line) -> kept.add(new String(line, StandardCharsets.UTF_8));

    Replay.Result same = Replay.run(data, List.of(Bench.toy()), Optional.empty(), sink);
    assertThat(same).isEqualTo(new Replay.Result(0, 2));
    assertThat(kept).isEmpty();

    Replay.Result mended = Replay.run(data, List.of(mended()), Optional.empty(), sink);
    assertThat(mended).isEqualTo(new Replay.Result(1, 1));
    assertThat(kept)
        .containsExactly(
            "{\"id\":\"toy-0001\",\"colour\":\"red\",\"timestamp\":\"2026-11-23T12:34:56.789Z\","
                + "\"type\":\"ping\",\"_received\":\"2026-11-23T12:34:56.789Z\","
                + "\"_key\":\"abcd-1234\"}");
    assertThat(Quarantine.files(data.resolve("quarantine"))).hasSize(1);
  }

  private static Dictionary mended() throws IOException {
    try (var in = Bench.class.getResourceAsStream("toy.json")) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Dictionary.parse(
          json.replace("\"small\", \"large\"", "\"red\", \"blue\"")
              .replace("\"edition\":", "\"colour\":")
              .replace("[\"small\"]", "[\"red\"]")
              .getBytes(StandardCharsets.UTF_8));
    }
  }
}
