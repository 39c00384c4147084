package dev.candor.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileTest {
  private static final String PING = "{\"id\":\"toy-0001\"}";

  @TempDir Path data;
  private Bench bench;

  static Bounds tight() {
    return new Bounds(
        100_000,
        new Limits(4 << 20, 32, 100),
        200,
        4096,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        4,
        32 << 20,
        Duration.ofSeconds(5));
  }

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(Bench.settings(data).withBounds(tight()), Bench.toy());
  }

  @AfterEach
  void stop() throws IOException {
    // What a client broke off may still be at its end when the next one is answered.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String metrics = bench.get("/metrics").body();
    while (!quiet(metrics) && System.nanoTime() < deadline) {
      metrics = bench.get("/metrics").body();
    }
    bench.close();
    assertThat(metrics).matches(HostileTest::quiet, "nothing held, nothing at work");
  }

  private static boolean quiet(String metrics) {
    return metrics.contains("candor_held_bytes 0.0")
        && metrics.contains("candor_requests_at_work 0.0");
  }

  @Test
  void refusesAGzipBombWithoutInflatingIt() throws IOException {
    byte[] bomb = Bench.gzip(new byte[60 << 20]);
    assertThat(bomb.length).isLessThan(100_000);

    Bench.Reply reply = bench.post("/toy", bomb);

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.body()).contains("200 times as large").contains("\"reason\":\"bound\"");
  }

  @Test
  void refusesWhatIsTooLargeHoweverItComes() throws IOException {
    byte[] large = new byte[(4 << 20) + 1];
    Arrays.fill(large, (byte) ' ');
    assertThat(bench.post("/toy", large).status()).isEqualTo(413);

    byte[] head =
        "POST /toy HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(US_ASCII);
    assertThat(Bench.reply(bench.raw(Bench.join(head, Bench.chunked(large)))).status())
        .isEqualTo(413);

    byte[] noise = new byte[200_000];
    new java.util.Random(1).nextBytes(noise);
    Bench.Reply compressed = bench.post("/toy", Bench.gzip(noise));
    assertThat(compressed.status()).isEqualTo(413);
    assertThat(compressed.body()).contains("at most 100000 bytes");
  }

  @Test
  void refusesDeepNesting() throws IOException {
    Bench.Reply reply =
        bench.post(
            "/toy", "{\"id\":\"toy-0001\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
    assertThat(reply.status()).isEqualTo(413);
  }

  @Test
  void refusesDamagedGzip() throws IOException {
    byte[] good = Bench.gzip(PING);
    byte[] checkSum = good.clone();
    checkSum[good.length - 6] ^= 1;

    for (int length = 2; length < good.length; length++) {
      Bench.Reply reply = bench.post("/toy", Arrays.copyOf(good, length));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("truncated");
    }
    assertThat(bench.post("/toy", checkSum).body()).contains("check sum");
    assertThat(bench.post("/toy", Bench.join(good, new byte[3])).body())
        .contains("expected nothing after the gzip stream");
    assertThat(bench.lines).isEmpty();
  }

  @Test
  void takesAGzipStreamOfSeveralMembers() throws IOException {
    byte[] two = Bench.join(Bench.gzip("{\"id\":"), Bench.gzip("\"toy-0001\"}"));
    assertThat(bench.post("/toy", two).status()).isEqualTo(202);
  }

  @Test
  void breaksOffABodyThatDrips() throws Exception {
    try (Socket socket = bench.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /toy HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{".getBytes(US_ASCII));
      assertThat(dripsFor(out)).isBetween(1000L, 8000L);
      assertThat(Bench.drain(socket)).isEmpty();
    }
    assertThat(bench.post("/toy", PING).status()).isEqualTo(202);
  }

  @Test
  void breaksOffHeadersThatDrip() throws Exception {
    try (Socket socket = bench.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write("POST /toy HTTP/1.1\r\nHost: a\r\nX: ".getBytes(US_ASCII));
      assertThat(dripsFor(out)).isBetween(1000L, 8000L);
    }
  }

  private static long dripsFor(OutputStream out) throws InterruptedException {
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < 10_000_000_000L) {
        out.write('a');
        out.flush();
        Thread.sleep(100);
      }
    } catch (IOException broken) {
      // As it should be.
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void forgetsABodyThatStopsHalfWay() throws Exception {
    try (Socket socket = bench.socket()) {
      socket
          .getOutputStream()
          .write(
              "POST /toy HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{".getBytes(US_ASCII));
      socket.shutdownOutput();
      Bench.drain(socket);
    }
    assertThat(bench.lines).isEmpty();
    assertThat(bench.post("/toy", PING).status()).isEqualTo(202);
  }

  @Test
  void answersMalformedHttpWithoutAWordOfIt() throws IOException {
    String[] requests = {
      "marker\r\n\r\n",
      "GET\u0000marker / HTTP/1.1\r\n\r\n",
      "POST /toy/%2e%2e/marker HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      "POST /toy HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST /toy HTTP/1.1\r\nHost: a\r\nContent-Length: marker\r\n\r\n",
      "POST /toy HTTP/1.1\r\nmarker: " + "x".repeat(9000) + "\r\n\r\n",
      "POST /toy HTTP/9.9\r\nHost: marker\r\n\r\n",
      "POST /toy HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nmarker\r\n",
    };
    for (String request : requests) {
      String reply = bench.raw(request.getBytes(US_ASCII));
      assertThat(reply)
          .doesNotContain("marker")
          .doesNotContainIgnoringCase("<html")
          .doesNotContain("etty");
      assertThat(Bench.reply(reply).status()).matches(status -> status == 0 || status >= 400);
    }
    assertThat(bench.lines).isEmpty();
  }

  @Test
  void keepsLivingWhenClientsHangUpAnywhere() throws Exception {
    byte[] whole =
        ("POST /toy HTTP/1.1\r\nHost: a\r\nContent-Length: " + PING.length() + "\r\n\r\n" + PING)
            .getBytes(US_ASCII);
    for (int length = 0; length < whole.length; length += 3) {
      try (Socket socket = bench.socket()) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(whole, 0, length);
      } catch (SocketException e) {
        // Never mind.
      }
    }
    assertThat(bench.post("/toy", PING).status()).isEqualTo(202);
    assertThat(bench.lines).hasSize(1);
  }
}
