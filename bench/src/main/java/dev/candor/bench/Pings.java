package dev.candor.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;

/**
 * Pings as SonarQube 9.7 sends them, of any size: more users and projects make a larger one. The
 * same number gives the same ping.
 */
final class Pings {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  private static final List<String> PLUGINS =
      List.of(
          "csharp:8.43.0.51858",
          "flex:2.8.0.3166",
          "go:1.11.0.3905",
          "iac:1.9.2.2279",
          "jacoco:1.3.0.1538",
          "java:7.15.0.30507",
          "javascript:9.8.0.20071",
          "kotlin:2.10.0.1456",
          "php:3.26.0.9313",
          "python:3.20.0.10345",
          "ruby:1.11.0.3905",
          "sonarscala:1.11.0.3905",
          "vbnet:8.43.0.51858",
          "web:3.7.1.3306",
          "xml:2.6.1.3686");
  private static final List<String> LANGUAGES =
      List.of("java", "js", "ts", "py", "xml", "web", "cs", "kotlin", "go", "css", "php");
  private static final List<String> PROVIDERS = List.of("sonarqube", "gitlab", "github");
  private static final List<String> CIS = List.of("Jenkins", "Github Actions", "Gitlab CI");
  private static final List<String> PLATFORMS =
      List.of("github_cloud", "gitlab_server", "bitbucket_cloud");
  private static final List<String> EDITIONS =
      List.of("community", "developer", "enterprise", "datacenter");

  private final RandomGenerator random;
  private final StringBuilder users = new StringBuilder();
  private final StringBuilder projects = new StringBuilder();
  private final StringBuilder stats = new StringBuilder();

  private Pings(long number) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(number);
  }

  /** The ping of that number, of about so many bytes. */
  static byte[] ping(long number, int bytes) {
    return new Pings(number).write(bytes).getBytes(StandardCharsets.UTF_8);
  }

  /** As it goes over the wire. */
  static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private String write(int bytes) {
    String head = head();
    while (head.length() + users.length() + projects.length() + stats.length() + 60 < bytes) {
      if (random.nextInt(3) == 0) {
        user();
      } else {
        project();
      }
    }
    return head
        + ",\"users\":["
        + users
        + "],\"projects\":["
        + projects
        + "],\"projects-general-stats\":["
        + stats
        + "]}";
  }

  private String head() {
    StringBuilder head = new StringBuilder("{\"id\":\"");
    head.append(hex(8).toUpperCase(Locale.ROOT)).append("-AY").append(letters(18));
    head.append("\",\"version\":\"9.7.0.61563\",\"edition\":\"").append(one(EDITIONS));
    head.append("\",\"database\":{\"name\":\"PostgreSQL\",\"version\":\"13.8\"},\"plugins\":[");
    for (String plugin : PLUGINS) {
      int colon = plugin.indexOf(':');
      head.append("{\"name\":\"").append(plugin, 0, colon).append("\",\"version\":\"");
      head.append(plugin, colon + 1, plugin.length()).append("\"},");
    }
    head.setLength(head.length() - 1);
    return head.append("],\"installationDate\":\"")
        .append(moment())
        .append("\",\"installationVersion\":\"9.1.0.47736\",\"docker\":")
        .append(random.nextBoolean())
        .toString();
  }

  private void user() {
    comma(users).append("{\"userUuid\":\"").append(hex(56));
    users.append("\",\"status\":\"active\",\"identityProvider\":\"").append(one(PROVIDERS));
    users.append("\",\"lastActivity\":\"").append(moment()).append('"');
    if (random.nextBoolean()) {
      users.append(",\"lastSonarlintActivity\":\"").append(moment()).append('"');
    }
    users.append('}');
  }

  private void project() {
    String uuid = "AY" + letters(18);
    int languages = 1 + random.nextInt(3);
    int first = random.nextInt(LANGUAGES.size());
    String analysed = moment();
    for (int i = 0; i < languages; i++) {
      comma(projects).append("{\"projectUuid\":\"").append(uuid);
      projects.append("\",\"lastAnalysis\":\"").append(analysed).append("\",\"language\":\"");
      projects.append(LANGUAGES.get((first + i) % LANGUAGES.size())).append("\",\"loc\":");
      projects.append(random.nextInt(1, 200_000)).append('}');
    }
    comma(stats).append("{\"projectUuid\":\"").append(uuid).append("\",\"branchCount\":");
    stats.append(random.nextInt(1, 30)).append(",\"pullRequestCount\":");
    stats.append(random.nextInt(60)).append(",\"scm\":\"git\",\"ci\":\"").append(one(CIS));
    stats.append("\",\"devopsPlatform\":\"").append(one(PLATFORMS)).append("\"}");
  }

  private static StringBuilder comma(StringBuilder list) {
    return list.isEmpty() ? list : list.append(',');
  }

  private String one(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private String moment() {
    return String.format(
        Locale.ROOT,
        "2022-%02d-%02dT%02d:%02d:%02d+0000",
        random.nextInt(1, 13),
        random.nextInt(1, 29),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60));
  }

  private String hex(int length) {
    return drawn(length, 16, "0123456789abcdef");
  }

  private String letters(int length) {
    return drawn(length, LETTERS.length(), LETTERS);
  }

  private String drawn(int length, int size, String from) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(from.charAt(random.nextInt(size)));
    }
    return text.toString();
  }
}
