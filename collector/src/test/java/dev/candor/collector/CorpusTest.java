package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.sonarqube.SonarQube;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request that a real SonarQube sent, with its own headers and framing. */
class CorpusTest {
  private static final Path PINGS = Path.of("src/test/resources/pings");

  @TempDir Path data;
  private Bench bench;

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(PINGS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".http"))
          .map(name -> name.substring(0, name.length() - 5))
          .sorted()
          .toList();
    }
  }

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(Bench.settings(data).withRekey(false), SonarQube.dictionary());
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @ParameterizedTest
  @MethodSource("names")
  void takesWhatARealServerSent(String name) throws IOException {
    byte[] plain = Files.readAllBytes(PINGS.resolve(name + ".json"));
    String head = head(name);
    boolean chunked = head.contains("Transfer-Encoding: chunked");
    byte[] wire = chunked ? compressed(name, plain) : plain;

    assertThat(send(head, wire, chunked)).isEqualTo(202);
    if (chunked) {
      assertThat(send(head, plain, true)).isEqualTo(202);
    }

    String message = head.startsWith("DELETE") ? "opt-out" : "ping";
    Bench.Line line = bench.lines.getFirst();
    assertThat(line.message()).isEqualTo(name.contains("-metrics-") ? "metrics" : message);
    assertThat(bench.lines.stream().distinct()).hasSize(1);
    assertThat(line.json())
        .contains("\"_received\":\"2026-11-23T12:34:56.789Z\"")
        .contains("\"_agent\":\"SonarQube/")
        .contains(idOf(plain));
  }

  @ParameterizedTest
  @MethodSource("names")
  void tellsMetricsByTheirContentOnThePathOfThePing(String name) throws IOException {
    if (name.contains("-metrics-")) {
      byte[] plain = Files.readAllBytes(PINGS.resolve(name + ".json"));
      String head = head(name).replace("POST /sonarqube/metrics", "POST /sonarqube");
      assertThat(send(head, compressed(name, plain), true)).isEqualTo(202);
      assertThat(bench.lines.getFirst().message()).isEqualTo("metrics");
    }
  }

  private static String idOf(byte[] plain) {
    String json = new String(plain, StandardCharsets.UTF_8);
    String member = json.contains("\"installation_id\":\"") ? "installation_id" : "id";
    int start = json.indexOf("\"" + member + "\":\"");
    return json.substring(start, json.indexOf('"', start + member.length() + 4) + 1);
  }

  private static String head(String name) throws IOException {
    String head = Files.readString(PINGS.resolve(name + ".http")).strip();
    return head + "\r\n\r\n";
  }

  private static byte[] compressed(String name, byte[] plain) throws IOException {
    Path recorded = PINGS.resolve(name + ".json.gz");
    return Files.exists(recorded) ? Files.readAllBytes(recorded) : Bench.gzip(plain);
  }

  /** As the server sends it, but for the connection, which ends after the answer. */
  private int send(String head, byte[] body, boolean chunked) throws IOException {
    byte[] lines = head.replace("Keep-Alive", "close").getBytes(StandardCharsets.ISO_8859_1);
    byte[] framed = chunked ? Bench.chunked(body) : body;
    return Bench.reply(bench.raw(Bench.join(lines, framed))).status();
  }
}
