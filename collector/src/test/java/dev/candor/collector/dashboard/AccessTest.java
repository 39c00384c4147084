package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.access.Role;
import dev.candor.collector.access.Sessions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  /** What strangers may ask for; whatever is not here needs somebody. */
  static final List<String> PUBLIC =
      List.of(
          "GET /api/v1/openapi.json",
          "GET /assets/{name}",
          "GET /health/live",
          "GET /sign-in",
          "GET /welcome/{secret}",
          "POST /sign-in",
          "POST /sign-out",
          "POST /welcome/{secret}");

  @TempDir Path data;
  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = new Running(data);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void onlyWhatIsMeantToBeIsPublic() {
    assertThat(
            running.dashboard.endpoints().stream()
                .filter(endpoint -> endpoint.role().isEmpty())
                .map(endpoint -> endpoint.method() + " " + endpoint.pattern())
                .sorted())
        .containsExactlyElementsOf(PUBLIC);
  }

  /**
   * The rules that each endpoint tells are held against these, lest a new one tells too mild a one.
   */
  @Test
  void nothingThatChangesOrNamesAnInstanceIsForViewers() {
    for (Endpoint endpoint : running.dashboard.endpoints()) {
      String path = endpoint.pattern();
      Role least =
          path.startsWith("/admin/") || path.endsWith("/audit") || path.contains("/ingest-keys")
              ? Role.ADMINISTRATOR
              : !endpoint.method().equals("GET")
                      || path.contains("/instances")
                      || path.endsWith("/query")
                  ? Role.ANALYST
                  : Role.VIEWER;
      if (endpoint.role().isPresent()) {
        assertThat(endpoint.role().get().covers(least))
            .as(
                "%s %s is for %s, and should be for %s",
                endpoint.method(), path, endpoint.role().get(), least)
            .isTrue();
      }
    }
  }

  /** Every endpoint of the router's own list with every role. */
  @Test
  void eachEndpointLetsInWhoMayComeAndNobodyElse() throws Exception {
    String cookie = running.administrator();
    Map<Role, String> tokens = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      tokens.put(role, running.token(cookie, role.word()));
    }
    TreeSet<String> wrong = new TreeSet<>();
    for (Endpoint endpoint : running.dashboard.endpoints()) {
      if (endpoint.role().isEmpty()) {
        continue;
      }
      Role needed = endpoint.role().get();
      int nobody = status(endpoint, "");
      int refused = endpoint.isApi() || !endpoint.method().equals("GET") ? 401 : 303;
      if (nobody != refused) {
        wrong.add("nobody " + endpoint.pattern() + " " + nobody);
      }
      for (Map.Entry<Role, String> token : tokens.entrySet()) {
        int status = status(endpoint, token.getValue());
        boolean may = token.getKey().covers(needed);
        if (may == (status == 403) || status == 401 || status >= 500) {
          wrong.add(
              token.getKey() + " " + endpoint.method() + " " + endpoint.pattern() + " " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(running.dashboard.endpoints()).hasSizeGreaterThan(20);
  }

  private int status(Endpoint endpoint, String token) throws Exception {
    String path =
        endpoint
            .pattern()
            .replace("{product}", "sonarqube")
            .replace("{page}", "overview")
            .replace("{report}", "editions")
            .replace("{id}", Running.id(1))
            .replace("{message}", "ping")
            .replace("{row}", "1")
            .replace("{erasure}", "1")
            .replace("{saved}", "nothing-of-that-name")
            .replace("{erasure}", "no-erasure-of-that-name")
            .replace("{name}", "nobody-of-that-name");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(running.at(path))
            .method(endpoint.method(), HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void theFirstLinkIsGoodOnce() throws Exception {
    String link = running.dashboard.firstStart().orElseThrow().getPath();
    Map<String, String> form = Map.of("password", Running.PASSWORD, "again", Running.PASSWORD);
    assertThat(running.post(link, Map.of("password", "short", "again", "short")).statusCode())
        .isEqualTo(400);
    HttpResponse<String> in = running.post(link, form);
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(in.headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(cookie -> assertThat(cookie).contains("; HttpOnly; SameSite=Lax"));
    assertThat(running.post(link, form).statusCode()).isEqualTo(404);
    assertThat(running.dashboard.firstStart()).isEmpty();
  }

  @Test
  void aSessionThatWasPlantedIsNotTakenUp() throws Exception {
    running.administrator();
    HttpResponse<String> in =
        running.post(
            "/sign-in",
            Map.of("name", "admin", "password", Running.PASSWORD),
            "Cookie",
            "candor=planted");
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(Running.cookie(in)).isNotEqualTo("candor=planted");
    assertThat(running.get("/admin/users", "Cookie", "candor=planted").statusCode()).isEqualTo(303);
  }

  @Test
  void aSessionEndsWhenItIsIdleAndWhenItIsEnded() throws Exception {
    String cookie = running.administrator();
    assertThat(running.get("/admin/users", "Cookie", cookie).statusCode()).isEqualTo(200);
    running.clock.pass(Sessions.IDLE.plusSeconds(1));
    assertThat(running.get("/admin/users", "Cookie", cookie).statusCode()).isEqualTo(303);

    HttpResponse<String> in =
        running.post("/sign-in", Map.of("name", "admin", "password", Running.PASSWORD));
    String again = Running.cookie(in);
    running.post("/sign-out", Map.of("csrf", running.csrf(again)), "Cookie", again);
    assertThat(running.get("/admin/users", "Cookie", again).statusCode()).isEqualTo(303);
  }

  @Test
  void headIsAnsweredWhereverGetIs() throws Exception {
    String cookie = running.administrator();
    for (Endpoint endpoint : running.dashboard.endpoints()) {
      if (endpoint.method().equals("GET") && !endpoint.pattern().contains("{")) {
        String path = endpoint.pattern();
        for (String[] who : new String[][] {{}, {"Cookie", cookie}}) {
          HttpResponse<String> get = running.get(path, who);
          HttpResponse<String> head = running.send("HEAD", path, "", who);
          assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
          assertThat(head.headers().firstValue("Location"))
              .as(path)
              .isEqualTo(get.headers().firstValue("Location"));
          assertThat(head.body()).as(path).isEmpty();
        }
      }
    }
    HttpResponse<String> wrong = running.send("PUT", "/admin/users", "", "Cookie", cookie);
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).contains("GET, HEAD, POST");
  }

  @Test
  void nothingChangesForAnotherSite() throws Exception {
    String cookie = running.administrator();
    String csrf = running.csrf(cookie);
    Map<String, String> form = Map.of("name", "eve", "role", "administrator");
    assertThat(running.post("/admin/users", form, "Cookie", cookie).statusCode()).isEqualTo(403);
    Map<String, String> whole = new LinkedHashMap<>(form);
    whole.put("csrf", csrf);
    for (List<String> header :
        List.of(
            List.of("Origin", "https://evil.example"),
            List.of("Sec-Fetch-Site", "cross-site"),
            List.of("Origin", "null"))) {
      assertThat(
              running
                  .post(
                      "/admin/users", whole, "Cookie", cookie, header.getFirst(), header.getLast())
                  .statusCode())
          .as(header.toString())
          .isEqualTo(403);
    }
    assertThat(running.get("/admin/users", "Cookie", cookie).body()).doesNotContain(">eve<");
    assertThat(running.post("/admin/users", whole, "Cookie", cookie).statusCode()).isEqualTo(200);
  }

  @Test
  void guessingIsSlowedDown() throws Exception {
    running.administrator();
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      statuses.add(
          running.post("/sign-in", Map.of("name", "admin", "password", "guess " + i)).statusCode());
    }
    assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 429);
    Map<String, String> right = Map.of("name", "admin", "password", Running.PASSWORD);
    assertThat(running.post("/sign-in", right).statusCode()).isEqualTo(429);
    running.clock.pass(Duration.ofSeconds(3));
    assertThat(running.post("/sign-in", right).statusCode()).isEqualTo(303);
  }

  @Test
  void aTokenEndsAndIsKeptAsAHashAlone() throws Exception {
    String token = running.token(running.administrator(), "analyst");
    assertThat(running.get("/api/v1/products", "Authorization", token).statusCode()).isEqualTo(200);
    assertThat(Files.readString(data.resolve("access/accounts.json")))
        .doesNotContain(token.substring("Bearer ".length()))
        .doesNotContain(Running.PASSWORD)
        .contains("$argon2id$", "\"lastUsed\" : \"2026-11-23\"");
    running.clock.pass(Duration.ofDays(31));
    assertThat(running.get("/api/v1/products", "Authorization", token).statusCode()).isEqualTo(401);
  }

  @Test
  void whoLookedIsNotedAndFromWhereIsNot() throws Exception {
    String token = running.token(running.administrator(), "viewer");
    running.get("/api/v1/products/sonarqube/reports/editions?format=csv", "Authorization", token);
    running.get("/admin/users", "Authorization", token);
    running.post("/sign-in", Map.of("name", "my secret, by mistake", "password", "x"));
    String log = Files.readString(data.resolve("access/audit.ndjson"));
    assertThat(log)
        .contains(
            "\"who\":\"token:viewer\",\"action\":\"view\",\"target\":\"/api/v1/products/sonarqube/reports/editions?format=csv\"",
            "\"action\":\"export\",\"target\":\"sonarqube/editions as csv\"",
            "\"action\":\"denied\",\"target\":\"GET /admin/users\"",
            "\"who\":\"nobody\",\"action\":\"sign-in refused\"")
        .doesNotContain("127.0.0.1")
        .doesNotContain("by mistake")
        .doesNotContain("welcome/");
  }

  @Test
  void theLastAdministratorStays() throws Exception {
    String cookie = running.administrator();
    assertThat(
            running
                .post(
                    "/admin/users/admin/remove",
                    Map.of("csrf", running.csrf(cookie)),
                    "Cookie",
                    cookie)
                .body())
        .contains("this is the last administrator");
  }

  @Test
  void headersLeaveNoWayInForScriptsAndFrames() throws Exception {
    HttpResponse<String> page = running.get("/sign-in");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe"));
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void pathsAndParametersLeadNowhereElse() throws Exception {
    String cookie = running.administrator();
    for (String path :
        List.of(
            "/assets/..%2f..%2fapp.css",
            "/assets/%2e%2e/app.css",
            "/assets/app.css/../../access/accounts.json",
            "/p/sonarqube/reports/..%2f..%2finstances")) {
      assertThat(running.get(path, "Cookie", cookie).statusCode()).as(path).isIn(400, 404);
    }
    String marked = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for (String path :
        List.of(
            "/p/sonarqube/instances?q=" + marked,
            "/p/sonarqube/query?sql=" + marked,
            "/p/sonarqube/overview?edition=" + marked)) {
      assertThat(running.get(path, "Cookie", cookie).body())
          .as(path)
          .doesNotContain("<script>alert");
    }
    HttpResponse<String> in =
        running.post(
            "/sign-in",
            Map.of("name", "admin", "password", Running.PASSWORD, "to", "//evil.example/"));
    assertThat(in.headers().firstValue("Location")).hasValue("/");
    HttpResponse<String> split =
        running.post(
            "/sign-in",
            Map.of("name", "admin", "password", Running.PASSWORD, "to", "/p\r\nX-Evil: 1"));
    assertThat(split.headers().firstValue("X-Evil")).isEmpty();
  }

  @Test
  void offLoopbackItNeedsTls() {
    assertThatThrownBy(() -> DashboardSettings.of(data).withAddress("0.0.0.0", 7701))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can be reached by others");
  }
}
