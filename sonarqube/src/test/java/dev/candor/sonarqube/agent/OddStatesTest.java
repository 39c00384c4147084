package dev.candor.sonarqube.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.client.Budget;
import dev.candor.client.Omission;
import dev.candor.client.Preview;
import dev.candor.client.SourceOutcome;
import dev.candor.client.Telemetry;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A made-up database: branches, ties, gaps, and what happens where it cannot be read. */
class OddStatesTest {
  private static final String TABLES =
      """
      CREATE TABLE schema_migrations(version VARCHAR(255));
      CREATE TABLE properties(prop_key VARCHAR(512), text_value VARCHAR(4000), clob_value CLOB,
        component_uuid VARCHAR(40), user_uuid VARCHAR(40));
      CREATE TABLE internal_properties(kee VARCHAR(20), text_value VARCHAR(4000));
      CREATE TABLE users(uuid VARCHAR(255), active BOOLEAN, external_identity_provider VARCHAR(100),
        last_connection_date BIGINT, last_sonarlint_connection BIGINT);
      CREATE TABLE projects(uuid VARCHAR(40), qualifier VARCHAR(10));
      CREATE TABLE project_branches(uuid VARCHAR(50), project_uuid VARCHAR(50),
        branch_type VARCHAR(12));
      CREATE TABLE snapshots(uuid VARCHAR(50), component_uuid VARCHAR(50), islast BOOLEAN,
        build_date BIGINT);
      CREATE TABLE metrics(uuid VARCHAR(40), name VARCHAR(64));
      CREATE TABLE live_measures(component_uuid VARCHAR(50), project_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), value DOUBLE);
      CREATE TABLE project_measures(analysis_uuid VARCHAR(50), component_uuid VARCHAR(50),
        metric_uuid VARCHAR(40), text_value VARCHAR(4000));
      CREATE TABLE analysis_properties(analysis_uuid VARCHAR(40), kee VARCHAR(512),
        text_value VARCHAR(4000));
      CREATE TABLE project_alm_settings(project_uuid VARCHAR(50), alm_setting_uuid VARCHAR(40));
      CREATE TABLE alm_settings(uuid VARCHAR(40), alm_id VARCHAR(40), url VARCHAR(2000));
      CREATE TABLE plugins(kee VARCHAR(200), removed BOOLEAN);
      INSERT INTO schema_migrations VALUES ('6001'), ('6609');
      INSERT INTO properties VALUES
        ('sonar.core.id', 'ABB010CE-AVcdRncGX_RgEGt_NVoS', NULL, NULL, NULL);
      INSERT INTO users VALUES ('u1', TRUE, 'LDAP_secretplace', 1663000000123, NULL),
        ('u2', NULL, 'sonarqube', NULL, NULL);
      INSERT INTO plugins VALUES ('java', FALSE), ('php', TRUE), ('xml', FALSE);
      INSERT INTO metrics VALUES ('m1', 'ncloc'), ('m2', 'ncloc_language_distribution'),
        ('m3', 'unanalyzed_c'), ('m4', 'complexity');
      INSERT INTO projects VALUES ('AYproj00000000000001', 'TRK'), ('AYproj00000000000002', 'TRK'), ('AYproj00000000000003', 'TRK'), ('AYproj00000000000004', 'APP');
      INSERT INTO project_branches VALUES ('AYproj00000000000001', 'AYproj00000000000001', 'BRANCH'), ('a1', 'AYproj00000000000001', 'PULL_REQUEST'),
        ('b1', 'AYproj00000000000001', 'PULL_REQUEST'), ('AYproj00000000000002', 'AYproj00000000000002', 'BRANCH'), ('AA2', 'AYproj00000000000002', 'BRANCH'),
        ('AYproj00000000000003', 'AYproj00000000000003', 'BRANCH'), ('AYproj00000000000004', 'AYproj00000000000004', 'BRANCH');
      INSERT INTO snapshots VALUES ('s1', 'AYproj00000000000001', TRUE, 1663000000000),
        ('s2', 'b1', TRUE, 1663000001000), ('s3', 'a1', TRUE, 1663000002000),
        ('s4', 'AYproj00000000000002', TRUE, 1663000003000), ('s5', 'AA2', TRUE, NULL),
        ('s6', 'AYproj00000000000001', FALSE, 1), ('s7', 'AYproj00000000000004', TRUE, 2);
      INSERT INTO live_measures VALUES ('AYproj00000000000001', 'AYproj00000000000001', 'm1', 10), ('b1', 'b1', 'm1', 30),
        ('a1', 'a1', 'm1', 30), ('AYproj00000000000002', 'AYproj00000000000002', 'm1', 50), ('AA2', 'AA2', 'm1', 5),
        ('AA2', 'AA2', 'm4', 50), ('f1', 'AYproj00000000000001', 'm3', 1), ('AYproj00000000000004', 'AYproj00000000000004', 'm1', 99);
      INSERT INTO project_measures VALUES ('s1', 'AYproj00000000000001', 'm2', 'java=10'),
        ('s2', 'b1', 'm2', 'js=30'), ('s3', 'a1', 'm2', 'css=1;java=29'),
        ('s3', 'folder', 'm2', 'java=7'), ('s4', 'AYproj00000000000002', 'm2', 'py=50'),
        ('s5', 'AA2', 'm2', 'go=5'), ('s6', 'AYproj00000000000001', 'm2', 'php=1'), ('s7', 'AYproj00000000000004', 'm2', 'xml=99');
      INSERT INTO analysis_properties VALUES ('s1', 'sonar.analysis.detectedscm', 'git'),
        ('s1', 'sonar.analysis.detectedci', 'Jenkins'), ('s6', 'sonar.analysis.detectedscm', 'svn'),
        ('s3', 'sonar.analysis.detectedci', 'TravisCI');
      INSERT INTO alm_settings VALUES ('x1', 'github', NULL),
        ('x2', 'gitlab', 'HTTPS://GitLab.com/api/v4');
      INSERT INTO project_alm_settings VALUES ('AYproj00000000000001', 'x1'), ('AYproj00000000000002', 'x2');
      """;

