package dev.candor.cli.fleet;

import dev.candor.cli.fleet.Release.Shape;
import dev.candor.cli.fleet.Words.Database;
import dev.candor.cli.fleet.Words.Plugin;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One server: comes, grows, upgrades sooner or later, and perhaps falls silent or opts out. */
final class Server {
  private static final double SILENCE = 0.0009;
  private static final double OPT_OUT = 0.0003;
  private static final double MISSED = 0.03;

  /** How the one who runs it upgrades. */
  private enum Temper {
    EAGER,
    STEADY,
    LONG_TERM,
    STUCK
  }

  final Luck luck;
  final String id;
  final String edition;
  final boolean docker;
  final boolean kubernetes;
  final boolean managed;
  final String gate;
  final int definition;
  final List<Person> people = new ArrayList<>();
  final List<Project> projects = new ArrayList<>();
  final Instant installed;
  final String installedVersion;
  Release release;
  long sequence;

  private final List<Release> releases;
  private final Temper temper;
  private final double upgradeChance;
  private final Project.Habits habits;
  private final String provider;
  private final boolean embedded;
  private final Database database;
  private final List<Plugin> extras;
  private final LocalDate born;
  private final boolean weekdaysOnly;
  private final int secondOfDay;
  private final DayOfWeek weekly;
  private boolean gone;

  Server(RandomGenerator random, List<Release> releases, FleetSettings settings) {
    this.luck = new Luck(random);
    this.releases = releases;
    int size = luck.skewed(4, 1.0, 1, 2500);
    double commercial = size > 40 ? 0.75 : size > 12 ? 0.4 : 0.2;
    this.edition =
        !luck.chance(commercial)
            ? "community"
            : size > 150 && luck.chance(0.25)
                ? "datacenter"
                : luck.chance(size > 40 ? 0.6 : 0.25) ? "enterprise" : "developer";
    this.id = luck.hex(8).toUpperCase(Locale.ROOT) + "-" + luck.timeId();
    this.temper =
        luck.weighted(
            List.of(
                Luck.of(Temper.EAGER, 20),
                Luck.of(Temper.STEADY, 32),
                Luck.of(Temper.LONG_TERM, 36),
                Luck.of(Temper.STUCK, 12)));
    this.upgradeChance =
        switch (temper) {
          case EAGER -> 0.15;
          case STEADY -> 0.03;
          case LONG_TERM -> 0.012;
          case STUCK -> 0;
        };
    this.habits =
        new Project.Habits(
            luck.weighted(Words.LANGUAGES),
            luck.weighted(Words.CIS),
            luck.weighted(Words.PLATFORMS));
    this.provider = luck.weighted(Words.PROVIDERS);
    this.embedded = size < 6 && luck.chance(0.35);
    this.database = luck.weighted(Words.SERVERS);
    this.docker = luck.chance(0.55);
    this.kubernetes = docker && luck.chance(0.4);
    this.managed = !edition.equals("community") && luck.chance(0.15);
    this.gate = luck.uuid();
    this.definition = luck.chance(0.8) ? 828804101 : -1733966619;
    this.extras = extras();
    this.weekdaysOnly = luck.chance(0.08);
    this.secondOfDay = 6 * 3600 + luck.below(17 * 3600);
    this.weekly = DayOfWeek.of(1 + luck.below(7));

    boolean old = luck.chance(0.82);
    this.born = settings.start().plusDays(old ? 0 : luck.below(settings.days()));
    LocalDate installedOn = old ? born.minusDays(luck.below(1500)) : born;
    this.release = latest(old ? born.minusDays((long) luck.skewed(100, 1.1, 1, 1400)) : born);
    this.installed =
        installedOn.atTime(5, luck.below(60), luck.below(60)).toInstant(ZoneOffset.UTC);
    this.installedVersion =
        latest(installedOn).day().isAfter(release.day())
            ? release.version()
            : latest(installedOn).version();
    this.sequence = old ? 1 + luck.below(400) : 1;
    settle(size, settings.start());
  }

