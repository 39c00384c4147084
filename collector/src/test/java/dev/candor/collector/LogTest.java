package dev.candor.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("dev.candor");
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  @TempDir Path data;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Level before = ROOT.getLevel();

  private final Handler capture =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          logged.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    capture.setLevel(Level.ALL);
    ROOT.setLevel(Level.ALL);
    OURS.setLevel(Level.ALL);
    JETTY.setLevel(Level.ALL);
    ROOT.addHandler(capture);
    System.setOut(new PrintStream(printed, true, UTF_8));
    System.setErr(new PrintStream(printed, true, UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setOut(out);
    System.setErr(err);
    ROOT.removeHandler(capture);
    ROOT.setLevel(before);
    OURS.setLevel(null);
    JETTY.setLevel(null);
  }

  @Test
  void namesNoSenderAndNoValueAtAnyLevel() throws Exception {
    String secret;
    ReceiverSettings settings = Bench.settings(data).withQuarantineDays(2);
    try (Bench bench = new Bench(settings, Bench.toy())) {
      String headers = "User-Agent: marker/1.0\r\nX-Forwarded-For: 203.0.113.77\r\n";
      for (String body :
          List.of(
              "{\"id\":\"toy-marker\",\"marker@x.org\":1,\"edition\":\"marker\"}",
              "{\"id\":\"toy-marker\"}",
              "{\"marker\":\"marker\"",
              "marker",
              "{\"id\":\"marker marker\"}")) {
        bench.send("POST", "/toy", headers, body.getBytes(US_ASCII));
        bench.failing = !bench.failing;
        bench.send("POST", "/toy?marker", headers, body.getBytes(US_ASCII));
        bench.send("POST", "/marker", headers, body.getBytes(US_ASCII));
      }
      bench.raw("marker\r\n\r\n".getBytes(US_ASCII));
      bench.raw(
          "POST /toy HTTP/1.1\r\nHost: marker\r\nContent-Length: x\r\n\r\n".getBytes(US_ASCII));
      bench.raw(("GET /" + "marker".repeat(9000) + " HTTP/1.1\r\n\r\n").getBytes(US_ASCII));
      bench.raw("POST /%zz/marker HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      bench.failing = false;
      String key = bench.keys.add("toy", "a-name", 0, "admin");
      secret = key.substring("key_".length());
      bench.post("/" + key + "/toy", "{\"id\":\"toy-0002\"}");
      bench.post("/" + key + "/toy", "marker");
      bench.post("/" + key.toUpperCase(java.util.Locale.ROOT) + "/toy", "marker");
      bench.post("/toy", "marker");
      bench.keys.end("a-name", Bench.NOW);
      bench.post("/" + key + "/toy", "marker");
      bench.raw(("POST /" + key + "/toy HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n").getBytes(US_ASCII));
      bench.keys.remove("a-name");
      assertThat(bench.get("/metrics").body()).doesNotContain(secret);
      bench.post("/toy", Bench.gzip("{\"id\":\"toy-0001\"}"));
      assertThat(bench.get("/metrics").body()).doesNotContain("marker");
    }

    assertThat(logged).anyMatch(line -> line.contains("toy ping: kept, "));
    assertThat(logged).anyMatch(line -> line.contains("toy ping: refused"));
    assertThat(logged).anyMatch(line -> line.contains("toy ping: forbidden"));
    List<String> all = new CopyOnWriteArrayList<>(logged);
    all.addAll(printed.toString(UTF_8).lines().toList());
    assertThat(all)
        .noneMatch(line -> line.contains("marker"))
        .noneMatch(line -> line.contains(secret))
        .noneMatch(line -> line.contains("203.0.113"))
        .filteredOn(line -> line.contains("127.0.0.1"))
        .allMatch(line -> line.contains("taking messages at"));
  }
}
