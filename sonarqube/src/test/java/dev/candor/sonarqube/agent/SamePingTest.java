package dev.candor.sonarqube.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.client.Telemetry;
import dev.candor.dictionary.Node;
import dev.candor.sonarqube.SonarQube;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Same state, same ping: recorded databases and the pings that their servers sent. */
class SamePingTest {
  @TempDir Path folder;

  private Home home(String ping) {
    Home home = new Home(folder.resolve("sonarqube"), "9.7.0.61563");
    Json.read(ping)
        .get("plugins")
        .forEach(
            plugin ->
                home.plugin(
                    "lib/extensions",
                    plugin.get("name").asString(),
                    plugin.get("version").asString()));
    return home;
  }

  private static String url(Server server) {
    return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/sonar;NON_KEYWORDS=VALUE";
  }

  private Server h2() throws IOException, SQLException {
    try (InputStream in = Corpus.open("sonarqube-9.7-h2.mv.db.gz")) {
      Files.copy(in, folder.resolve("sonar.mv.db"));
    }
    return Server.createTcpServer("-tcpPort", "0", "-baseDir", folder.toString()).start();
  }

  @Test
  void fromTheEmbeddedDatabase() throws Exception {
    String recorded = Corpus.ping("9.7.0-h2-rich-POST");
    Home home = home(recorded);
    Server server = h2();
    try {
      home.settings("sonar.embeddedDatabase.port=" + server.getPort() + "\n");
      Home.Payload payload = home.payload(Form.SONARQUBE);
      assertThat(Json.members(payload.json())).isEqualTo(Json.members(recorded));
      assertThat(Json.read(payload.json()).propertyNames())
          .containsExactlyElementsOf(Json.read(recorded).propertyNames());
      assertThat(payload.preview().findings()).isEmpty();
      try (Connection connection = DriverManager.getConnection(url(server), "", "")) {
        nothingPersonal(connection, home);
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void fromPostgres() throws Exception {
    String recorded = Corpus.ping("9.7.0-postgres-rich-POST");
    Home home = home(recorded);
    try (InputStream dump = Corpus.open("sonarqube-9.7-postgres.sql.gz");
        EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Connection connection = postgres.getPostgresDatabase().getConnection()) {
      restore(dump, connection);
      home.settings(
          "sonar.jdbc.url="
              + postgres.getJdbcUrl("postgres", "postgres")
              + "\nsonar.jdbc.username=postgres\nsonar.jdbc.password=postgres\n");
      Home.Payload payload = home.payload(Form.SONARQUBE);
      Map<String, String> ours = Json.members(payload.json());
      Map<String, String> theirs = Json.members(recorded);
      // The dump was taken from another release of PostgreSQL than the one it is restored into.
      String version = connection.getMetaData().getDatabaseProductVersion();
      assertThat(ours.remove("database"))
          .isEqualTo("{\"name\":\"PostgreSQL\",\"version\":\"" + version + "\"}");
      theirs.remove("database");
      assertThat(ours).isEqualTo(theirs);
      nothingPersonal(connection, home);
    }
  }

  @Test
  void theDocumentedFormHasTheDocumentedMembers() throws Exception {
    String recorded = Corpus.ping("9.7.0-h2-rich-POST");
    Home home = home(recorded);
    Server server = h2();
    try {
      home.settings("sonar.embeddedDatabase.port=" + server.getPort() + "\n");
      home.settings(
          "sonar.embeddedDatabase.port="
              + server.getPort()
              + "\ncandor.telemetry.licenseType=PRODUCTION\n");
      Home.Payload payload = home.payload(Form.PAGE);
      assertThat(Json.read(payload.json()).propertyNames())
          .containsExactly(
              "id",
              "version",
              "edition",
              "licenseType",
              "database",
              "plugins",
              "externalAuthProviders",
              "installationDate",
              "docker",
              "users",
              "projects",
              "projects-general-stats",
              "timestamp",
              "type");
      assertThat(Json.read(payload.json()).get("timestamp").asString())
          .isEqualTo("2026-11-24T10:00:00.123Z");
      assertThat(Json.members(payload.json()))
          .containsEntry("projects", Json.members(recorded).get("projects"))
          .containsEntry("externalAuthProviders", "[\"github\",\n\"gitlab\"]");
      assertThat(payload.json()).contains("\"alm\":").doesNotContain("devopsPlatform");
    } finally {
      server.stop();
    }
  }

  /** No value of the database that names someone or something is in either payload. */
  private static void nothingPersonal(Connection connection, Home home) throws Exception {
    String page = home.payload(Form.PAGE).json();
    String own = home.payload(Form.SONARQUBE).json();
    String traces = traces(home);
    Map<String, List<String>> columns = new LinkedHashMap<>();
    columns.put(
        "users",
        List.of(
            "login",
            "name",
            "email",
            "external_login",
            "external_id",
            "crypted_password",
            "salt",
            "scm_accounts"));
    columns.put("projects", List.of("kee", "name", "description", "tags"));
    columns.put("project_branches", List.of("kee"));
    columns.put("components", List.of("kee", "name", "path"));
    columns.put("alm_settings", List.of("kee", "url", "app_id", "private_key", "pat", "client_id"));
    columns.put("project_alm_settings", List.of("alm_repo", "alm_slug"));
    columns.put("user_tokens", List.of("name", "token_hash"));
    columns.put("groups", List.of("name", "description"));
    columns.put("properties", List.of("text_value"));
    Set<String> format = new TreeSet<>(FORMAT);
    Json.read(own).get("projects").forEach(row -> format.add(row.get("language").asString()));
    int tried = 0;
    for (Map.Entry<String, List<String>> table : columns.entrySet()) {
      for (String column : table.getValue()) {
        for (String value : values(connection, table.getKey(), column)) {
          // What is part of the format itself is no sign of a leak, nor are a few letters.
          if (value.length() >= 5 && format.stream().noneMatch(word -> word.contains(value))) {
            assertThat(page).as(table.getKey() + "." + column).doesNotContain(value);
            assertThat(own).as(table.getKey() + "." + column).doesNotContain(value);
            assertThat(traces).as(table.getKey() + "." + column).doesNotContain(value);
            tried++;
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(100);
  }

  /** All that an agent leaves behind: log, state directory with the sent log, status, counts. */
  private static String traces(Home home) throws Exception {
    Lines log = new Lines();
    StringBuilder traces = new StringBuilder();
    try (Telemetry telemetry =
        home.agent(Form.PAGE)
            .telemetry(Clock.fixed(Home.NOW, ZoneOffset.UTC))
            .log(log)
            .environment(Map.of())
            .build()) {
      telemetry.export(home.folder().resolve("state").resolve("carried.json"));
      telemetry.tick();
      traces.append(telemetry.status()).append(telemetry.counts());
    }
    assertThat(log.text()).contains("telemetry is on");
    try (Stream<Path> files = Files.walk(home.folder().resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = Files.newInputStream(file);
            InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
          traces.append(file.getFileName());
          traces.append(new String(plain.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return traces.append(log.text()).toString();
  }

  /** Member names and words that the dictionary itself has. */
  private static final Set<String> FORMAT = new TreeSet<>();

  static {
    FORMAT.addAll(List.of("python", "javascript", "kotlin", "sonarscala", "config", "false"));
    SonarQube.dictionary().messages().forEach(type -> words(type.root()));
  }

  private static void words(Node node) {
    if (node instanceof Node.Obj object) {
      FORMAT.addAll(object.members().keySet());
      object.members().values().forEach(SamePingTest::words);
    } else if (node instanceof Node.Arr list) {
      words(list.items());
    } else if (node instanceof Node.Leaf leaf) {
      FORMAT.addAll(leaf.words());
    }
  }

  private static List<String> values(Connection connection, String table, String column)
      throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    boolean upper = about.storesUpperCaseIdentifiers();
    String idQuery = table.equals("properties") ? " AND prop_key NOT LIKE 'sonar.core.id'" : "";
    try (ResultSet there =
            about.getColumns(
                null,
                null,
                upper ? table.toUpperCase(java.util.Locale.ROOT) : table,
                upper ? column.toUpperCase(java.util.Locale.ROOT) : column);
        Statement sql = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      if (there.next()) {
        String quoted =
            table.equals("groups") ? "\"" + (upper ? "GROUPS" : "groups") + "\"" : table;
        try (ResultSet rows =
            sql.executeQuery(
                "SELECT DISTINCT "
                    + column
                    + " FROM "
                    + quoted
                    + " WHERE "
                    + column
                    + " IS NOT NULL"
                    + idQuery)) {
          while (rows.next()) {
            values.add(rows.getString(1));
          }
        }
      }
      return values;
    }
  }

  /** Plain SQL with COPY blocks, as pg_dump writes it. */
  private static void restore(InputStream dump, Connection connection)
      throws IOException, SQLException {
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(dump, StandardCharsets.UTF_8));
        Statement sql = connection.createStatement()) {
      StringBuilder statement = new StringBuilder();
      String line;
      while ((line = lines.readLine()) != null) {
        boolean between = statement.length() == 0;
        if (between && (line.isBlank() || line.startsWith("--") || line.startsWith("\\"))) {
          continue;
        }
        statement.append(line).append('\n');
        if (line.startsWith("COPY ") && line.endsWith("FROM stdin;")) {
          StringBuilder rows = new StringBuilder();
          for (String row = lines.readLine(); !row.equals("\\."); row = lines.readLine()) {
            rows.append(row).append('\n');
          }
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(statement.toString(), new StringReader(rows.toString()));
          statement.setLength(0);
        } else if (line.endsWith(";")) {
          sql.execute(statement.toString());
          statement.setLength(0);
        }
      }
      sql.execute("SET search_path = public");
    }
  }
}
