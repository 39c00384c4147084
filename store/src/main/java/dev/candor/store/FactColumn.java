package dev.candor.store;

import dev.candor.dictionary.Fact;
import dev.candor.dictionary.Kind;
import java.util.Locale;

/**
 * A fact of an instance as a column of the timeline.
 *
 * @param name the column
 * @param report the name of the report on it
 * @param title what people call it
 * @param description what it is, in a sentence; empty for nothing
 * @param group heading under which it is shown; empty for none
 * @param kind what kind of fact it is
 * @param keep how much of it is kept
 * @param type its SQL type
 * @param sql where it comes from: an expression over a heartbeat's columns
 * @param place the path of the object that it stands in, with slashes; the root is empty
 */
public record FactColumn(
    String name,
    String report,
    String title,
    String description,
    String group,
    Kind kind,
    Fact.Keep keep,
    String type,
    String sql,
    String place) {

  /** The SQL type of facts of a kind; measured quantities are DOUBLE instead. */
  static String typeOf(Kind kind) {
    return switch (kind) {
      case VERSION, WORD, PSEUDONYM -> "VARCHAR";
      case FLAG -> "BOOLEAN";
      case DATE -> "DATE";
      case COUNT -> "BIGINT";
    };
  }

  /** A column's name as people say it. */
  static String spoken(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).replace('_', ' ');
  }

  /** Whether it can be added up. */
  public boolean isMeasure() {
    return kind == Kind.COUNT;
  }

  /** Whether it is in every day's row. */
  public boolean isDaily() {
    return switch (keep) {
      case FILTER, SIZE, DAILY -> true;
      case VERSION, LATEST, SEQUENCE, NONE -> false;
    };
  }

  /** The type of its sums: no message within its bounds can overflow it. */
  String sumType() {
    return type.equals("DOUBLE") ? "DOUBLE" : "HUGEINT";
  }
}
