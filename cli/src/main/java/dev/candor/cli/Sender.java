package dev.candor.cli;

import dev.candor.cli.fleet.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;

/** Sends messages over HTTP as real servers do: opt-outs by DELETE, bodies said to be gzip. */
final class Sender implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final URI url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  Sender(URI url) {
    this.url = url;
  }

  /** Sends them all, several at once; {@code each} is called as each one is answered. */
  void send(List<Message> messages, Runnable each) {
    Semaphore room = new Semaphore(AT_ONCE);
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < messages.size(); i++) {
        Message message = messages.get(i);
        // Some servers have compression switched off: they still say gzip.
        boolean plain = i % 10 == 9;
        room.acquireUninterruptibly();
        senders.execute(
            () -> {
              try {
                count(answer(message, plain));
              } finally {
                room.release();
                each.run();
              }
            });
      }
    }
  }

  private String answer(Message message, boolean plain) {
    boolean optOut = message.type().equals("opt-out");
    byte[] body = optOut || plain ? message.bytes() : gzip(message.bytes());
    URI target = message.type().equals("metrics") ? URI.create(url + "/metrics") : url;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json; charset=utf-8")
            .header("User-Agent", message.agent())
            .method(optOut ? "DELETE" : "POST", BodyPublishers.ofByteArray(body));
    if (!optOut) {
      request.header("Content-Encoding", "gzip");
    }
    try {
      return String.valueOf(client.send(request.build(), BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      return "no answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "no answer";
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private synchronized void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /** Whether any message was not taken. */
  synchronized boolean failed() {
    return outcomes.keySet().stream().anyMatch(outcome -> !outcome.equals("202"));
  }

  /** How many got which answer. */
  synchronized String summary() {
    int all = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    return "sent " + all + " messages; answers: " + outcomes;
  }

  @Override
  public void close() {
    client.close();
  }
}
