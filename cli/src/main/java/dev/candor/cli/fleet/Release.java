package dev.candor.cli.fleet;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A release of SonarQube.
 *
 * @param version its full number, as the product says it
 * @param day when it came out, in the fleet's calendar
 * @param line what it belongs to
 * @param shape what its pings look like
 */
record Release(String version, LocalDate day, Line line, Shape shape) {

  /** Who can install it. */
  enum Line {
    /** Long-term line, any edition. */
    LONG_TERM,
    /** Ordinary release before 25.1, any edition. */
    ORDINARY,
    /** Community Build, from 25.1 on. */
    BUILD,
    /** Server (the commercial editions), from 2025.1 on. */
    SERVER,
    /** Long-term line of Server. */
    SERVER_LONG_TERM
  }

  /** Payloads by age. Releases whose exact payload is not known are left out of the fleet. */
  enum Shape {
    AGGREGATE,
    HASHED,
    SEQUENCED,
    MANAGED,
    DEFINITIONS,
    METRICS,
    CLOUD;

    boolean since(Shape other) {
      return compareTo(other) >= 0;
    }
  }

  boolean commercialOnly() {
    return line == Line.SERVER || line == Line.SERVER_LONG_TERM;
  }

  boolean longTerm() {
    return line == Line.LONG_TERM || line == Line.SERVER_LONG_TERM;
  }

  boolean fits(boolean commercial) {
    return commercial ? line != Line.BUILD : !commercialOnly();
  }

  String agent() {
    return "SonarQube/" + version;
  }

  /** Days from a release to the newest one of the list, of the real calendar, roughly. */
  private record Past(int daysBefore, String version, Line line, Shape shape) {}

  private static final List<Past> HISTORY =
      List.of(
          new Past(1680, "8.9.0.43852", Line.LONG_TERM, Shape.AGGREGATE),
          new Past(1150, "9.7.0.61563", Line.ORDINARY, Shape.HASHED),
          new Past(1140, "8.9.10.61524", Line.LONG_TERM, Shape.AGGREGATE),
          new Past(1035, "9.9.0.65466", Line.LONG_TERM, Shape.SEQUENCED),
          new Past(985, "10.0.0.68432", Line.ORDINARY, Shape.MANAGED),
          new Past(945, "9.9.1.69595", Line.LONG_TERM, Shape.SEQUENCED),
          new Past(760, "9.9.3.79811", Line.LONG_TERM, Shape.SEQUENCED),
          new Past(585, "9.9.5.90363", Line.LONG_TERM, Shape.SEQUENCED),
          new Past(530, "10.6.0.92116", Line.ORDINARY, Shape.DEFINITIONS),
          new Past(430, "10.7.0.96327", Line.ORDINARY, Shape.METRICS),
          new Past(370, "9.9.8.100196", Line.LONG_TERM, Shape.SEQUENCED),
          new Past(335, "25.1.0.102122", Line.BUILD, Shape.CLOUD),
          new Past(320, "2025.1.0.102418", Line.SERVER_LONG_TERM, Shape.CLOUD),
          new Past(305, "25.2.0.102705", Line.BUILD, Shape.CLOUD),
          new Past(275, "25.3.0.104237", Line.BUILD, Shape.CLOUD),
          new Past(258, "2025.2.0.105476", Line.SERVER, Shape.CLOUD),
          new Past(245, "25.4.0.105899", Line.BUILD, Shape.CLOUD),
          new Past(216, "25.5.0.107428", Line.BUILD, Shape.CLOUD),
          new Past(187, "25.6.0.109173", Line.BUILD, Shape.CLOUD),
          new Past(185, "2025.3.0.108892", Line.SERVER, Shape.CLOUD),
          new Past(155, "25.7.0.110598", Line.BUILD, Shape.CLOUD),
          new Past(124, "25.8.0.112029", Line.BUILD, Shape.CLOUD),
          new Past(122, "2025.4.0.111749", Line.SERVER, Shape.CLOUD),
          new Past(94, "25.9.0.112764", Line.BUILD, Shape.CLOUD),
          new Past(62, "25.10.0.114319", Line.BUILD, Shape.CLOUD),
          new Past(60, "2025.5.0.113872", Line.SERVER, Shape.CLOUD),
          new Past(30, "25.11.0.114957", Line.BUILD, Shape.CLOUD),
          new Past(0, "25.12.0.117093", Line.BUILD, Shape.CLOUD));

  private static final int NEWEST_BEFORE_END = 12;

  /**
   * The releases in a calendar that is slid until the newest one came out twelve days before the
   * last day told: so every fleet, whenever it ends, has fresh releases to adopt.
   */
  static List<Release> calendar(LocalDate end) {
    List<Release> releases = new ArrayList<>(HISTORY.size());
    for (Past past : HISTORY) {
      LocalDate day = end.minusDays(past.daysBefore + (long) NEWEST_BEFORE_END);
      releases.add(new Release(past.version, day, past.line, past.shape));
    }
    return List.copyOf(releases);
  }
}
