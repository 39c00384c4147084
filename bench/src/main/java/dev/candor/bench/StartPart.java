package dev.candor.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long it takes until {@code candor serve} answers, beside a JVM with the same server alone.
 */
final class StartPart implements Part {
  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "start of candor serve until it is ready against a bare JVM with the same Jetty";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    Path data = setting.folder("data");
    List<Double> ours = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    int rounds = setting.brief() ? 1 : Math.max(5, setting.rounds());
    for (int round = 0; round <= rounds; round++) {
      int port = freePort();
      double candor =
          seconds(
              port,
              "/health/ready",
              List.of(
                  setting.home().resolve("candor").toString(),
                  "serve",
                  "--data",
                  data.toString(),
                  "--ingest",
                  "127.0.0.1:" + port,
                  "--dashboard",
                  "127.0.0.1:0"));
      int other = freePort();
      double peer =
          seconds(
              other,
              "/",
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  PeerServer.class.getName(),
                  "discard",
                  String.valueOf(other)));
      if (round > 0 || setting.brief()) {
        ours.add(candor);
        bare.add(peer);
      }
    }
    Spread candor = new Spread(ours);
    Spread peer = new Spread(bare);
    results.table(
        "Start until the first answer, s",
        List.of("what", "s"),
        List.of(
            List.of("a JVM with the same Jetty and no work", peer.toString()),
            List.of(
                "**candor serve**, a data directory that it has used before", candor.toString())));
    results.atMost("start of candor serve", "a bare JVM with Jetty", candor.over(peer), 2);
  }

  private static double seconds(int port, String path, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      while (!answers(port, path)) {
        if (!process.isAlive() || System.nanoTime() - start > 60e9) {
          throw new IOException("it did not start: " + command);
        }
        Thread.sleep(2);
      }
      return (System.nanoTime() - start) / 1e9;
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static boolean answers(int port, String path) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
      return line.startsWith("HTTP/1.1 2");
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
