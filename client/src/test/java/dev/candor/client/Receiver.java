package dev.candor.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A real server that notes what it is sent and answers as it is told. */
final class Receiver implements AutoCloseable {
  /** One request: its body inflated, if it was compressed. */
  record Seen(
      String method,
      String path,
      String key,
      String encoding,
      String agent,
      String body,
      String host,
      String login) {}

  /** One answer: a status, a header, a body. Status 0 breaks the connection. */
  record Reply(int status, String header, String value, String body) {}

  private final HttpServer server;
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

  Receiver() throws IOException {
    this(0);
  }

  /** At that port. */
  Receiver(int port) throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
  }

  Receiver(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String encoding = header(exchange, "Content-Encoding");
      byte[] body = exchange.getRequestBody().readAllBytes();
      try (InputStream in =
          encoding.equals("gzip")
              ? new GZIPInputStream(new ByteArrayInputStream(body))
              : new ByteArrayInputStream(body)) {
        seen.add(
            new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                header(exchange, "Idempotency-Key"),
                encoding,
                header(exchange, "User-Agent"),
                new String(in.readAllBytes(), StandardCharsets.UTF_8),
                header(exchange, "Host"),
                header(exchange, "Proxy-Authorization")));
      }
      Reply reply;
      synchronized (replies) {
        reply = replies.isEmpty() ? new Reply(202, "", "", "") : replies.poll();
      }
      if (reply.status() == 0) {
        return; // closed without an answer
      }
      if (!reply.header().isEmpty()) {
        exchange.getResponseHeaders().set(reply.header(), reply.value());
      }
      byte[] text = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), text.length == 0 ? -1 : text.length);
      if (text.length > 0) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /** Answers so next; afterwards 202 again. */
  Receiver reply(int status) {
    return reply(status, "", "", "");
  }

  Receiver reply(int status, String header, String value, String body) {
    synchronized (replies) {
      replies.add(new Reply(status, header, value, body));
    }
    return this;
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/kettle");
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
