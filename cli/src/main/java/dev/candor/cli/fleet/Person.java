package dev.candor.cli.fleet;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A user of a server: comes on some weekdays, seldom on weekends, and one day leaves. */
final class Person {
  final String uuid;
  final String provider;
  private final double habit;
  private final boolean sonarlint;
  boolean active = true;
  @Nullable Instant lastActivity;
  @Nullable Instant lastSonarlint;

  Person(Luck luck, String provider) {
    this.uuid = luck.hex(56);
    this.provider = provider;
    double unit = luck.unit();
    this.habit = unit * unit * 0.9;
    this.sonarlint = luck.chance(0.35);
  }

  static boolean weekend(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  /** A day long before the first one told, so that nobody starts without a past. */
  void past(Luck luck, LocalDate start) {
    if (luck.chance(0.85)) {
      int ago = 1 + (int) (luck.unit() * luck.unit() * 200 * (1.05 - habit));
      lastActivity = moment(luck, start.minusDays(ago));
      if (sonarlint) {
        lastSonarlint = lastActivity;
      }
    }
    if (luck.chance(0.12)) {
      leave();
    }
  }

  void live(Luck luck, LocalDate day) {
    if (!active) {
      return;
    }
    double today = weekend(day.minusDays(1)) ? habit * 0.08 : habit;
    if (luck.chance(today)) {
      lastActivity = moment(luck, day);
      if (sonarlint && luck.chance(0.7)) {
        lastSonarlint = lastActivity;
      }
    }
    if (luck.chance(0.0004)) {
      leave();
    }
  }

  private void leave() {
    active = false;
    lastActivity = null;
    lastSonarlint = null;
  }

  /** Before six in the morning nobody works, and after it a ping may already have gone. */
  private static Instant moment(Luck luck, LocalDate day) {
    return day.minusDays(1)
        .atTime(7, 0)
        .plusSeconds(luck.below(12 * 3600))
        .toInstant(ZoneOffset.UTC);
  }
}
