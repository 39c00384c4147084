package dev.candor.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.access.IngestKeys;
import dev.candor.dictionary.Dictionary;
import dev.candor.store.Faults;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnavailableTest {
  private static final byte[] PING = "{\"id\":\"toy-0001\"}".getBytes(US_ASCII);

  @TempDir Path data;

  @Test
  void breaksTheConnectionWhenItCannotKeepAMessage() throws Exception {
    try (Bench bench = new Bench(data);
        HttpClient client = HttpClient.newHttpClient()) {
      bench.failing = true;

      assertThat(bench.post("/toy", PING).status()).isZero();
      assertThat(bench.post("/toy", PING).head()).isEmpty();
      HttpRequest request =
          HttpRequest.newBuilder(bench.receiver.address().resolve("/toy"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(PING))
              .build();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
          .isInstanceOf(IOException.class);
      assertThat(bench.get("/health/ready").status()).isEqualTo(503);
      assertThat(bench.get("/health/live").status()).isEqualTo(200);
      assertThat(bench.get("/metrics").body()).contains("outcome=\"unavailable\"");

      bench.failing = false;
      assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
      assertThat(bench.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void answers503ToClientsThatAskForIt() throws Exception {
    try (Bench bench = new Bench(data)) {
      bench.failing = true;

      Bench.Reply reply = bench.send("POST", "/toy", "Candor-Retry: 503\r\n", PING);

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.head()).contains("Retry-After: 60").contains("application/problem+json");
      assertThat(reply.body()).contains("send it again later").doesNotContain("space");
    }
  }

  @Test
  void keepsAConnectionThatIsSilentBecauseItsBodyWaitsForMemory() throws Exception {
    Bounds tight = HostileTest.tight();
    Duration idle = Duration.ofMillis(300);
    Bounds bounds =
        new Bounds(
            tight.maxBody(),
            tight.limits(),
            tight.maxRatio(),
            tight.maxHeader(),
            idle,
            Duration.ofSeconds(30),
            tight.maxRequests(),
            3L * tight.limits().maxBytes(),
            tight.stopTime());
    byte[] large = new byte[tight.limits().maxBytes()];
    Arrays.fill(large, (byte) ' ');
    System.arraycopy(PING, 0, large, 0, PING.length);
    try (Bench bench = new Bench(Bench.settings(data).withBounds(bounds), Bench.toy());
        Socket first = bench.socket();
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      OutputStream out = first.getOutputStream();
      out.write(
          ("POST /toy HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                  + large.length
                  + "\r\n\r\n")
              .getBytes(US_ASCII));
      int sent = 10_000;
      out.write(large, 0, sent);
      while (!bench.get("/metrics").body().matches("(?s).*candor_held_bytes [1-9].*")) {
        Thread.onSpinWait();
      }
      Future<Bench.Reply> second = sender.submit(() -> bench.post("/toy", large));
      // The first is never silent for long, and holds the memory that the second waits for.
      long end = System.nanoTime() + 5 * idle.toNanos();
      while (System.nanoTime() < end) {
        out.write(large, sent++, 1);
        assertThat(second).isNotDone();
        LockSupport.parkNanos(idle.toNanos() / 20);
      }
      out.write(large, sent, large.length - sent);

      assertThat(Bench.reply(Bench.drain(first)).status()).isEqualTo(202);
      assertThat(second.get().status()).isEqualTo(202);
    }
  }

  @Test
  void breaksTheConnectionWhenTooManyAreAtWorkAndFinishesThem() throws Exception {
    CountDownLatch entered = new CountDownLatch(4);
    CountDownLatch go = new CountDownLatch(1);
    Sink slow =
        (product, type, line) -> {
          entered.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    List<Dictionary> products = List.of(Bench.toy());
    ReceiverSettings settings = Bench.settings(data).withBounds(HostileTest.tight());
    IngestKeys keys = new IngestKeys(data, Clock.systemUTC(), new SecureRandom());
    Receiver receiver =
        Receiver.start(settings, slow, products, keys, new Faults(), Clock.systemUTC());
    try (Socket a = send(receiver);
        Socket b = send(receiver);
        Socket c = send(receiver);
        Socket d = send(receiver)) {
      assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
      try (Socket fifth = send(receiver)) {
        assertThat(Bench.drain(fifth)).isEmpty();
      }

      Thread stop = Thread.startVirtualThread(receiver::close);
      while (receiver.notReady().isEmpty()) {
        Thread.sleep(5);
      }
      try (Socket late = send(receiver)) {
        assertThat(Bench.drain(late)).isEmpty();
      }
      go.countDown();
      for (Socket socket : List.of(a, b, c, d)) {
        assertThat(Bench.reply(Bench.drain(socket)).status()).isEqualTo(202);
      }
      stop.join();
    } finally {
      go.countDown();
      receiver.close();
    }
  }

  private static Socket send(Receiver receiver) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), receiver.address().getPort());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(
            Bench.join(
                ("POST /toy HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                        + PING.length
                        + "\r\n\r\n")
                    .getBytes(US_ASCII),
                PING));
    return socket;
  }
}
