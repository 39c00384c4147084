package dev.candor.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.Bench.Line;
import dev.candor.collector.Bench.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiverTest {
  private static final String STAMP =
      "\"timestamp\":\"2026-11-23T12:34:56.789Z\",\"type\":\"%s\","
          + "\"_received\":\"2026-11-23T12:34:56.789Z\"";

  @TempDir Path data;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(data);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void keepsAPingAndAnswersWithNothing() throws IOException {
    Reply reply = bench.post("/toy", "{\"id\":\"toy-0001\",\"users\":3}");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.head()).doesNotContain("Server:").doesNotContain("Date:");
    assertThat(bench.lines)
        .containsExactly(
            new Line(
                "toy",
                "ping",
                "{\"id\":\"toy-0001\",\"users\":3," + STAMP.formatted("ping") + "}"));
  }

  @Test
  void aCheckIsAnsweredAndNothingOfItIsKept() throws IOException {
    String check = "Content-Type: application/json\r\nCandor-Check: 1\r\n";
    byte[] body = "{\"id\":\"toy-0001\"}".getBytes(US_ASCII);

    Reply reply = bench.send("POST", "/toy", check, body);
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.head()).contains("Candor-Takes: toy\r\n");
    assertThat(bench.send("POST", "/toy/metrics", check, body).head())
        .contains("Candor-Takes: toy metrics\r\n");
    assertThat(bench.send("POST", "/toy/", check, body).status()).isEqualTo(404);
    assertThat(bench.send("PUT", "/toy", check, body).status()).isEqualTo(405);
    assertThat(bench.lines).isEmpty();
    assertThat(bench.get("/metrics").body()).doesNotContain("outcome=\"kept\"");
  }

  @Test
  void looksAtTheBytesAndNotAtTheContentEncoding() throws IOException {
    String ping = "{\"id\":\"toy-0001\"}";
    String json = "Content-Type: application/json; charset=utf-8\r\n";
    String gzip = json + "Content-Encoding: gzip\r\n";

    assertThat(bench.send("POST", "/toy", gzip, ping.getBytes(US_ASCII)).status()).isEqualTo(202);
    assertThat(bench.send("POST", "/toy", gzip, Bench.gzip(ping)).status()).isEqualTo(202);
    assertThat(bench.send("POST", "/toy", json, Bench.gzip(ping)).status()).isEqualTo(202);
    assertThat(bench.lines).hasSize(3);
    assertThat(bench.lines.stream().distinct()).hasSize(1);
  }

  @Test
  void takesChunkedBodies() throws IOException {
    byte[] head =
        "POST /toy HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(US_ASCII);
    byte[] body = Bench.chunked(Bench.gzip("{\"id\":\"toy-0001\"}"));

    assertThat(Bench.reply(bench.raw(Bench.join(head, body))).status()).isEqualTo(202);
    assertThat(bench.lines).hasSize(1);
  }

  @Test
  void keepsAnOptOutAndMetricsOnEitherPath() throws IOException {
    String json = "Content-Type: application/json\r\n";
    byte[] optOut = "{\"id\":\"toy-0001\"}".getBytes(US_ASCII);
    String metrics = "{\"installation_id\":\"toy-0001\",\"jobs\":4}";

    assertThat(bench.send("DELETE", "/toy", json, optOut).status()).isEqualTo(202);
    assertThat(bench.post("/toy/metrics", metrics).status()).isEqualTo(202);
    assertThat(bench.post("/toy", metrics).status()).isEqualTo(202);

    assertThat(bench.lines.stream().map(Line::message))
        .containsExactly("opt-out", "metrics", "metrics");
    assertThat(bench.lines.get(1).json())
        .isEqualTo(
            "{\"installation_id\":\"toy-0001\",\"jobs\":4," + STAMP.formatted("metrics") + "}")
        .isEqualTo(bench.lines.get(2).json());
  }

  @Test
  void keepsProductAndVersionOfTheAgentAndTheKeyAndNoOtherHeader() throws IOException {
    bench.send(
        "POST",
        "/toy",
        """
        User-Agent: SonarQube/9.7.0.61563 (secret host)
        Idempotency-Key: abcd-1234
        X-Forwarded-For: 203.0.113.77
        Cookie: marker=1
        """
            .replace("\n", "\r\n"),
        "{\"id\":\"toy-0001\"}".getBytes(US_ASCII));

    assertThat(bench.lines.getFirst().json())
        .endsWith(",\"_agent\":\"SonarQube/9.7.0.61563\",\"_key\":\"abcd-1234\"}")
        .doesNotContain("secret")
        .doesNotContain("203.")
        .doesNotContain("marker");
  }

  @Test
  void leavesOutWhatTheDictionaryDoesNotNameAndCountsItByPath() throws IOException {
    Reply reply =
        bench.post("/toy", "{\"id\":\"toy-0001\",\"mail\":\"marker@x.org\",\"users\":-5}");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(bench.lines.getFirst().json()).startsWith("{\"id\":\"toy-0001\",\"timestamp\"");
    assertThat(bench.get("/metrics").body())
        .contains("candor_requests_total{message=\"ping\",outcome=\"trimmed\",product=\"toy\"} 1.0")
        .contains("reason=\"undeclared\"")
        .contains("reason=\"grammar\"")
        .doesNotContain("marker");
  }

  @Test
  void replacesPseudonymsByDefaultAndKeepsThemWhereAsked() throws IOException {
    String ping = "{\"id\":\"toy-0001\",\"owner\":\"0123456789abcdef\"}";
    bench.post("/toy", ping);
    bench.post("/toy", ping);

    assertThat(bench.lines.get(0).json()).doesNotContain("0123456789abcdef");
    assertThat(bench.lines.get(0)).isEqualTo(bench.lines.get(1));
    assertThat(data.resolve("secret/rekey.key")).exists().hasSize(32);

    try (Bench plain =
        new Bench(Bench.settings(data.resolve("plain")).withRekey(false), Bench.toy())) {
      plain.post("/toy", ping);
      assertThat(plain.lines.getFirst().json()).contains("0123456789abcdef");
      assertThat(data.resolve("plain/secret")).doesNotExist();
    }
  }

  @Test
  void saysWhatIsWrongWithoutAnyValue() throws IOException {
    Reply reply = bench.post("/toy", "{\"id\":\"toy-0001\",\n \"edition\":\"mark");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.head()).contains("Content-Type: application/problem+json");
    assertThat(reply.body())
        .contains("\"status\":400")
        .contains("\"reason\":\"malformed\"")
        .contains("\"line\":2")
        .doesNotContain("mark");
    assertThat(bench.lines).isEmpty();
  }

  @Test
  void answersEachFaultWithItsStatus() throws IOException {
    String json = "Content-Type: application/json\r\n";
    byte[] ping = "{\"id\":\"toy-0001\"}".getBytes(US_ASCII);

    assertThat(bench.post("/toy", "{\"edition\":\"small\"}").status()).isEqualTo(422);
    assertThat(bench.post("/toy", "").status()).isEqualTo(400);
    assertThat(bench.post("/toy", "[1]").status()).isEqualTo(400);
    assertThat(bench.post("/toy", "\u0000\u0001garbage").status()).isEqualTo(400);
    assertThat(bench.post("/toy", "{\"id\":\"toy-0001\"} x").status()).isEqualTo(400);
    assertThat(bench.send("POST", "/toy", "Content-Type: text/xml\r\n", ping).status())
        .isEqualTo(415);
    assertThat(bench.post("/other", "{}").status()).isEqualTo(404);
    assertThat(bench.get("/").status()).isEqualTo(404);
    Reply put = bench.send("PUT", "/toy", json, ping);
    assertThat(put.status()).isEqualTo(405);
    assertThat(put.head()).contains("Allow: DELETE, POST");
    assertThat(bench.get("/toy").status()).isEqualTo(405);
    assertThat(bench.post("/health/live", "{}").status()).isEqualTo(405);
    assertThat(bench.lines).isEmpty();
  }

  @Test
  void tellsThatItLivesAndIsReady() throws IOException {
    assertThat(bench.get("/health/live").status()).isEqualTo(200);
    assertThat(bench.get("/health/ready").status()).isEqualTo(200);
    assertThat(bench.receiver.address().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void answersHeadWhereverItAnswersGet() throws IOException {
    for (String path : new String[] {"/health/live", "/health/ready", "/metrics"}) {
      Reply head = bench.send("HEAD", path, "", new byte[0]);
      assertThat(head.status()).as(path).isEqualTo(200);
      assertThat(head.body()).as(path).isEmpty();
      assertThat(head.head()).as(path).containsPattern("Content-Length: [1-9]");
    }
    Reply wrong = bench.send("HEAD", "/toy", "", new byte[0]);
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.body()).isEmpty();
    assertThat(bench.post("/health/live", "{}").head()).contains("Allow: GET, HEAD");
  }

  private String strangers(int from) {
    StringBuilder ping = new StringBuilder("{\"id\":\"toy-0001\"");
    for (int j = 0; j < 90; j++) {
      ping.append(",\"m").append((char) ('a' + from)).append((char) ('a' + j % 26));
      ping.append((char) ('a' + j / 26)).append("\":1");
    }
    return ping.append('}').toString();
  }

  @Test
  void countsTheDictionarysPathsHoweverManyOthersStrangersSend() throws IOException {
    for (int i = 0; i < 7; i++) {
      bench.post("/toy", strangers(i));
    }
    bench.post("/toy", "{\"id\":\"toy-0001\",\"users\":-5}");
    bench.post("/toy", "[]");

    String metrics = bench.get("/metrics").body();
    assertThat(metrics)
        .contains("path=\"/users\",product=\"toy\",reason=\"grammar\"} 1.0")
        .contains("path=\"\",product=\"toy\",reason=\"malformed\"} 1.0");
    assertThat(metrics.lines().filter(line -> line.startsWith("candor_findings_total{")))
        .hasSizeLessThanOrEqualTo(103)
        .anyMatch(line -> line.contains("path=\"other\""));
  }

  @Test
  void noWordOfASenderIsALabel() throws IOException {
    String word = "strangersword";
    bench.post("/" + word, "{}");
    bench.post("/toy/" + word, "{}");
    bench.post("/key_" + word + "/toy", "{}");
    bench.send("PUT", "/toy", "User-Agent: " + word + "/1\r\nX-" + word + ": 1\r\n", new byte[0]);
    bench.send(word.toUpperCase(java.util.Locale.ROOT), "/toy", "", new byte[0]);
    bench.send("POST", "/toy", "Content-Type: " + word + "/x\r\n", new byte[0]);
    bench.post("/toy", "{\"id\":\"toy-0001\",\"users\":\"" + word + "\"}");
    bench.post("/toy", "{\"id\":\"toy-0001\",\"" + word + " 1\":{\"" + word + "\":1}}");

    assertThat(bench.get("/metrics").body())
        .containsIgnoringCase("outcome=\"refused\"")
        .doesNotContainIgnoringCase(word);
  }
}
