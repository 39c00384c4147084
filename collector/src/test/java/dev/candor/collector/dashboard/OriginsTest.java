package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dashboard that browsers find by another name than the one that it is asked by. */
class OriginsTest {
  private static final String PUBLIC = "https://candor.example.com";
  private static final Map<String, String> WRONG = Map.of("name", "admin", "password", "x");

  @TempDir Path data;

  private static int signIn(Running running, String... headers) throws Exception {
    return running.post("/sign-in", WRONG, headers).statusCode();
  }

  private Running found(String at) throws IOException {
    return new Running(
        data,
        new Running.SettableClock(),
        how -> how.behindTlsProxy().withPublicUrl(URI.create(at)));
  }

  @Test
  void theRefusalSaysWhatDiffersAndHowToMendIt() throws Exception {
    try (Running running = new Running(data)) {
      HttpResponse<String> refused = running.post("/sign-in", WRONG, "Origin", PUBLIC);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains(
              "the page is from \"" + PUBLIC + "\"",
              "the host \"" + running.dashboard.address().getRawAuthority() + "\"",
              "--public-url",
              "proxy_set_header Host $http_host");
      assertThat(running.post("/sign-in", WRONG, "Origin", "https://<script>x").body())
          .doesNotContain("<script>x");
    }
  }

  @Test
  void whatAProxyCouldBeMadeToSayCountsForNothing() throws Exception {
    try (Running running = new Running(data)) {
      for (String header :
          List.of("X-Forwarded-Host", "X-Original-Host", "X-Host", "X-Forwarded-Server")) {
        assertThat(signIn(running, "Origin", PUBLIC, header, "candor.example.com"))
            .as(header)
            .isEqualTo(403);
      }
      assertThat(
              signIn(running, "Origin", PUBLIC, "Forwarded", "host=candor.example.com;proto=https"))
          .isEqualTo(403);
    }
  }

  @Test
  void theBrowsersOwnWordThatItIsTheSameSiteIsEnough() throws Exception {
    try (Running running = new Running(data)) {
      assertThat(signIn(running, "Origin", PUBLIC, "Sec-Fetch-Site", "same-origin")).isEqualTo(401);
      for (String other : List.of("cross-site", "same-site", "odd")) {
        assertThat(signIn(running, "Origin", PUBLIC, "Sec-Fetch-Site", other))
            .as(other)
            .isEqualTo(403);
      }
    }
  }

  @Test
  void aPublicAddressIsOurOwnAndStandsInLinks() throws Exception {
    try (Running running = found(PUBLIC + ":443/")) {
      assertThat(signIn(running, "Origin", PUBLIC)).isEqualTo(401);
      for (String other :
          List.of(
              "http://candor.example.com", PUBLIC + ":8443", PUBLIC + ".evil.example", "null")) {
        assertThat(signIn(running, "Origin", other)).as(other).isEqualTo(403);
      }
      assertThat(running.dashboard.firstStart().orElseThrow().toString())
          .startsWith(PUBLIC + ":443/welcome/");
      String cookie = running.administrator();
      String invited =
          running
              .post(
                  "/admin/users",
                  Map.of("name", "ann", "role", "viewer", "csrf", running.csrf(cookie)),
                  "Cookie",
                  cookie)
              .body();
      assertThat(invited).contains(PUBLIC + ":443/welcome/");
      String admin = running.token(cookie, "administrator");
      assertThat(
              running
                  .send(
                      "POST",
                      "/api/v1/users",
                      "{\"name\":\"bob\",\"role\":\"viewer\"}",
                      "Authorization",
                      admin)
                  .body())
          .contains("\"url\":\"" + PUBLIC + ":443/welcome/");
    }
  }

  @Test
  void whatIsNoPublicAddressIsRefusedAtTheStart() {
    DashboardSettings settings = DashboardSettings.of(data).behindTlsProxy();
    for (String odd :
        List.of("candor.example.com", "ftp://x", "https://u:p@x", "https://x/?a", "https:x")) {
      assertThatThrownBy(() -> settings.withPublicUrl(URI.create(odd)))
          .as(odd)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("--public-url: expected an http or https URL");
    }
    assertThatThrownBy(() -> settings.withPublicUrl(URI.create("https://x/candor")))
        .hasMessageContaining("--public-url: expected no path");
    assertThatThrownBy(() -> settings.withPublicUrl(URI.create("http://x")))
        .hasMessageContaining("write https");
    assertThatThrownBy(() -> DashboardSettings.of(data).withPublicUrl(URI.create("https://x")))
        .hasMessageContaining("a certificate and a key file");
    assertThat(settings.withPublicUrl(URI.create("https://candor_board:8443")).publicUrl())
        .contains(URI.create("https://candor_board:8443"));
  }

  @Test
  void formsWorkBehindTheNginxOfTheManualAndBehindABareOne() throws Exception {
    Path nginx =
        Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(data);
    assumeThat(nginx).as("an nginx to try").isNotEqualTo(data);
    try (Running plain = new Running(data)) {
      String handsOn = "proxy_set_header Host $http_host;";
      assertThat(Files.readString(manual())).contains(handsOn);
      assertThat(throughNginx(nginx, plain, handsOn)).isEqualTo(401);
      assertThat(throughNginx(nginx, plain, "")).isEqualTo(403);
    }
  }

  private static Path manual() {
    Path here = Path.of("docs/dashboard.md");
    return Files.exists(here) ? here : Path.of("../docs/dashboard.md");
  }

  /** What a form of a page that nginx shows is answered by it. */
  private int throughNginx(Path nginx, Running running, String lines) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path folder = Files.createTempDirectory(data, "nginx");
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid %1$s/pid;
        error_log %1$s/error.log;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$s;
            location / { proxy_pass %3$s; %4$s }
          }
        }
        """
            .formatted(folder, port, running.dashboard.address(), lines));
    Process process =
        new ProcessBuilder(
                nginx.toString(), "-p", folder.toString(), "-c", folder.resolve("nginx.conf") + "")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String own = "http://localhost:" + port;
      HttpRequest form =
          HttpRequest.newBuilder(URI.create(own + "/sign-in"))
              .header("Origin", own)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "name=admin&password=x", StandardCharsets.UTF_8))
              .build();
      for (int left = 200; ; left--) {
        try {
          return client.send(form, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (java.net.ConnectException e) {
          if (left == 0 || process.waitFor(50, TimeUnit.MILLISECONDS)) {
            throw e;
          }
        }
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
  }
}
