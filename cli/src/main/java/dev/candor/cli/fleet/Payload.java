package dev.candor.cli.fleet;

import dev.candor.cli.fleet.Release.Shape;
import dev.candor.cli.fleet.Words.Plugin;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what a server of a given release sends on a day, member by member in its order. */
final class Payload {
  private static final int DEFAULT_DEFINITION = 828804101;

  private final Server server;
  private final Shape shape;
  private final LocalDate day;
  private final Instant now;

  Payload(Server server, LocalDate day, Instant now) {
    this.server = server;
    this.shape = server.release.shape();
    this.day = day;
    this.now = now;
  }

  void send(Consumer<Message> listener) {
    listener.accept(message("ping", shape == Shape.AGGREGATE ? aggregate() : detailed()));
    if (shape.since(Shape.METRICS)) {
      listener.accept(message("metrics", installationMetrics()));
      if (!server.projects.isEmpty()) {
        listener.accept(message("metrics", languageMetrics()));
      }
      listener.accept(message("metrics", userMetrics()));
    }
  }

  private Message message(String type, Json body) {
    return new Message(now, type, server.release.agent(), body.close().toString());
  }

  /** Up to 9.1: sums instead of lists. */
  private Json aggregate() {
    Json json = head(new Json().open());
    Map<String, Integer> locs = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    int ncloc = 0;
    for (Project project : server.projects) {
      for (Project.Part part : project.parts) {
        locs.merge(part.language, part.loc, Integer::sum);
        counts.merge(part.language, 1, Integer::sum);
        ncloc += part.loc;
      }
    }
    json.with("userCount", server.people.stream().filter(p -> p.active).count());
    json.with("projectCount", server.projects.size());
    json.with("usingBranches", server.projects.stream().anyMatch(p -> p.branches > 1));
    json.with("ncloc", ncloc);
    pairs(json, "projectCountByLanguage", "language", "count", counts);
    pairs(json, "nclocByLanguage", "language", "ncloc", locs);
    Map<String, Integer> platforms = counted(p -> p.platform);
    platforms.remove("undetected");
    pairs(json, "almIntegrationCount", "alm", "count", platforms);
    if (!server.commercial()) {
      json.with("hasUnanalyzedC", server.projects.stream().anyMatch(p -> p.unanalyzedC));
      json.with("hasUnanalyzedCpp", false);
    }
    json.array("externalAuthProviders");
    TreeSet<String> providers = new TreeSet<>();
    server.people.forEach(p -> providers.add(p.provider));
    providers.forEach(json::item);
    json.end();
    pairs(json, "projectCountByScm", "scm", "count", counted(p -> p.scm));
    pairs(json, "projectCountByCI", "ci", "count", counted(p -> p.ci));
    Instant weekAgo = now.minus(7, ChronoUnit.DAYS);
    json.with(
        "sonarlintWeeklyUsers",
        server.people.stream()
            .filter(p -> p.lastSonarlint != null && p.lastSonarlint.isAfter(weekAgo))
            .count());
    json.with("installationDate", server.installed.toEpochMilli());
    json.with("installationVersion", server.installedVersion);
    return json.with("docker", server.docker);
  }

  private Map<String, Integer> counted(Function<Project, String> word) {
    Map<String, Integer> counts = new TreeMap<>();
    server.projects.forEach(p -> counts.merge(word.apply(p), 1, Integer::sum));
    return counts;
  }

  private static void pairs(
      Json json, String name, String key, String value, Map<String, Integer> pairs) {
    json.array(name);
    pairs.forEach((k, v) -> json.open().with(key, k).with(value, v).close());
    json.end();
  }

