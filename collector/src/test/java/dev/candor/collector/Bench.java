package dev.candor.collector;

import dev.candor.collector.access.IngestKeys;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.store.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

/** A receiver on a free port with a list for a store, and raw sockets to it. */
final class Bench implements AutoCloseable, Sink {
  static final Instant NOW = Instant.parse("2026-11-23T12:34:56.789Z");

  /** One kept message. */
  record Line(String product, String message, String json) {}

  /** An HTTP answer. */
  record Reply(int status, String head, String body) {}

  final List<Line> lines = new CopyOnWriteArrayList<>();
  final IngestKeys keys;
  final Receiver receiver;
  volatile boolean failing;

  Bench(Path data) throws IOException {
    this(settings(data), toy());
  }

  Bench(ReceiverSettings settings, Dictionary... products) throws IOException {
    this(settings, Clock.fixed(NOW, ZoneOffset.UTC), products);
  }

  Bench(ReceiverSettings settings, Clock clock, Dictionary... products) throws IOException {
    keys = new IngestKeys(settings.data().resolve("access"), clock, new SecureRandom());
    receiver = Receiver.start(settings, this, List.of(products), keys, new Faults(), clock);
  }

  static ReceiverSettings settings(Path data) {
    return ReceiverSettings.of(data).withAddress("127.0.0.1", 0);
  }

  static Dictionary toy() {
    try (var in = Bench.class.getResourceAsStream("toy.json")) {
      return Dictionary.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void append(Dictionary product, MessageType type, byte[] line) throws IOException {
    if (failing) {
      throw new IOException("no space left on device");
    }
    lines.add(new Line(product.product(), type.name(), new String(line, StandardCharsets.UTF_8)));
  }

  int port() {
    return receiver.address().getPort();
  }

  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /**
   * Sends bytes on a connection of their own and reads what comes until its end; "" for nothing.
   */
  String raw(byte[] request) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return drain(socket);
    }
  }

  static String drain(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[8192];
    try {
      for (int count = socket.getInputStream().read(some);
          count >= 0;
          count = socket.getInputStream().read(some)) {
        all.write(some, 0, count);
      }
    } catch (java.net.SocketException reset) {
      // As good as an end.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  Reply send(String method, String path, String headers, byte[] body) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    return reply(raw(join(head.getBytes(StandardCharsets.ISO_8859_1), body)));
  }

  Reply post(String path, byte[] body) throws IOException {
    return send("POST", path, "Content-Type: application/json\r\n", body);
  }

  Reply post(String path, String body) throws IOException {
    return post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  Reply get(String path) throws IOException {
    return reply(
        raw(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1)));
  }

  static Reply reply(String raw) {
    int end = raw.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Reply(0, raw, "");
    }
    return new Reply(
        Integer.parseInt(raw.substring(9, 12)), raw.substring(0, end), raw.substring(end + 4));
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  static byte[] gzip(String plain) throws IOException {
    return gzip(plain.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Chunked transfer coding, as real senders use it. */
  static byte[] chunked(byte[] body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; at += 1000) {
      int size = Math.min(1000, body.length - at);
      all.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      all.write(body, at, size);
      all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    all.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
