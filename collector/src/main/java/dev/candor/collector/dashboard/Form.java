package dev.candor.collector.dashboard;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A form as it was sent, to be shown again with all that was typed, and what is wrong with it.
 * Passwords are not kept.
 *
 * @param typed what was typed, by field
 * @param field the field that is wrong; empty if it is none of them, or nothing is wrong
 * @param error what is wrong; empty if nothing is
 */
public record Form(Map<String, String> typed, String field, String error) {
  static final Form EMPTY = new Form(Map.of(), "", "");
  private static final Set<String> SECRET = Set.of(Gate.CSRF_FIELD, "password", "again", "secret");

  public Form {
    typed = Map.copyOf(typed);
  }

  /**
   * The form of a request that was refused.
   *
   * @param why begins with the field's name and a colon if one field is wrong
   */
  static Form refused(Ask ask, String why) {
    int colon = why.indexOf(": ");
    String field = colon < 0 ? "" : why.substring(0, colon);
    return new Form(open(ask.form()), ask.form().containsKey(field) ? field : "", why);
  }

  /** What may be shown again. */
  static Map<String, String> open(Map<String, String> form) {
    Map<String, String> open = new HashMap<>(form);
    open.keySet().removeAll(SECRET);
    return open;
  }

  /** What was typed there, or this. */
  public String value(String name, String otherwise) {
    return typed.getOrDefault(name, otherwise);
  }

  /** What is wrong with that field; empty if nothing is. */
  public String wrong(String name) {
    return name.equals(field) ? error.substring(name.length() + 2) : "";
  }

  /** What is wrong with none of its fields in particular; empty if nothing is. */
  public String wrong() {
    return field.isEmpty() ? error : "";
  }
}