  @TempDir Path folder;
  private Home home;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:h2:" + folder.resolve("sonar") + ";NON_KEYWORDS=VALUE", "", "");
        Statement sql = connection.createStatement()) {
      sql.execute(TABLES);
    }
    server = Server.createTcpServer("-tcpPort", "0", "-baseDir", folder.toString()).start();
    home = new Home(folder.resolve("sonarqube"), "9.7.0.61563");
    home.plugin("lib/extensions", "java", "7.1");
    home.settings(address());
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private String address() {
    return "sonar.embeddedDatabase.port=" + server.getPort() + "\n";
  }

  private void sql(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/sonar", "", "");
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static List<String> rows(JsonNode list) {
    return list.valueStream().map(JsonNode::toString).toList();
  }

  @Test
  void takesTheLargestBranchWithItsTiesAndItsQuirk() throws Exception {
    JsonNode ping = Json.read(home.payload(Form.SONARQUBE).json());
    assertThat(rows(ping.get("projects")))
        .containsExactly(
            "{\"projectUuid\":\"AYproj00000000000002\",\"language\":\"go\",\"loc\":5}",
            "{\"projectUuid\":\"AYproj00000000000001\",\"lastAnalysis\":\"2022-09-12T16:26:42+0000\","
                + "\"language\":\"css\",\"loc\":1}",
            "{\"projectUuid\":\"AYproj00000000000001\",\"lastAnalysis\":\"2022-09-12T16:26:42+0000\","
                + "\"language\":\"java\",\"loc\":29}");
  }

  @Test
  void oddDistributionsAndFullMinutes() throws Exception {
    sql("UPDATE snapshots SET build_date = 1662998400999 WHERE uuid = 's3'");
    sql(
        "UPDATE project_measures SET text_value ="
            + " 'java=29;;=3;css;js=;php=-1;py=x1;xml=1234567890123456789;go=007'"
            + " WHERE analysis_uuid = 's3' AND component_uuid = 'a1'");
    JsonNode ping = Json.read(home.payload(Form.SONARQUBE).json());
    assertThat(rows(ping.get("projects")).subList(1, 3))
        .containsExactly(
            "{\"projectUuid\":\"AYproj00000000000001\",\"lastAnalysis\":\"2022-09-12T16:00:00+0000\","
                + "\"language\":\"java\",\"loc\":29}",
            "{\"projectUuid\":\"AYproj00000000000001\",\"lastAnalysis\":\"2022-09-12T16:00:00+0000\","
                + "\"language\":\"go\",\"loc\":7}");
    assertThat(ping.get("projects")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00+0000",
    "-1, 1969-12-31T23:59:59+0000",
    "59999, 1970-01-01T00:00:59+0000",
    "-62135596800001, 0000-12-31T23:59:59+0000",
    "253402300800000, +10000-01-01T00:00:00+0000",
    "9223372036854775807, +292278994-08-17T07:12:55+0000"
  })
  void instantsReadAsSonarQubeWritesThem(long millis, String text) {
    assertThat(Sources.instant(millis))
        .isEqualTo(text)
        .isEqualTo(
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+0000'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli(millis)));
  }

  @Test
  void everyProjectHasItsStatistics() throws Exception {
    JsonNode ping = Json.read(home.payload(Form.SONARQUBE).json());
    String end = ",\"hasUnanalyzedC\":false,\"hasUnanalyzedCpp\":false}";
    String none = "\"scm\":\"undetected\",\"ci\":\"undetected\",\"devopsPlatform\":";
    String one = "\"branchCount\":1,\"pullRequestCount\":0,";
    assertThat(rows(ping.get("projects-general-stats")))
        .containsExactlyInAnyOrder(
            "{\"projectUuid\":\"AYproj00000000000001\",\"branchCount\":1,\"pullRequestCount\":2,\"scm\":\"git\","
                + "\"ci\":\"Jenkins\",\"devopsPlatform\":\"github_server\","
                + "\"hasUnanalyzedC\":true,\"hasUnanalyzedCpp\":false}",
            "{\"projectUuid\":\"AYproj00000000000002\",\"branchCount\":2,\"pullRequestCount\":0,"
                + none
                + "\"gitlab_cloud\""
                + end,
            "{\"projectUuid\":\"AYproj00000000000003\"," + one + none + "\"undetected\"" + end,
            "{\"projectUuid\":\"AYproj00000000000004\"," + one + none + "\"undetected\"" + end);
  }

  @Test
  void usersAndPluginsAsTheyStand() throws Exception {
    String page = home.payload(Form.PAGE).json();
    JsonNode ping = Json.read(page);
    assertThat(rows(ping.get("plugins")))
        .containsExactly(
            "{\"name\":\"java\",\"version\":\"7.1\"}",
            "{\"name\":\"xml\",\"version\":\"undefined\"}");
    assertThat(ping.get("users").get(0).get("lastActivity").asString())
        .isEqualTo("2022-09-12T16:26:40+0000");
    assertThat(ping.get("users").get(1).get("status").asString()).isEqualTo("inactive");
    assertThat(ping.get("users").get(1).has("lastActivity")).isFalse();
    assertThat(rows(ping.get("externalAuthProviders"))).containsExactly("\"LDAP\"");
    assertThat(page + home.payload(Form.SONARQUBE).json()).doesNotContain("secretplace");
  }

  private SourceOutcome projects() throws Exception {
    Home.Payload payload = home.payload(Form.SONARQUBE);
    assertThat(payload.toString()).doesNotContain("leakword");
    assertThat(Json.read(payload.json()).has("projects")).isFalse();
    return payload.preview().sources().stream()
        .filter(source -> source.name().equals("projects"))
        .findFirst()
        .orElseThrow();
  }

  /** The columns are those of real databases of these releases; what they hold is the same. */
  @ParameterizedTest
  @CsvSource({"4415, ''", "6804, ''", "100001, ''", "101030, flag", "102040, both", "107015, both"})
  void otherReleasesTellTheSame(String number, String changes) throws Exception {
    String before = home.payload(Form.SONARQUBE).json();
    sql("DELETE FROM schema_migrations");
    sql("INSERT INTO schema_migrations VALUES ('" + number + "')");
    if (!changes.isEmpty()) {
      sql("ALTER TABLE properties ALTER COLUMN component_uuid RENAME TO entity_uuid");
      sql("ALTER TABLE project_branches ADD is_main BOOLEAN");
      sql("UPDATE project_branches SET is_main = (uuid = project_uuid)");
    }
    if (changes.equals("both")) {
      sql("ALTER TABLE snapshots ALTER COLUMN component_uuid RENAME TO root_component_uuid");
      sql("ALTER TABLE snapshots ALTER COLUMN build_date RENAME TO analysis_date");
    }
    assertThat(home.payload(Form.SONARQUBE).json()).isEqualTo(before);
  }

  @Test
  void aMainBranchMayHaveAUuidOfItsOwn() throws Exception {
    sql("DELETE FROM schema_migrations");
    sql("INSERT INTO schema_migrations VALUES ('107015')");
    sql("ALTER TABLE properties ALTER COLUMN component_uuid RENAME TO entity_uuid");
    sql("ALTER TABLE snapshots ALTER COLUMN component_uuid RENAME TO root_component_uuid");
    sql("ALTER TABLE snapshots ALTER COLUMN build_date RENAME TO analysis_date");
    sql("ALTER TABLE project_branches ADD is_main BOOLEAN");
    sql("UPDATE project_branches SET is_main = (uuid = project_uuid)");
    List<String> before =
        rows(Json.read(home.payload(Form.SONARQUBE).json()).get("projects-general-stats"));
    for (String column :
        List.of(
            "project_branches.uuid",
            "snapshots.root_component_uuid",
            "live_measures.component_uuid",
            "live_measures.project_uuid",
            "project_measures.component_uuid")) {
      String[] parts = column.split("\\.", -1);
      sql(
          "UPDATE "
              + parts[0]
              + " SET "
              + parts[1]
              + " = 'main-branch-of-one' WHERE "
              + parts[1]
              + " = 'AYproj00000000000001'");
    }
    assertThat(rows(Json.read(home.payload(Form.SONARQUBE).json()).get("projects-general-stats")))
        .isEqualTo(before);
  }

  @Test
  void aPingTakesOneConnectionAndLeavesNoneBehind() throws Exception {
    try (Passage passage = new Passage(server.getPort())) {
      home.settings("sonar.embeddedDatabase.port=" + passage.port() + "\n");
      for (int pings = 1; pings <= 2; pings++) {
        assertThat(Json.read(home.payload(Form.PAGE).json()).get("projects")).hasSize(3);
        assertThat(passage.connections()).isEqualTo(pings);
        assertThat(passage.allEnded()).isTrue();
      }
    }
  }

  @Test
  void aSourceThatFailsTakesTheConnectionButNoOtherSourceWithIt() throws Exception {
    sql("DROP TABLE plugins");
    try (Passage passage = new Passage(server.getPort())) {
      home.settings("sonar.embeddedDatabase.port=" + passage.port() + "\n");
      JsonNode ping = Json.read(home.payload(Form.PAGE).json());
      assertThat(ping.has("plugins")).isFalse();
      assertThat(ping.get("projects")).hasSize(3);
      assertThat(passage.connections()).isEqualTo(2);
      assertThat(passage.allEnded()).isTrue();
    }
  }

  @Test
  void anUnknownSchemaIsRefusedByItsNumber() throws Exception {
    sql("INSERT INTO schema_migrations VALUES ('999999')");
    assertThat(projects())
        .returns(java.util.Optional.of(Omission.FAILED), SourceOutcome::omitted)
        .asString()
        .contains("999999", "8.9 to 10.7");
  }

  @Test
  void aWrongPasswordIsDeniedWithoutIt() throws Exception {
    home.settings(address() + "sonar.jdbc.username=sonar\nsonar.jdbc.password=leakword\n");
    assertThat(projects())
        .returns(java.util.Optional.of(Omission.DENIED), SourceOutcome::omitted)
        .asString()
        .contains("sonar.jdbc.password");
  }

  @Test
  void aTableThatMayNotBeReadCostsItsSectionOnly() throws Exception {
    sql("DROP TABLE live_measures");
    assertThat(projects().omitted()).contains(Omission.FAILED);
    assertThat(Json.read(home.payload(Form.SONARQUBE).json()).get("users").size()).isEqualTo(2);
  }

  @Test
  void aServerThatIsJustStartingHasNoListOfPluginsRatherThanAnEmptyOne() throws Exception {
    sql("DELETE FROM plugins");
    Home.Payload payload = home.payload(Form.SONARQUBE);
    assertThat(Json.read(payload.json()).has("plugins")).isFalse();
    assertThat(payload.preview().sources().toString())
        .contains("the server has not registered its plugins yet");
  }

  @Test
  void aSlowTableCostsItsSectionOnly() throws Exception {
    sql("CREATE ALIAS dawdle FOR 'java.lang.Thread.sleep(long)'");
    sql("ALTER TABLE users RENAME TO people");
    sql(
        "CREATE VIEW users AS SELECT uuid, active, external_identity_provider,"
            + " last_connection_date, last_sonarlint_connection FROM people, SYSTEM_RANGE(1, 100)"
            + " WHERE dawdle(200 + x) IS NULL");
    try (Telemetry telemetry =
        home.agent(Form.SONARQUBE)
            .telemetry(Clock.systemUTC())
            .budget(new Budget(Duration.ofSeconds(2), 1_000_000, 1_000_000))
            .build()) {
      Preview preview = telemetry.preview(OutputStream.nullOutputStream());
      assertThat(preview.complete()).isTrue();
      assertThat(
              preview.sources().stream()
                  .filter(s -> s.omitted().filter(why -> why == Omission.TIMEOUT).isPresent())
                  .map(SourceOutcome::name))
          .containsExactly("users");
    }
  }

  @Test
  void aDatabaseThatIsDownIsNamedByItsSetting() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    home.settings("sonar.embeddedDatabase.port=" + port + "\nsonar.jdbc.password=leakword\n");
    assertThat(projects())
        .returns(java.util.Optional.of(Omission.FAILED), SourceOutcome::omitted)
        .asString()
        .contains("cannot be reached", String.valueOf(port));
  }

  @Test
  void aMissingDriverIsNamedByItsFolder() throws Exception {
    Files.delete(home.folder().resolve("lib/jdbc/h2/h2.jar"));
    assertThat(projects())
        .returns(java.util.Optional.of(Omission.FAILED), SourceOutcome::omitted)
        .asString()
        .contains("lib/jdbc/h2");
  }
}
