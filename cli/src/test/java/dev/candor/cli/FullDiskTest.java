package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.dashboard.DashboardSettings;
import dev.candor.store.Lifetime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A receiver whose disk is full; needs the right to mount a small one. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FullDiskTest {
  private static final String FULL = "No space left on device";

  @TempDir Path folder;
  private Path disk = Path.of("");
  private boolean mounted;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = ran("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString());
    assumeTrue(mounted, "no small disk can be mounted here: it takes root on Linux");
  }

  @AfterEach
  void unmount() throws Exception {
    client.close();
    if (mounted && !ran("umount", disk.toString())) {
      assertThat(ran("umount", "-l", disk.toString())).isTrue();
    }
  }

  private static boolean ran(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Path filler() {
    return disk.resolve("filler");
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] some = new byte[4096];
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(FULL);
    }
  }

  private Serve.Running serve() throws IOException {
    Path data = disk.resolve("data");
    return Serve.Running.start(
        ReceiverSettings.of(data).withAddress("127.0.0.1", 0),
        Lifetime.DEFAULT,
        Optional.of(DashboardSettings.of(data).withAddress("127.0.0.1", 0)),
        new Products(),
        Clock.systemUTC());
  }

  private HttpResponse<String> get(URI at, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(at);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int ping(Serve.Running running, String id) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(running.address().resolve("/sonarqube"))
                .header("Candor-Retry", "503")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"" + id + "\"}"))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private void untilReady(Serve.Running running) throws Exception {
    while (get(running.address().resolve("/health/ready")).statusCode() != 200) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void startsWithoutAnAdministratorTakesNothingAndGoesOnByItself() throws Exception {
    try (Serve.Running running = serve()) {
      assertThat(ping(running, "instance-one")).isEqualTo(202);
    }
    fill();
    StringWriter said = new StringWriter();
    try (Serve.Running running = serve();
        PrintWriter out = new PrintWriter(said)) {
      running.showDashboard(out);
      assertThat(said.toString()).contains("Nobody can sign in yet", FULL);
      assertThat(ping(running, "instance-two")).isEqualTo(503);
      HttpResponse<String> ready = get(running.address().resolve("/health/ready"));
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains(FULL);
      Files.delete(filler());
      while (!said.toString().contains("/welcome/")) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      while (ping(running, "instance-two") != 202) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      untilReady(running);
    }
  }

  @Test
  void readersAreAnsweredOrToldTheCause() throws Exception {
    try (Serve.Running running = serve()) {
      assertThat(ping(running, "instance-one")).isEqualTo(202);
      running.store().load();
      URI first = running.dashboard().orElseThrow().firstStart().orElseThrow();
      String password = Site.PASSWORD.replace(' ', '+');
      HttpResponse<String> in =
          client.send(
              HttpRequest.newBuilder(first)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "password=" + password + "&again=" + password))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      String cookie = in.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      fill();
      assertThat(ping(running, "instance-two")).isEqualTo(503);
      HttpResponse<String> ready = get(running.address().resolve("/health/ready"));
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains(FULL);
      assertThat(running.store().ask("sonarqube", "SELECT id FROM raw_ping").rows()).hasSize(1);
      // Until there is no room for a line of the audit log, pages are shown.
      HttpResponse<String> page = get(first.resolve("/p/sonarqube/overview"), "Cookie", cookie);
      for (int i = 0; i < 200 && page.statusCode() == 200; i++) {
        page = get(first.resolve("/p/sonarqube/overview"), "Cookie", cookie);
      }
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.body()).contains(FULL);
      HttpResponse<String> api =
          get(first.resolve("/api/v1/products/sonarqube/reports/states"), "Cookie", cookie);
      assertThat(api.statusCode()).isEqualTo(503);
      assertThat(api.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(api.body()).contains(FULL);
      Files.delete(filler());
      while (ping(running, "instance-two") != 202) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      untilReady(running);
      assertThat(get(first.resolve("/p/sonarqube/overview"), "Cookie", cookie).statusCode())
          .isEqualTo(200);
    }
  }
}
