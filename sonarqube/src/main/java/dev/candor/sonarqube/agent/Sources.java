package dev.candor.sonarqube.agent;

import dev.candor.client.Meter;
import dev.candor.client.Omission;
import dev.candor.client.SourceException;
import dev.candor.dictionary.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Each part of the payload, where it comes from and how SonarQube writes it. */
final class Sources {
  private static final DateTimeFormatter RECEIPT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** In the alphabetical order of the keys, which is the order on the wire. */
  private static final Map<String, String> SECURITY =
      new TreeMap<>(
          Map.of(
              "sonar.security.config.javasecurity", "java",
              "sonar.security.config.phpsecurity", "php",
              "sonar.security.config.pythonsecurity", "python",
              "sonar.security.config.roslyn.sonaranalyzer.security.cs", "csharp"));

  private static final String UNDETECTED = "undetected";

  private final Installation installation;
  private final Settings settings;
  private final Database database;
  private final Form form;
  private final Clock clock;

  Sources(Installation installation, Settings settings, Database database, Form form, Clock clock) {
    this.installation = installation;
    this.settings = settings;
    this.database = database;
    this.form = form;
    this.clock = clock;
  }

  /** The server's id. */
  String id(Meter meter) throws Exception {
    String[] id = new String[1];
    database.begin();
    database.read(meter, reader -> reader.each(Queries.SERVER_ID, row -> id[0] = row.getString(1)));
    if (id[0] == null) {
      throw new SourceException(
          Omission.FAILED, "the database has no sonar.core.id: has the server ever started?");
    }
    return id[0];
  }

  void version(MessageWriter out, Meter meter) throws Exception {
    out.put("version", installation.version());
  }

  void edition(MessageWriter out, Meter meter) throws Exception {
    out.put("edition", installation.edition(settings));
  }

  /** A server learns it from closed code; here it can be told. */
  void licenseType(MessageWriter out, Meter meter) throws Exception {
    out.put(
        "licenseType",
        Installation.told(settings, "candor.telemetry.licenseType")
            .orElseThrow(
                () ->
                    new SourceException(
                        Omission.NOT_APPLICABLE,
                        "not told: set candor.telemetry.licenseType where there is a licence")));
  }

  void database(MessageWriter out, Meter meter) throws Exception {
    database.read(
        meter,
        reader -> {
          DatabaseMetaData about = reader.connection().getMetaData();
          out.object("database")
              .put("name", about.getDatabaseProductName())
              .put("version", about.getDatabaseProductVersion())
              .end();
        });
  }

  /** Those that the server has loaded, by its table, with the versions of their jars. */
  void plugins(MessageWriter out, Meter meter) throws Exception {
    Map<String, String> versions = installation.plugins();
    long[] loaded = new long[1];
    out.list("plugins");
    database.read(
        meter,
        reader ->
            reader.each(
                new Queries(reader.schema(), database.yes()).plugins(),
                row -> {
                  String key = row.getString(1);
                  out.object()
                      .put("name", key)
                      .put("version", versions.getOrDefault(key, "undefined"))
                      .end();
                  loaded[0]++;
                }));
    out.end();
    if (loaded[0] == 0 && !versions.isEmpty()) {
      throw new SourceException(
          Omission.FAILED, "the server has not registered its plugins yet: is it just starting?");
    }
  }

  /** Of the Enterprise edition and above only. */
  void securityConfig(MessageWriter out, Meter meter) throws Exception {
    String edition = installation.edition(settings);
    Set<String> set = new HashSet<>();
    if (edition.equals("enterprise") || edition.equals("datacenter")) {
      database.read(
          meter,
          reader ->
              reader.each(
                  new Queries(reader.schema(), database.yes()).securityConfig(),
                  row -> set.add(row.getString(1))));
    }
    if (set.isEmpty()) {
      throw new SourceException(Omission.NOT_APPLICABLE, "no custom configuration");
    }
    out.list("customSecurityConfig");
    SECURITY.forEach(
        (key, language) -> {
          if (set.contains(key)) {
            out.add(language);
          }
        });
    out.end();
  }

  void authProviders(MessageWriter out, Meter meter) throws Exception {
    Set<String> providers = new LinkedHashSet<>();
    database.read(
        meter,
        reader ->
            reader.each(
                Queries.PROVIDERS,
                row -> {
                  String name = String.valueOf(row.getString(1));
                  providers.add(name.startsWith("LDAP_") ? "LDAP" : name);
                }));
    out.list("externalAuthProviders");
    providers.forEach(out::add);
    out.end();
  }