  /** From 9.7 on: a row a user and a project. */
  private Json detailed() {
    Json json = head(new Json().open());
    if (shape.since(Shape.SEQUENCED) && !server.commercial()) {
      json.with("hasUnanalyzedC", server.projects.stream().anyMatch(p -> p.unanalyzedC));
      json.with("hasUnanalyzedCpp", false);
    }
    json.with("installationDate", Times.product(server.installed));
    json.with("installationVersion", server.installedVersion);
    json.with(shape.since(Shape.DEFINITIONS) ? "container" : "docker", server.docker);
    if (shape == Shape.SEQUENCED || shape == Shape.MANAGED) {
      json.with("scim", server.managed);
    }
    users(json);
    projects(json);
    stats(json);
    if (shape.since(Shape.DEFINITIONS)) {
      branches(json);
      json.array("new-code-definitions");
      definition(json, DEFAULT_DEFINITION, "PREVIOUS_VERSION", "", "instance");
      if (server.definition != DEFAULT_DEFINITION) {
        definition(json, server.definition, "NUMBER_OF_DAYS", "30", "project");
      }
      json.end();
    }
    if (shape.since(Shape.SEQUENCED)) {
      gates(json);
    }
    if (shape.since(Shape.DEFINITIONS)) {
      profiles(json);
      cloud(json);
    }
    return json;
  }

  private Json head(Json json) {
    json.with("id", server.id).with("version", server.release.version());
    if (shape.since(Shape.SEQUENCED)) {
      json.with("messageSequenceNumber", server.sequence);
      json.with("localTimestamp", Times.product(now));
    }
    if (shape.since(Shape.DEFINITIONS)) {
      json.with("ncdId", DEFAULT_DEFINITION);
    }
    json.with("edition", server.edition);
    if (server.commercial() && !shape.since(Shape.SEQUENCED)) {
      json.with("licenseType", "PRODUCTION");
    }
    if (shape.since(Shape.SEQUENCED)) {
      json.with("defaultQualityGate", server.gate);
    }
    if (shape.since(Shape.DEFINITIONS)) {
      json.with("sonarway_quality_gate_uuid", server.gate);
    }
    json.object("database")
        .with("name", server.database().name())
        .with("version", server.database().version())
        .close();
    json.array("plugins");
    for (Plugin plugin : server.plugins()) {
      json.open().with("name", plugin.name()).with("version", plugin.version()).close();
    }
    return json.end();
  }

  private void users(Json json) {
    json.array("users");
    for (Person person : server.people) {
      json.open()
          .with("userUuid", person.uuid)
          .with("status", person.active ? "active" : "inactive");
      json.with("identityProvider", person.provider);
      moment(json, "lastActivity", person.lastActivity);
      moment(json, "lastSonarlintActivity", person.lastSonarlint);
      if (shape.since(Shape.MANAGED)) {
        json.with("managed", server.managed);
      }
      json.close();
    }
    json.end();
  }

  private static void moment(Json json, String name, @Nullable Instant instant) {
    if (instant != null) {
      json.with(name, Times.product(instant));
    }
  }

  private void projects(Json json) {
    json.array("projects");
    for (Project project : server.projects) {
      if (project.lastAnalysis == null) {
        continue;
      }
      for (Project.Part part : project.parts) {
        json.open().with("projectUuid", project.uuid);
        moment(json, "lastAnalysis", project.lastAnalysis);
        json.with("language", part.language).with("loc", part.loc);
        if (shape.since(Shape.DEFINITIONS)) {
          json.with("qualityProfile", profile(part.language));
        }
        json.close();
      }
    }
    json.end();
  }

  /** The built-in profile of a language has the same id all the life of a server. */
  private String profile(String language) {
    String hash = String.format(Locale.ROOT, "%08x", Objects.hash(server.id, language));
    return hash + server.gate.substring(8);
  }

  private void stats(Json json) {
    json.array("projects-general-stats");
    for (Project project : server.projects) {
      json.open().with("projectUuid", project.uuid);
      json.with("branchCount", project.branches).with("pullRequestCount", project.pullRequests);
      if (shape.since(Shape.SEQUENCED)) {
        json.with("qualityGate", server.gate);
      }
      boolean analysed = project.lastAnalysis != null;
      json.with("scm", analysed ? project.scm : "undetected");
      json.with("ci", analysed ? project.ci : "undetected");
      json.with("devopsPlatform", project.platform);
      if (shape == Shape.HASHED && !server.commercial()) {
        json.with("hasUnanalyzedC", project.unanalyzedC).with("hasUnanalyzedCpp", false);
      }
      if (shape.since(Shape.SEQUENCED) && analysed) {
        json.with("bugs", project.bugs).with("vulnerabilities", project.vulnerabilities);
        json.with("securityHotspots", project.hotspots);
        json.with("technicalDebt", project.bugs * 12L).with("developmentCost", project.loc() * 30L);
      }
      if (shape.since(Shape.DEFINITIONS)) {
        json.with("ncdId", server.definition);
        json.with("project_creation_method", project.creation).with("monorepo", false);
      }
      if (shape.since(Shape.METRICS)) {
        json.with("is_ai_code_assured", false);
      }
      json.close();
    }
    json.end();
  }

