package dev.candor.store;

import java.util.List;

/**
 * A list whose items the timeline keeps by name, with their versions and counts.
 *
 * @param name its name in the table {@code part}
 * @param title what people call them
 * @param description what they are, in a sentence; empty for nothing
 * @param group heading under which they are shown; empty for none
 * @param members the items' members that name a part, as the column member has them
 * @param hasVersion whether the first of them has a version
 * @param hasAmount whether a count is added up
 * @param reads the columns of a heartbeat that they come from, as SQL writes them
 * @param sql a query over {@code lists}, the heartbeats with their {@code _instance}, for the
 *     columns member, name, version, items, amount and _instance
 */
public record PartList(
    String name,
    String title,
    String description,
    String group,
    List<String> members,
    boolean hasVersion,
    boolean hasAmount,
    String reads,
    String sql) {
  public PartList {
    members = List.copyOf(members);
  }
}
