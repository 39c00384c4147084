package dev.candor.dictionary;

import java.util.List;

/**
 * One fact of an instance as the timeline keeps it: a column that comes from a place of the
 * heartbeat.
 *
 * @param name the column: lower-case letters, digits and underscores
 * @param report the name of the report on it; empty for one made of the column's
 * @param title what people call it
 * @param description what it is, in a sentence; empty where the dictionary says nothing
 * @param group heading under which it is shown; empty for none
 * @param kind what kind of fact it is
 * @param keep how much of it is kept
 * @param origin where in the heartbeat it comes from
 */
public record Fact(
    String name,
    String report,
    String title,
    String description,
    String group,
    Kind kind,
    Keep keep,
    Origin origin) {

  public Fact {
    report = report.isEmpty() ? name.replace('_', '-') : report;
  }

  /** How much of a fact the timeline keeps. The word of each is its {@code x-fact}. */
  public enum Keep {
    /** It is the product's version: every day, and its release in every rollup. */
    VERSION,
    /** Every day and in every rollup, so that every figure can be filtered and split by it. */
    FILTER,
    /** Every day; a count is summed in the rollups, too. */
    DAILY,
    /** Likewise, and it is what makes one instance larger than another. */
    SIZE,
    /** Of the latest heartbeat alone. */
    LATEST,
    /** It numbers the instance's messages, so that repeats can be told; it is no column. */
    SEQUENCE,
    /** Not at all: it stays in the raw message. */
    NONE
  }

  /** Where a fact comes from. Paths are member names from the message's root. */
  public sealed interface Origin {
    /** A member, whose value it is. */
    record Member(List<String> path) implements Origin {
      public Member {
        path = List.copyOf(path);
      }
    }

    /** A list, whose length it is. */
    record Length(List<String> list) implements Origin {
      public Length {
        list = List.copyOf(list);
      }
    }

    /** A count of a list's items, added up. */
    record Sum(List<String> list, List<String> member) implements Origin {
      public Sum {
        list = List.copyOf(list);
        member = List.copyOf(member);
      }
    }

    /** How many of a list's items have a date within so many days that end with the receipt's. */
    record Within(List<String> list, List<String> member, int days) implements Origin {
      public Within {
        list = List.copyOf(list);
        member = List.copyOf(member);
      }
    }
  }
}
