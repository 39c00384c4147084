package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ApiTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SAVED = "/api/v1/products/sonarqube/saved-reports";

  @TempDir Path data;
  private Running running;
  private String admin = "";

  @BeforeEach
  void start() throws Exception {
    running = new Running(data, new Running.SettableClock(), settings -> settings, Duration.ZERO);
    admin = running.token(running.administrator(), "administrator");
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private JsonNode description() throws Exception {
    return JSON.readTree(running.get("/api/v1/openapi.json").body());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = running.get(path, "Authorization", admin);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return running.send(method, path, body, "Authorization", admin);
  }

  @Test
  void theDescriptionIsOpenApi() throws Exception {
    SwaggerParseResult parsed =
        new OpenAPIV3Parser().readContents(description().toString(), null, null);
    assertThat(parsed.getMessages()).isNullOrEmpty();
    assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
    assertThat(parsed.getOpenAPI().getPaths()).hasSizeGreaterThan(15);
  }

  @Test
  void everyOperationSaysWhatItAnswersAndWhatItTakes() throws Exception {
    for (Endpoint endpoint : running.dashboard.endpoints()) {
      if (endpoint.isApi()) {
        String what = endpoint.method() + " " + endpoint.pattern();
        JsonNode operation =
            description()
                .get("paths")
                .get(endpoint.pattern())
                .get(endpoint.method().toLowerCase(java.util.Locale.ROOT));
        assertThat(operation.at("/responses/200/content").isEmpty()).as(what).isFalse();
        assertThat(operation.has("requestBody"))
            .as(what)
            .isEqualTo(List.of("POST", "PUT").contains(endpoint.method()));
      }
    }
  }

  /** What comes is what the description says, member by member. */
  @Test
  void answersAreWhatTheDescriptionSays() throws Exception {
    send("POST", "/api/v1/ingest-keys", "{\"name\":\"key\",\"product\":\"sonarqube\"}");
    send("POST", "/api/v1/users", "{\"name\":\"ann\",\"role\":\"analyst\"}");
    send("POST", SAVED, report("mine", "table"));
    String id = "/api/v1/products/sonarqube/instances/" + Running.id(2);
    String message = get(id).get("messages").get(0).get("href").asString();
    String erasure =
        JSON.readTree(send("DELETE", id.replace(Running.id(2), Running.id(9)), "").body())
            .get("href")
            .asString();
    JsonNode description = description();
    List<String> tried = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : description.get("paths").properties()) {
      JsonNode schema = path.getValue().at("/get/responses/200/content/application~1json/schema");
      if (schema.isMissingNode()) {
        continue;
      }
      String at =
          path.getKey().contains("{row}")
              ? message
              : path.getKey()
                      .replace("/api/v1/products/{product}/erasures/{erasure}", erasure)
                      .replace("{product}", "sonarqube")
                      .replace("{report}", "instances")
                      .replace("{saved}", "mine")
                      .replace("{id}", Running.id(2))
                  + (path.getKey().endsWith("/query") ? "?sql=FROM%20instance" : "");
      assertThat(wrong(description, schema, get(at))).as(at).isEmpty();
      tried.add(at);
    }
    assertThat(tried).hasSizeGreaterThan(14);
  }

  private static List<String> wrong(JsonNode description, JsonNode schema, JsonNode answer) {
    ObjectNode whole = schema.asObject().deepCopy();
    whole.set("components", description.get("components"));
    Schema checks =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole.toString());
    return checks.validate(answer.toString(), InputFormat.JSON).stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void theValidatorIsNoRubberStamp() throws Exception {
    JsonNode description = description();
    JsonNode users =
        description.at(
            "/paths/~1api~1v1~1users/get/responses/200/content/application~1json/schema");
    assertThat(wrong(description, users, JSON.readTree("{\"users\":[{\"name\":1}]}"))).isNotEmpty();
    assertThat(wrong(description, users, JSON.readTree("{\"users\":[],\"x\":1}"))).isNotEmpty();
  }

  @Test
  void instancesAreSearchedSortedAndPagedAsOnThePage() throws Exception {
    String base = "/api/v1/products/sonarqube/instances";
    JsonNode all = get(base + "?sort=id&order=up");
    assertThat(all.get("found").asInt()).isEqualTo(15);
    assertThat(all.get("rows").get(0).get(0).asString()).isEqualTo(Running.id(0));
    assertThat(all.get("columns").toString()).contains("\"edition\"").doesNotContain("\"_");
    assertThat(get(base + "?edition=enterprise").get("found").asInt()).isEqualTo(3);
    assertThat(get(base + "?q=" + Running.id(7)).get("found").asInt()).isEqualTo(1);
    assertThat(get(base + "?page=2").get("rows").size()).isZero();
    for (String odd : List.of("?sort=x", "?state=x", "?order=x", "?page=0", "?sort=id%22--")) {
      assertThat(running.get(base + odd, "Authorization", admin).statusCode())
          .as(odd)
          .isEqualTo(400);
    }
    JsonNode one = get(base + "/" + Running.id(3));
    assertThat(one.at("/facts/edition").asString()).isEqualTo("community");
    assertThat(one.get("facts").toString()).doesNotContain("\"_");
    assertThat(one.get("messages").size()).isEqualTo(2);
    JsonNode message = get(one.at("/messages/0/href").asString());
    assertThat(message.at("/message/edition").asString()).isEqualTo("community");
    assertThat(running.get(base + "/no-such", "Authorization", admin).statusCode()).isEqualTo(404);
  }

  @Test
  void usersAndTokensComeAndGo() throws Exception {
    assertThat(send("POST", "/api/v1/users", "{\"name\":\"ann\",\"role\":\"analyst\"}").body())
        .contains("\"path\":\"/welcome/");
    assertThat(get("/api/v1/users").toString()).contains("\"name\":\"ann\",\"role\":\"analyst\"");
    assertThat(send("DELETE", "/api/v1/users/ann", "").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/api/v1/users/ann", "").statusCode()).isEqualTo(400);
    assertThat(get("/api/v1/users").toString()).doesNotContain("ann");

    String made =
        send("POST", "/api/v1/tokens", "{\"name\":\"ci\",\"role\":\"viewer\",\"days\":3}").body();
    String token = "Bearer " + JSON.readTree(made).get("token").asString();
    assertThat(running.get("/api/v1/products", "Authorization", token).statusCode()).isEqualTo(200);
    assertThat(get("/api/v1/tokens").toString())
        .contains("\"name\":\"ci\"")
        .doesNotContain("candor_");
    assertThat(send("DELETE", "/api/v1/tokens/ci", "").statusCode()).isEqualTo(200);
    assertThat(running.get("/api/v1/products", "Authorization", token).statusCode()).isEqualTo(401);
    assertThat(send("POST", "/api/v1/tokens", "{\"name\":\"x\",\"role\":\"king\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void viewersAreToldOfNoReportOnSingleInstances() throws Exception {
    String made =
        send("POST", "/api/v1/tokens", "{\"name\":\"v\",\"role\":\"viewer\",\"days\":3}").body();
    String viewer = "Bearer " + JSON.readTree(made).get("token").asString();
    for (String list : List.of("pages", "reports")) {
      String path = "/api/v1/products/sonarqube/" + list;
      assertThat(running.get(path, "Authorization", viewer).body())
          .contains("editions")
          .doesNotContain("fleet-size");
      assertThat(running.get(path, "Authorization", admin).body()).contains("fleet-size");
    }
  }

  @Test
  void theSettingsSayWhatIsInForce() throws Exception {
    String settings = get("/api/v1/settings").toString();
    assertThat(settings)
        .contains(running.receiver.address().toString(), "\"option\":\"--threshold\"")
        .contains("of fewer than 5 instances", "everybody may send", "\"href\":\"/admin/keys\"");
    send("POST", "/api/v1/ingest-keys", "{\"name\":\"key\",\"product\":\"sonarqube\"}");
    assertThat(get("/api/v1/settings").toString()).contains("1 good, and one is needed");
  }

  static String report(String name, String chart) {
    return """
    {"name":"%s","title":"Mine <b>","question":"Which & why?","chart":"%s",
     "sql":"-- counts: n\\nSELECT edition, count(*) AS n FROM instance GROUP BY ALL ORDER BY n;"}"""
        .formatted(name, chart);
  }

  @Test
  void anOwnQueryBecomesAReportForAnalystsAlone() throws Exception {
    assertThat(send("POST", SAVED, report("mine", "bars x=edition y=n")).statusCode())
        .isEqualTo(200);
    assertThat(get(SAVED + "/mine").get("rows").toString())
        .isEqualTo("[[\"enterprise\",3],[\"community\",12]]");
    HttpResponse<String> csv = running.get(SAVED + "/mine?format=csv", "Authorization", admin);
    assertThat(csv.body()).isEqualTo("edition,n\r\nenterprise,3\r\ncommunity,12\r\n");
    assertThat(running.get(SAVED + "/mine?format=parquet", "Authorization", admin).body())
        .startsWith("PAR1");

    String token =
        JSON.readTree(
                send("POST", "/api/v1/tokens", "{\"name\":\"v\",\"role\":\"viewer\",\"days\":3}")
                    .body())
            .get("token")
            .asString();
    String viewer = "Bearer " + token;
    for (String path : List.of(SAVED, SAVED + "/mine", "/p/sonarqube/saved/mine")) {
      assertThat(running.get(path, "Authorization", viewer).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(running.get("/p/sonarqube/reports", "Authorization", viewer).body())
        .doesNotContain("saved/mine");
    assertThat(running.get("/api/v1/products/sonarqube/reports/mine", "Authorization", admin))
        .returns(404, HttpResponse::statusCode);

    String list = running.get("/p/sonarqube/reports", "Authorization", admin).body();
    assertThat(list)
        .contains("/p/sonarqube/saved/mine", "Mine &lt;b&gt;")
        .doesNotContain("Mine <b>");
    String page = running.get("/p/sonarqube/saved/mine", "Authorization", admin).body();
    assertThat(page).contains("class=\"chart\"", "Which &amp; why?").doesNotContain("Mine <b>");
    assertThat(Files.readString(data.resolve("access/audit.ndjson")))
        .contains("\"action\":\"save report\",\"target\":\"sonarqube/mine\"")
        .contains("\"action\":\"export\",\"target\":\"sonarqube/saved/mine as parquet\"");
  }

  @Test
  void onlyTheAuthorOrAnAdministratorChangesIt() throws Exception {
    List<String> tokens = new ArrayList<>();
    for (String name : List.of("ann", "bob")) {
      String body = "{\"name\":\"%s\",\"role\":\"analyst\",\"days\":3}".formatted(name);
      tokens.add(
          "Bearer "
              + JSON.readTree(send("POST", "/api/v1/tokens", body).body()).get("token").asString());
    }
    String ann = tokens.getFirst();
    String bob = tokens.getLast();
    running.send("POST", SAVED, report("mine", "table"), "Authorization", ann);
    String at = SAVED + "/mine";
    String changed = report("mine", "bars x=edition y=n");
    assertThat(running.send("PUT", at, changed, "Authorization", bob).statusCode()).isEqualTo(403);
    assertThat(running.send("DELETE", at, "", "Authorization", bob).statusCode()).isEqualTo(403);
    assertThat(running.send("PUT", at, changed, "Authorization", ann).statusCode()).isEqualTo(200);
    assertThat(running.send("PUT", at, changed, "Authorization", admin).body())
        .contains("\"author\":\"token:ann\"");
    assertThat(send("DELETE", at, "").statusCode()).isEqualTo(200);
    assertThat(running.get(at, "Authorization", ann).statusCode()).isEqualTo(404);
    assertThat(data.resolve("reports/sonarqube/mine.sql")).doesNotExist();
  }

  @Test
  void whatMakesNoSenseIsNotSaved() throws Exception {
    for (String name :
        List.of("", "../x", "..%2fx", "A", "a/b", "editions", "a.sql", "a\\u0000", "x\\r\\ny")) {
      assertThat(send("POST", SAVED, report(name, "table")))
          .as(name)
          .returns(400, HttpResponse::statusCode);
    }
    assertThat(send("POST", SAVED, report("a", "bars x=edition y=nothing")).body())
        .contains("chart: the answer has no column \\\"nothing\\\"; it has edition, n");
    assertThat(send("POST", SAVED, report("a", "pie x=edition y=n")).body())
        .contains("chart: expected bars, lines, area, heat");
    assertThat(send("POST", SAVED, report("a", "table\\n-- counts: n")).statusCode())
        .isEqualTo(400);
    String outside =
        report("a", "table").replaceFirst("SELECT.*;", "FROM read_text('/etc/passwd')");
    assertThat(send("POST", SAVED, outside).body()).contains("cannot be used here");
    for (String line : List.of("x\\n-- counts: n", "x\\r-- counts: n", "x\\u2028y", "")) {
      String odd = report("a", "table").replace("Mine <b>", line);
      assertThat(send("POST", SAVED, odd)).as(line).returns(400, HttpResponse::statusCode);
    }
    assertThat(data.resolve("reports")).doesNotExist();
    send("POST", SAVED, report("a", "table"));
    assertThat(send("POST", SAVED, report("a", "table")).body())
        .contains("saved report of this name");
    assertThat(running.get(SAVED + "/..%2f..%2fx", "Authorization", admin).statusCode())
        .isIn(400, 404);
  }

  /** A file is not trusted more than what somebody types. */
  @Test
  void aFileThatWasTamperedWithRunsInTheSandboxStill() throws Exception {
    send("POST", SAVED, report("mine", "table"));
    Path file = data.resolve("reports/sonarqube/mine.sql");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("(?s)\n\n.*", "\n\nFROM read_text('/etc/passwd')"));
    HttpResponse<String> answer = running.get(SAVED + "/mine", "Authorization", admin);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("cannot be used here");
    for (String format : List.of("csv", "parquet")) {
      assertThat(running.get(SAVED + "/mine?format=" + format, "Authorization", admin).statusCode())
          .isEqualTo(400);
    }
    assertThat(running.get("/p/sonarqube/saved/mine", "Authorization", admin).body())
        .contains("cannot be used here", "Replace");
    Files.writeString(file, "nonsense");
    assertThat(running.get(SAVED, "Authorization", admin).body()).isEqualTo("{\"reports\":[]}");
  }

  @Test
  void thePagesSaveReplaceAndRemove() throws Exception {
    String cookie =
        Running.cookie(
            running.post("/sign-in", Map.of("name", "admin", "password", Running.PASSWORD)));
    String csrf = running.csrf(cookie);
    Map<String, String> form =
        Map.of(
            "csrf",
            csrf,
            "name",
            "mine",
            "title",
            "Mine",
            "question",
            "Which?",
            "chart",
            "table",
            "sql",
            "SELECT count(*) AS n FROM instance");
    assertThat(running.get("/p/sonarqube/query?sql=SELECT%201", "Cookie", cookie).body())
        .contains("Save it as a report");
    assertThat(running.post("/p/sonarqube/saved", form, "Cookie", cookie).headers())
        .returns("/p/sonarqube/saved/mine", h -> h.firstValue("Location").orElse(""));
    Map<String, String> worse = new java.util.HashMap<>(form);
    worse.put("chart", "bars x=a y=b");
    HttpResponse<String> refused = running.post("/p/sonarqube/saved/mine", worse, "Cookie", cookie);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("the answer has no column");
    worse.put("chart", "table");
    worse.put("title", "Other");
    assertThat(running.post("/p/sonarqube/saved/mine", worse, "Cookie", cookie).statusCode())
        .isEqualTo(303);
    assertThat(running.get("/p/sonarqube/saved/mine", "Cookie", cookie).body()).contains("Other");
    running.post("/p/sonarqube/saved/mine/remove", Map.of("csrf", csrf), "Cookie", cookie);
    assertThat(running.get("/p/sonarqube/saved/mine", "Cookie", cookie).statusCode())
        .isEqualTo(404);
  }
}
