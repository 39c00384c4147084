package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A form that fails keeps what was typed; an erasure that takes its time says so. */
class FormsTest {
  @TempDir Path data;
  private Running running;
  private String cookie;

  @BeforeEach
  void start() throws Exception {
    running = new Running(data, new Running.SettableClock(), settings -> settings, Duration.ZERO);
    cookie = running.administrator();
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    Map<String, String> whole = new HashMap<>(form);
    whole.put("csrf", running.csrf(cookie));
    return running.post(path, whole, "Cookie", cookie);
  }

  private static void refused(HttpResponse<String> page, String error, String... kept) {
    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.body()).contains(kept);
    assertThat(page.body().replaceAll("\\s+", " "))
        .containsPattern("<input name=\"[a-zA-Z]+\"[^>]*> <strong class=\"error\"[^>]*>" + error);
  }

  @Test
  void administrationKeepsWhatWasTyped() throws Exception {
    refused(
        post("/admin/tokens", Map.of("name", "nightly", "role", "analyst", "days", "9999")),
        "expected 1 to 366",
        "name=\"name\" value=\"nightly\"",
        "name=\"days\" value=\"9999\"",
        "<option value=\"analyst\" selected>");
    refused(
        post("/admin/users", Map.of("name", "ann lee", "role", "administrator")),
        "expected 1 to 64 letters",
        "value=\"ann lee\"",
        "<option value=\"administrator\" selected>");
    refused(
        post("/admin/keys", Map.of("name", "fleet", "product", "sonarqube", "openDays", "400")),
        "expected 0 to 90 days without a key",
        "value=\"fleet\"",
        "name=\"openDays\" value=\"400\"");
    post("/admin/keys", Map.of("name", "fleet", "product", "sonarqube", "openDays", "0"));
    HttpResponse<String> end = post("/admin/keys/fleet/end", Map.of("key", "fleet", "day", "soon"));
    assertThat(end.statusCode()).isEqualTo(400);
    assertThat(end.body()).contains("name=\"day\" value=\"soon\"", "expected a day such as");
  }

  @Test
  void aReportToBeSavedKeepsWhatWasTyped() throws Exception {
    String sql = "SELECT id,\n  version FROM instance";
    Map<String, String> form =
        new HashMap<>(
            Map.of(
                "name",
                "Mine",
                "title",
                "My title",
                "question",
                "My question?",
                "chart",
                "table",
                "sql",
                sql));
    String[] kept = {
      "value=\"My title\"", "value=\"My question?\"", sql, "value=\"Mine\"", "name=\"sql\""
    };
    refused(post("/p/sonarqube/saved", form), "expected a lower-case letter", kept);
    form.put("name", "mine");
    form.put("chart", "bars x=nothing y=id");
    kept[3] = "value=\"bars x=nothing y=id\"";
    refused(post("/p/sonarqube/saved", form), "the answer has no column", kept);
    form.put("chart", "table");
    assertThat(post("/p/sonarqube/saved", form).statusCode()).isEqualTo(303);
    form.put("title", " ");
    form.put("question", "Another?");
    refused(
        post("/p/sonarqube/saved/mine", form),
        "expected one line of 1 to 200",
        "value=\"Another?\"",
        "<details open><summary>Change or remove it");
    form.put("title", "Mine");
    form.put("sql", "SELECT nothing FROM instance");
    HttpResponse<String> wrong = post("/p/sonarqube/saved/mine", form);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body())
        .contains("SELECT nothing FROM instance</textarea>", "line 1, column 8");
  }

  @Test
  void aSessionThatEndedMeanwhileLosesNoText() throws Exception {
    String csrf = running.csrf(cookie);
    Map<String, String> form =
        Map.of(
            "csrf",
            csrf,
            "name",
            "mine",
            "sql",
            "SELECT 1 -- an hour's work",
            "password",
            "hidden");
    running.clock.pass(Duration.ofHours(2));
    HttpResponse<String> ended = running.post("/p/sonarqube/saved", form, "Cookie", cookie);
    assertThat(ended.statusCode()).isEqualTo(401);
    assertThat(ended.body())
        .contains("This is what you typed", "SELECT 1 -- an hour's work", ">mine</textarea>")
        .doesNotContain(csrf, "hidden</textarea>");
  }

  @Test
  void anErasureTellsHowFarItIsAndThenItsReceipt() throws Exception {
    String page = "/p/sonarqube/instances/" + Running.id(3);
    refused(
        post(page + "/erase", Map.of("confirm", "typo")),
        "type the instance's id",
        "<details open><summary>Erase this instance",
        "value=\"typo\"");
    String path = erasing(post(page + "/erase", Map.of("confirm", Running.id(3))));
    HttpResponse<String> told = running.get(path, "Cookie", cookie);
    while (told.headers().firstValue("Refresh").isPresent()) {
      assertThat(told.statusCode()).isEqualTo(200);
      assertThat(told.body()).contains(Running.id(3), "looks again by itself");
      told = running.get(path, "Cookie", cookie);
    }
    assertThat(told.body()).contains(Running.id(3) + " was erased at", "2 messages in the store");
    assertThat(Files.readString(data.resolve("access/audit.ndjson")))
        .contains("\"action\":\"erase\",\"target\":\"sonarqube: erased at");

    String none = erasing(post("/p/sonarqube/instances/nobody/erase", Map.of("confirm", "nobody")));
    told = running.get(none, "Cookie", cookie);
    while (told.headers().firstValue("Refresh").isPresent()) {
      told = running.get(none, "Cookie", cookie);
    }
    assertThat(told.body()).contains("nothing was held of this instance");
    String viewer = running.token(cookie, "viewer");
    assertThat(running.get(path, "Authorization", viewer).statusCode()).isEqualTo(403);
  }

  private static String erasing(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  @Test
  void programsAreToldWhereToAsk() throws Exception {
    String admin = running.token(cookie, "administrator");
    HttpResponse<String> begun =
        running.send(
            "DELETE",
            "/api/v1/products/sonarqube/instances/" + Running.id(4),
            "",
            "Authorization",
            admin);
    assertThat(begun.statusCode()).isEqualTo(202);
    String href = begun.headers().firstValue("Location").orElseThrow();
    assertThat(begun.body()).contains("\"href\":\"" + href + "\"");
    String told = running.get(href, "Authorization", admin).body();
    while (!told.contains("\"state\":\"done\"")) {
      assertThat(told).containsPattern("\"state\":\"(waiting|quarantine|store|rewrite)\"");
      told = running.get(href, "Authorization", admin).body();
    }
    assertThat(told).contains("\"says\":\"erased at ");
    assertThat(
            running.get(href.replaceFirst("[^/]*$", "other"), "Authorization", admin).statusCode())
        .isEqualTo(404);
  }
}
