package dev.candor.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over many kept connections of loopback, from one thread. Either each connection
 * sends its next request when the last is answered, or requests start at a fixed rate and wait for
 * a free connection, which counts as a part of their time.
 */
final class Load implements AutoCloseable {
  /**
   * What came of it.
   *
   * @param accepted answers of 2xx
   * @param refused other answers, and connections that ended before theirs
   * @param seconds how long it took
   * @param micros time from when a request should have started until its answer
   */
  record Outcome(long accepted, long refused, double seconds, Histogram micros) {
    double rate() {
      return accepted / seconds;
    }

    Outcome allAccepted(String what) {
      if (refused > 0 || accepted == 0) {
        throw new IllegalStateException(
            what + ": " + refused + " requests refused, " + accepted + " accepted");
      }
      return this;
    }
  }

  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final class Line {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer answer = ByteBuffer.allocate(64 << 10);
    private @Nullable ByteBuffer request;
    private long begun;

    Line() throws IOException {
      channel = SocketChannel.open(server);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(ByteBuffer next, long start) throws IOException {
      request = next;
      begun = start;
      write();
    }

    void write() throws IOException {
      ByteBuffer left = request;
      if (left != null) {
        channel.write(left);
        key.interestOps(
            left.hasRemaining()
                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                : SelectionKey.OP_READ);
      }
    }

    /** The status if the whole answer is there, 0 if not yet, -1 if the connection ended. */
    int read() throws IOException {
      if (channel.read(answer) < 0) {
        return -1;
      }
      int end = headEnd();
      if (end < 0 || answer.position() < end + length(end)) {
        return 0;
      }
      answer.clear();
      request = null;
      byte[] bytes = answer.array();
      return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    }

    /** Where the body begins, -1 if that is not there yet. */
    private int headEnd() {
      byte[] bytes = answer.array();
      for (int i = 3; i < answer.position(); i++) {
        if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    /** Bytes of the body. */
    private int length(int end) {
      byte[] bytes = answer.array();
      for (int line = 0; line < end; line++) {
        if (isLength(bytes, line)) {
          int length = 0;
          for (int i = line + LENGTH.length; bytes[i] != '\r'; i++) {
            length = bytes[i] == ' ' ? length : length * 10 + bytes[i] - '0';
          }
          return length;
        }
        while (bytes[line] != '\n') {
          line++;
        }
      }
      return 0;
    }

    private static boolean isLength(byte[] bytes, int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        if (Character.toLowerCase(bytes[at + i]) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private final InetSocketAddress server;
  private final Requests requests;
  private final Selector selector = Selector.open();
  private final List<Line> lines = new ArrayList<>();

  Load(int port, int connections, Requests requests) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.requests = requests;
    for (int i = 0; i < connections; i++) {
      lines.add(new Line());
    }
  }

  /** Each connection sends its next request when the last is answered. */
  Outcome closed(Duration time) throws IOException {
    return run(time, 0, Long.MAX_VALUE);
  }

  /** Each connection sends until so many requests were sent in all. */
  Outcome closed(long most) throws IOException {
    return run(Duration.ofMinutes(5), 0, most);
  }

  /** So many requests start each second, whether or not the earlier ones were answered. */
  Outcome open(Duration time, double rate) throws IOException {
    return run(time, rate, Long.MAX_VALUE);
  }

  private Outcome run(Duration time, double rate, long most) throws IOException {
    Histogram micros = new Histogram(3);
    long accepted = 0;
    long refused = 0;
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long sent = 0;
    int atWork = 0;
    Deque<Line> idle = new ArrayDeque<>(lines);
    while (true) {
      long now = System.nanoTime();
      boolean over = now >= end || sent >= most;
      while (!over && !idle.isEmpty() && sent < most) {
        long due = rate == 0 ? now : start + (long) (sent * 1e9 / rate);
        if (due > now) {
          break;
        }
        idle.remove().send(requests.next(), due);
        sent++;
        atWork++;
      }
      if (over && atWork == 0) {
        break;
      }
      long wait = rate == 0 || over || idle.isEmpty() ? 1000 : 1;
      selector.select(wait);
      for (SelectionKey key : selector.selectedKeys()) {
        Line line = (Line) key.attachment();
        if (key.isValid() && key.isWritable()) {
          line.write();
        }
        if (key.isValid() && key.isReadable()) {
          int status = status(line);
          if (status != 0) {
            boolean good = status / 100 == 2;
            accepted += good ? 1 : 0;
            refused += good ? 0 : 1;
            micros.recordValue((System.nanoTime() - line.begun) / 1000);
            atWork--;
            idle.add(status < 0 ? replaced(line) : line);
          }
        }
      }
      selector.selectedKeys().clear();
      if (System.nanoTime() > end + Duration.ofMinutes(1).toNanos()) {
        throw new IOException(atWork + " requests are without an answer after a minute");
      }
    }
    return new Outcome(accepted, refused, (System.nanoTime() - start) / 1e9, micros);
  }

  private static int status(Line line) {
    try {
      return line.read();
    } catch (IOException e) {
      return -1;
    }
  }

  private Line replaced(Line old) throws IOException {
    old.channel.close();
    Line line = new Line();
    lines.set(lines.indexOf(old), line);
    return line;
  }

  @Override
  public void close() throws IOException {
    for (Line line : lines) {
      line.channel.close();
    }
    selector.close();
  }
}