  void installation(MessageWriter out, Meter meter) throws Exception {
    String[] found = new String[2];
    database.read(
        meter,
        reader ->
            reader.each(
                Queries.INTERNAL,
                row -> {
                  boolean date = "installation.date".equals(row.getString(1));
                  found[date ? 0 : 1] = row.getString(2);
                }));
    if (found[0] != null && found[0].matches("-?[0-9]{1,15}")) {
      out.put("installationDate", instant(Long.parseLong(found[0])));
    }
    if (form == Form.SONARQUBE && found[1] != null) {
      out.put("installationVersion", found[1]);
    }
  }

  void docker(MessageWriter out, Meter meter) {
    out.put("docker", installation.container());
  }

  void users(MessageWriter out, Meter meter) throws Exception {
    MessageDigest sha3 = sha3();
    out.list("users");
    database.read(
        meter,
        reader ->
            reader.each(
                Queries.USERS,
                row -> {
                  byte[] uuid = row.getString(1).getBytes(StandardCharsets.UTF_8);
                  out.object()
                      .put("userUuid", HexFormat.of().formatHex(sha3.digest(uuid)))
                      .put("status", row.getBoolean(2) ? "active" : "inactive");
                  if (form == Form.SONARQUBE) {
                    out.put("identityProvider", row.getString(3));
                  }
                  out.put("lastActivity", instant(row, 4))
                      .put("lastSonarlintActivity", instant(row, 5))
                      .end();
                }));
    out.end();
  }

  private static MessageDigest sha3() {
    try {
      return MessageDigest.getInstance("SHA3-224");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA3-224", e);
    }
  }

  void projects(MessageWriter out, Meter meter) throws Exception {
    out.list("projects");
    database.read(
        meter,
        reader ->
            reader.each(
                new Queries(reader.schema(), database.yes()).projects(),
                row -> languages(out, row)));
    out.end();
  }

  /** {@code css=109;py=4792}. */
  private static void languages(MessageWriter out, ResultSet row) throws SQLException {
    String distribution = row.getString(3);
    if (distribution == null) {
      return;
    }
    String uuid = row.getString(1);
    String analysed = instant(row, 2);
    for (String part : distribution.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0 && isCount(part, equals + 1)) {
        out.object()
            .put("projectUuid", uuid)
            .put("lastAnalysis", analysed)
            .put("language", part.substring(0, equals))
            .put("loc", Long.parseLong(part, equals + 1, part.length(), 10))
            .end();
      }
    }
  }

  /** One to eighteen digits. */
  private static boolean isCount(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > from && text.length() <= from + 18;
  }

  void stats(MessageWriter out, Meter meter) throws Exception {
    boolean community = installation.edition(settings).equals("community");
    String platform = form == Form.PAGE ? "alm" : "devopsPlatform";
    out.list("projects-general-stats");
    database.read(
        meter,
        reader ->
            reader.each(
                new Queries(reader.schema(), database.yes()).stats(),
                row -> {
                  out.object()
                      .put("projectUuid", row.getString(1))
                      .put("branchCount", row.getLong(2))
                      .put("pullRequestCount", row.getLong(3))
                      .put("scm", or(row.getString(4)))
                      .put("ci", or(row.getString(5)))
                      .put(platform, platform(row.getString(6), row.getString(7)));
                  if (form == Form.SONARQUBE && community) {
                    out.put("hasUnanalyzedC", row.getInt(8) == 1)
                        .put("hasUnanalyzedCpp", row.getInt(9) == 1);
                  }
                  out.end();
                }));
    out.end();
  }

  private static String or(@Nullable String detected) {
    return detected == null ? UNDETECTED : detected;
  }

  /** Cloud or a server of one's own, by the beginning of an address that itself goes nowhere. */
  static String platform(@Nullable String alm, @Nullable String url) {
    if (alm == null) {
      return UNDETECTED;
    }
    String address = url == null ? "" : url.toLowerCase(Locale.ENGLISH);
    return switch (alm) {
      case "github" -> hosted(alm, address.startsWith("https://api.github.com"));
      case "gitlab" -> hosted(alm, address.startsWith("https://gitlab.com/api/v4"));
      case "azure_devops" -> hosted(alm, address.startsWith("https://dev.azure.com"));
      case "bitbucket_cloud" -> alm;
      case "bitbucket" -> "bitbucket_server";
      default -> UNDETECTED;
    };
  }

  private static String hosted(String alm, boolean cloud) {
    return alm + (cloud ? "_cloud" : "_server");
  }

  /** What the documented form has at its end. */
  void receipt(MessageWriter out, Meter meter) {
    out.put("timestamp", RECEIPT.format(clock.instant())).put("type", "ping");
  }

  private static @Nullable String instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : instant(millis);
  }

  /** {@code 2022-09-12T16:26:40+0000}, several times faster than a formatter. */
  static String instant(long millis) {
    String text =
        LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000), 0, ZoneOffset.UTC).toString();
    boolean seconds = text.lastIndexOf(':') > text.indexOf(':');
    return text + (seconds ? "+0000" : ":00+0000");
  }
}