  private void settle(int size, LocalDate start) {
    boolean shortIds = !release.shape().since(Shape.DEFINITIONS);
    for (int i = 0; i < size; i++) {
      join(i == 0 ? "sonarqube" : provider).past(luck, start);
    }
    int count = luck.skewed(size * 0.4, 0.6, 0, 3000);
    for (int i = 0; i < count; i++) {
      Project project = new Project(luck, habits, shortIds);
      project.past(luck, start);
      projects.add(project);
    }
  }

  private Person join(String by) {
    Person person = new Person(luck, by);
    people.add(person);
    return person;
  }

  private List<Plugin> extras() {
    List<Plugin> chosen = new ArrayList<>();
    int count = luck.chance(0.45) ? 1 + luck.below(3) : 0;
    for (int i = 0; i < count; i++) {
      Plugin plugin = luck.weighted(Words.EXTRAS);
      if (!chosen.contains(plugin)) {
        chosen.add(plugin);
      }
    }
    return chosen;
  }

  boolean commercial() {
    return !edition.equals("community");
  }

  Database database() {
    return embedded ? Words.embedded(release.shape()) : database;
  }

  List<Plugin> plugins() {
    List<Plugin> plugins = new ArrayList<>(Words.bundled(release.shape()));
    plugins.addAll(extras);
    return plugins;
  }

  /** The newest release of that day that one of its temper would install. */
  private Release latest(LocalDate day) {
    Release latest = releases.getFirst();
    for (Release candidate : releases) {
      boolean out = !candidate.day().isAfter(day);
      boolean wanted = temper != Temper.LONG_TERM || candidate.longTerm();
      boolean newer = !candidate.day().isBefore(latest.day());
      // A fix of an older line is no step forward for who already has left that line.
      boolean forward = candidate.shape().since(latest.shape());
      if (out && wanted && newer && forward && candidate.fits(commercial())) {
        latest = candidate;
      }
    }
    return latest;
  }

  void live(LocalDate day, Consumer<Message> listener) {
    if (gone || day.isBefore(born)) {
      return;
    }
    boolean weekend = Person.weekend(day);
    upgrade(day, weekend);
    for (Person person : people) {
      person.live(luck, day);
    }
    boolean branches = commercial();
    for (Project project : projects) {
      project.live(luck, day, branches);
    }
    grow(weekend);
    Instant now = received(day);
    if (luck.chance(OPT_OUT)) {
      gone = true;
      listener.accept(new Message(now, "opt-out", release.agent(), "{\"id\":\"" + id + "\"}"));
      return;
    }
    if (luck.chance(SILENCE)) {
      gone = true;
      return;
    }
    boolean due = release.shape().since(Shape.HASHED) || day.getDayOfWeek() == weekly;
    if (due && !(weekend && weekdaysOnly) && !luck.chance(MISSED)) {
      new Payload(this, day, now).send(listener);
      sequence++;
    }
  }

  private void upgrade(LocalDate day, boolean weekend) {
    if (!weekend && luck.chance(upgradeChance)) {
      Release latest = latest(day);
      if (latest.day().isAfter(release.day()) && latest.shape().since(release.shape())) {
        release = latest;
      }
    }
  }

  private void grow(boolean weekend) {
    if (weekend) {
      return;
    }
    if (luck.chance(Math.min(0.5, people.size() * 0.0012))) {
      join(provider);
    }
    if (luck.chance(Math.min(0.5, 0.002 + projects.size() * 0.0012))) {
      projects.add(new Project(luck, habits, !release.shape().since(Shape.DEFINITIONS)));
    }
  }

  private Instant received(LocalDate day) {
    int second = Math.min(86_399, secondOfDay + luck.below(600));
    return day.atStartOfDay(ZoneOffset.UTC)
        .plusSeconds(second)
        .toInstant()
        .plusMillis(luck.below(1000));
  }
}
