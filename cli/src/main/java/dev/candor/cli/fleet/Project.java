package dev.candor.cli.fleet;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A project of a server: analysed when somebody pushes, growing slowly. */
final class Project {
  final String uuid;
  final String branchUuid;
  final List<Part> parts;
  final String scm;
  final String ci;
  final String platform;
  final String creation;
  final boolean unanalyzedC;
  private final double pace;
  int branches = 1;
  int pullRequests;
  int analyses;
  int green;
  int bugs;
  int vulnerabilities;
  int hotspots;
  @Nullable Instant lastAnalysis;

  /** The lines of one language in a project. */
  static final class Part {
    final String language;
    int loc;

    Part(String language, int loc) {
      this.language = language;
      this.loc = loc;
    }
  }

  Project(Luck luck, Habits habits, boolean shortIds) {
    this.uuid = shortIds ? luck.timeId() : luck.uuid();
    this.branchUuid = luck.uuid();
    this.parts = parts(luck, habits);
    this.scm = luck.chance(0.9) ? "git" : luck.chance(0.5) ? "svn" : "undetected";
    this.ci = luck.chance(0.8) ? habits.ci() : "undetected";
    this.platform = luck.chance(0.75) ? habits.platform() : "undetected";
    this.creation = luck.weighted(Words.CREATIONS);
    this.unanalyzedC = luck.chance(0.03);
    this.pace = luck.unit() * luck.unit();
    int loc = loc();
    this.bugs = luck.skewed(loc / 900.0 + 0.1, 1, 0, 100_000);
    this.vulnerabilities = luck.skewed(loc / 9000.0 + 0.1, 1, 0, 100_000);
    this.hotspots = luck.skewed(loc / 2500.0 + 0.1, 1, 0, 100_000);
  }

  private static List<Part> parts(Luck luck, Habits habits) {
    List<Part> parts = new ArrayList<>();
    int loc = luck.skewed(6000, 1.5, 40, 6_000_000);
    parts.add(new Part(luck.chance(0.7) ? habits.language() : luck.weighted(Words.LANGUAGES), loc));
    int more = luck.below(3);
    for (int i = 0; i < more; i++) {
      String language = luck.pick(Words.SIDE_LANGUAGES);
      if (parts.stream().noneMatch(p -> p.language.equals(language))) {
        parts.add(new Part(language, 1 + (int) (loc * luck.unit() * 0.2)));
      }
    }
    return parts;
  }

  int loc() {
    int loc = 0;
    for (Part part : parts) {
      loc += part.loc;
    }
    return loc;
  }

  void past(Luck luck, LocalDate start) {
    if (luck.chance(0.95)) {
      int ago = 1 + (int) (luck.unit() * 300 * (1.02 - pace));
      lastAnalysis = moment(luck, start.minusDays(ago));
    }
  }

  void live(Luck luck, LocalDate day, boolean hasBranches) {
    analyses = 0;
    green = 0;
    if (!luck.chance(Person.weekend(day.minusDays(1)) ? pace * 0.1 : pace)) {
      return;
    }
    lastAnalysis = moment(luck, day);
    analyses = 1 + luck.below(6);
    green = luck.below(analyses + 1);
    for (Part part : parts) {
      part.loc = Math.max(1, part.loc + (int) (part.loc * (luck.unit() - 0.45) * 0.01));
    }
    bugs = Math.max(0, bugs + luck.below(5) - 2);
    if (hasBranches) {
      branches = Math.max(1, branches + luck.below(3) - 1);
      pullRequests = Math.max(0, pullRequests + luck.below(5) - 2);
    }
  }

  private static Instant moment(Luck luck, LocalDate day) {
    return day.minusDays(1)
        .atTime(6, 0)
        .plusSeconds(luck.below(14 * 3600))
        .toInstant(ZoneOffset.UTC);
  }

  /** What most of a server's projects have in common. */
  record Habits(String language, String ci, String platform) {}
}
