package dev.candor.collector.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.collector.ControlClient;
import dev.candor.collector.RekeySecret;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.IngestKeys;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the receiver's own that were moved away, or that a power cut left as they are. */
class StateFilesTest {
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  @TempDir Path data;

  private Path log() {
    return data.resolve("access/audit.ndjson");
  }

  private static String audit(Running running, String cookie) throws Exception {
    HttpResponse<String> page = running.get("/admin/audit", "Cookie", cookie);
    assertThat(page.statusCode()).isEqualTo(200);
    return page.body();
  }

  @Test
  void anAuditLogThatIsMovedAwayIsBegunAnew() throws Exception {
    try (Running running = new Running(data)) {
      String cookie = running.administrator();
      audit(running, cookie);
      Path moved = log().resolveSibling("audit.ndjson.1");
      Files.move(log(), moved);
      long size = Files.size(moved);
      assertThat(audit(running, cookie)).contains("/admin/audit").doesNotContain("password chosen");
      assertThat(Files.size(moved)).isEqualTo(size);
      assertThat(Files.readString(log())).contains("\"target\":\"/admin/audit\"").endsWith("}\n");

      Files.move(log(), moved, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.createFile(log());
      assertThat(audit(running, cookie)).contains("/admin/audit");

      Files.delete(log());
      String token = running.token(cookie, "administrator");
      assertThat(running.get("/api/v1/audit", "Authorization", token).body())
          .contains("make token");
      Files.write(log(), new byte[0]); // As logrotate's copytruncate leaves it.
      assertThat(audit(running, cookie)).contains("/admin/audit");
      assertThat(Files.readString(log())).startsWith("{").endsWith("}\n");
    }
  }

  @Test
  void aTornAuditLogHidesNothingAndSwallowsNothing() throws Exception {
    String whole =
        "{\"time\":\"2026-11-22T10:00:00Z\",\"who\":\"admin\",\"action\":\"view\",\"target\":\"/old\"}\n";
    String torn =
        "{\"time\":\"2026-11-22T10:00:01Z\",\"who\":\"admin\",\"action\":\"view\",\"target\":\"Zü";
    byte[] half = torn.getBytes(StandardCharsets.UTF_8);
    int day = 0;
    for (byte[] end :
        new byte[][] {
          Arrays.copyOf(half, half.length - 1),
          half,
          new byte[4096],
          "null".getBytes(StandardCharsets.UTF_8),
          "{\"who\":\"admin\"}".getBytes(StandardCharsets.UTF_8),
          {(byte) 0xff, (byte) 0xfe}
        }) {
      Path folder = Files.createDirectories(data.resolve("torn" + day++));
      Path file = Files.createDirectories(folder.resolve("access")).resolve("audit.ndjson");
      Files.write(file, BOM);
      Files.writeString(file, whole, StandardOpenOption.APPEND);
      Files.write(file, end, StandardOpenOption.APPEND);
      try (Running running = new Running(folder)) {
        String cookie = running.administrator();
        assertThat(audit(running, cookie))
            .contains("/old", "password chosen", "cannot be read, as after a power cut: 1");
      }
      byte[] before = Files.readAllBytes(file);
      try (Running running = new Running(folder)) {
        running.get("/health/live");
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"accounts\":[{}],\"invitations\":[],\"tokens\":[],\"keys\":[{}]}",
        "{\"accounts\":[null],\"invitations\":[],\"tokens\":[],\"keys\":[null]}",
        "{\"accounts\":[{\"name\":\"a\",\"role\":\"king\",\"created\":\"2026-11-23T20:00:00Z\"}],"
            + "\"invitations\":[],\"tokens\":[],\"keys\":1}",
        "{\"accounts\" : [ {\"name\" : \"ad",
        "\0\0\0\0\0\0\0\0",
        "ÿþ"
      })
  void aDamagedRegisterIsRefusedWithWhatMayBeDone(String text) throws Exception {
    Path folder = Files.createDirectories(data.resolve("access"));
    Running.SettableClock clock = new Running.SettableClock();
    SecureRandom random = new SecureRandom();
    Files.writeString(folder.resolve("accounts.json"), text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> new Accounts(folder, clock, random))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("accounts.json is " + (text.isEmpty() ? "empty" : "damaged"))
        .hasMessageContaining("restore it from a backup, or move it away: then nobody can sign in");
    Files.writeString(folder.resolve("ingest-keys.json"), text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> new IngestKeys(folder, clock, random))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ingest-keys.json is " + (text.isEmpty() ? "empty" : "damaged"))
        .hasMessageContaining("move it away: then no key is known");
    assertThat(Files.readString(folder.resolve("accounts.json"), StandardCharsets.ISO_8859_1))
        .isEqualTo(text);
  }

  @Test
  void aMarkThatEditorsPutBeforeATextIsNone() throws Exception {
    try (Running running = new Running(data)) {
      running.administrator();
    }
    Path accounts = data.resolve("access/accounts.json");
    byte[] bytes = Files.readAllBytes(accounts);
    Files.write(accounts, BOM);
    Files.write(accounts, bytes, StandardOpenOption.APPEND);
    try (Running running = new Running(data)) {
      assertThat(running.dashboard.firstStart()).isEmpty();
    }
  }

  @Test
  void aDamagedSavedReportIsLeftOutAndHidesNoOther() throws Exception {
    try (Running running = new Running(data)) {
      String admin = running.administrator();
      String token = running.token(admin, "analyst");
      Map<String, String> form =
          Map.of(
              "name",
              "mine",
              "title",
              "Mine",
              "question",
              "Which?",
              "chart",
              "table",
              "sql",
              "SELECT 1 AS one");
      String api = "/api/v1/products/sonarqube/saved-reports";
      assertThat(running.post(api, form, "Authorization", token).statusCode()).isEqualTo(200);
      Path folder = data.resolve("reports/sonarqube");
      byte[] mine = Files.readAllBytes(folder.resolve("mine.sql"));
      Files.write(folder.resolve("empty.sql"), new byte[0]);
      Files.write(folder.resolve("zeros.sql"), new byte[4096]);
      Files.write(folder.resolve("torn.sql"), Arrays.copyOf(mine, 40));
      Files.write(folder.resolve("character.sql"), new byte[] {'-', '-', ' ', (byte) 0xc3});
      Files.write(folder.resolve("marked.sql"), BOM);
      Files.write(folder.resolve("marked.sql"), mine, StandardOpenOption.APPEND);
      String list = running.get(api, "Authorization", token).body();
      assertThat(list)
          .contains("\"name\":\"mine\"", "\"name\":\"marked\"")
          .doesNotContain("\"name\":\"torn\"", "zeros", "empty");
      assertThat(running.get("/p/sonarqube/reports", "Cookie", admin).statusCode()).isEqualTo(200);
      assertThat(running.get(api + "/character", "Authorization", token).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void aSecretOfZerosIsNone() throws Exception {
    Path file = Files.createDirectories(data.resolve("secret")).resolve("rekey.key");
    Files.write(file, new byte[32]);
    assertThatThrownBy(() -> RekeySecret.in(data, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rekey.key holds nothing but zeros")
        .hasMessageContaining("restore it from a backup");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0\0\0", "/tmp/cand", "\u00c3"})
  void aTornNoteOfASocketIsNobodysSocket(String note) throws Exception {
    Files.writeString(data.resolve("control.path"), note, StandardCharsets.ISO_8859_1);
    assertThat(ControlClient.ask(data, "report")).isEmpty();
    assertThat(data.resolve("control.path")).exists();
  }
}