  private void branches(Json json) {
    json.array("branches");
    for (Project project : server.projects) {
      json.open().with("projectUuid", project.uuid).with("branchUuid", project.branchUuid);
      json.with("ncdId", server.definition).with("greenQualityGateCount", project.green);
      json.with("analysisCount", project.analyses).with("excludeFromPurge", true).close();
    }
    json.end();
  }

  private static void definition(Json json, int id, String type, String value, String scope) {
    json.open().with("ncdId", id).with("type", type).with("value", value);
    json.with("scope", scope).close();
  }

  private void gates(Json json) {
    json.array("quality-gates").open().with("uuid", server.gate).with("caycStatus", "compliant");
    if (shape == Shape.CLOUD) {
      json.with("aicaQualified", false);
    }
    if (shape.since(Shape.DEFINITIONS)) {
      json.array("conditions").open().with("metric", "new_violations");
      json.with("comparison_operator", "GT").with("error_value", "0").close().end();
    }
    json.close().end();
  }

  private void profiles(Json json) {
    TreeSet<String> languages = new TreeSet<>();
    server.projects.forEach(p -> p.parts.forEach(part -> languages.add(part.language)));
    json.array("quality-profiles");
    for (String language : languages) {
      json.open().with("uuid", profile(language)).with("language", language);
      json.with("default", true).with("builtIn", true).close();
    }
    json.end();
  }

  private void cloud(Json json) {
    json.object("managedInstanceInformation").with("isManaged", server.managed);
    json.with("provider", server.managed ? "SCIM" : null).close();
    json.object("cloudUsage").with("kubernetes", server.kubernetes);
    if (server.kubernetes) {
      json.with("kubernetesVersion", "1.29").with("kubernetesPlatform", "linux/amd64");
    }
    json.with("kubernetesProvider", "6.1.0-21-amd64");
    if (shape == Shape.CLOUD) {
      json.with("isHelmAutoscalingEnabled", false).with("isOnOpenshift", false);
    }
    json.with("containerRuntime", server.docker ? "docker" : null);
    json.with("officialImage", server.docker).close();
  }

  private Json envelope(String dimension) {
    Json json = new Json().open().with("message_uuid", server.luck.uuid());
    return json.with("installation_id", server.id)
        .with("dimension", dimension)
        .array("metric_values");
  }

  private Json installationMetrics() {
    Json json = envelope("installation");
    metric(json, "version").with("value", server.release.version());
    typed(json, "string", "daily").close();
    metric(json, "is_fips_enabled").with("value", false);
    typed(json, "boolean", "daily").close();
    if (day.getDayOfWeek() == DayOfWeek.MONDAY) {
      metric(json, "portfolio_reports_confidential_flag").with("value", true);
      typed(json, "boolean", "weekly").close();
      metric(json, "email_conf_auth_method").with("value", "NOT_SET");
      typed(json, "string", "weekly").close();
    }
    return json.end();
  }

  private Json languageMetrics() {
    Json json = envelope("language");
    Map<String, Integer> locs = new TreeMap<>();
    for (Project project : server.projects) {
      project.parts.forEach(part -> locs.merge(part.language, part.loc, Integer::sum));
    }
    locs.forEach(
        (language, loc) -> {
          metric(json, "ncloc_per_language").with("value", loc);
          typed(json, "integer", "daily").with("language", language).close();
        });
    return json.end();
  }

  private Json userMetrics() {
    Json json = envelope("user");
    for (Person person : server.people) {
      metric(json, "user_enabled").with("value", person.active);
      typed(json, "boolean", "daily").with("user_uuid", person.uuid).close();
    }
    return json.end();
  }

  private static Json metric(Json json, String key) {
    return json.open().with("key", key);
  }

  private static Json typed(Json json, String type, String granularity) {
    return json.with("type", type).with("granularity", granularity);
  }
}
