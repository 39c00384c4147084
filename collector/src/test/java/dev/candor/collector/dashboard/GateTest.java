package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Sessions;
import dev.candor.store.Faults;
import dev.candor.store.Product;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
  @TempDir Path folder;

  private final Faults faults = new Faults();

  @Test
  void anErrorOfTheMachineGetsAPageOrAProblemAndIsCounted() throws Exception {
    try (Running running = new Running(folder.resolve("data"));
        Broken broken = new Broken(List.of(running.product))) {
      HttpResponse<String> page = broken.get("/page");
      assertThat(page.statusCode()).isEqualTo(500);
      assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
      assertThat(page.body()).contains("Something went wrong").doesNotContain("a/Class");
      HttpResponse<String> thing = broken.get("/api/v1/thing");
      assertThat(thing.statusCode()).isEqualTo(500);
      assertThat(thing.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(thing.body()).contains("\"status\":500").doesNotContain("a/Class");
    }
    assertThat(faults.sum(Faults.At.DASHBOARD)).isEqualTo(2);
  }

  @Test
  void whereNotEvenThatPageCanBeMadeAProblemIsAnswered() throws Exception {
    try (Broken broken = new Broken(List.of())) {
      HttpResponse<String> page = broken.get("/page");
      assertThat(page.statusCode()).isEqualTo(500);
      assertThat(page.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
    assertThat(faults.sum(Faults.At.DASHBOARD)).isEqualTo(2);
  }

  /** Else a client would send its next request on a connection that is about to be closed. */
  @Test
  void whoIsRefusedBeforeTheBodyCameIsToldThatTheConnectionEnds() throws Exception {
    try (Running running = new Running(folder.resolve("data"));
        Socket socket =
            new Socket(
                running.dashboard.address().getHost(), running.dashboard.address().getPort())) {
      String head =
          "POST /api/v1/products/sonarqube/query HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      List<String> answer = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        answer.add(line);
      }
      assertThat(answer.getFirst()).contains(" 401 ");
      assertThat(answer).contains("Connection: close");
    }
  }

  /** A page and a call that always fail, behind the gate. */
  private final class Broken implements AutoCloseable {
    private final Server server = new Server(0);
    private final Audit audit;
    private final HttpClient client = HttpClient.newHttpClient();

    Broken(List<Product> products) throws Exception {
      Endpoint.Handler broken =
          _ -> {
            throw new NoClassDefFoundError("a/Class");
          };
      Clock clock = Clock.systemUTC();
      SecureRandom random = new SecureRandom();
      audit = new Audit(folder, clock);
      server.setHandler(
          new Gate(
              List.of(
                  Endpoint.open("GET", "/page", "A page", broken),
                  Endpoint.open("GET", "/api/v1/thing", "A thing", broken)),
              new Accounts(folder, clock, random),
              new Sessions(clock, random),
              audit,
              new Html(new Assets(), products),
              faults,
              false,
              new Origins(Optional.empty())));
      server.start();
    }

    HttpResponse<String> get(String path) throws Exception {
      return client.send(
          HttpRequest.newBuilder(server.getURI().resolve(path)).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
      client.close();
      server.stop();
      audit.close();
    }
  }
}
