package dev.candor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.candor.client.Message;
import dev.candor.client.Telemetry;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KettleServerTest {
  @TempDir Path folder;

  @Test
  void sendsItsCupsAndNothingElse() throws Exception {
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/kettle",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          bodies.add(
              new String(
                  new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(),
                  StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    receiver.start();
    URI address = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/kettle");
    KettleServer kettle = new KettleServer();
    kettle.boil();
    kettle.boil();
    try (Telemetry telemetry =
        kettle.telemetry(address, folder.resolve("state")).environment(Map.of()).build()) {
      assertThat(telemetry.sendNow().orElseThrow().outcome()).isEqualTo(Message.Outcome.ACCEPTED);
      assertThat(bodies.take()).matches("\\{\"id\":\"[0-9a-f]{32}\",\"cups\":2}");
    } finally {
      receiver.stop(0);
    }
  }
}
