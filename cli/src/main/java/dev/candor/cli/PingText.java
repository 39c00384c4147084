package dev.candor.cli;

import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ping for people: indented, annotated, or what differs between two. */
final class PingText {
  private PingText() {}

  /** JSON, indented. */
  static String pretty(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    pretty(value, "", text);
    return text.toString();
  }

  private static void pretty(@Nullable Object value, String indent, StringBuilder text) {
    String deeper = indent + "  ";
    if (value instanceof Map<?, ?> members && !members.isEmpty()) {
      String before = "{\n";
      for (Map.Entry<?, ?> member : members.entrySet()) {
        text.append(before).append(deeper).append(scalar(member.getKey())).append(": ");
        pretty(member.getValue(), deeper, text);
        before = ",\n";
      }
      text.append('\n').append(indent).append('}');
    } else if (value instanceof List<?> items && !items.isEmpty()) {
      String before = "[\n";
      for (Object item : items) {
        text.append(before).append(deeper);
        if (item instanceof Map<?, ?>) {
          text.append(line(item));
        } else {
          pretty(item, deeper, text);
        }
        before = ",\n";
      }
      text.append('\n').append(indent).append(']');
    } else {
      text.append(line(value));
    }
  }

  /** JSON on one line. */
  static String line(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      List<String> parts = new ArrayList<>();
      members.forEach((name, item) -> parts.add(scalar(name) + ": " + line(item)));
      return "{" + String.join(", ", parts) + "}";
    }
    if (value instanceof List<?> items) {
      return "[" + String.join(", ", items.stream().map(PingText::line).toList()) + "]";
    }
    return scalar(value);
  }

  private static String scalar(@Nullable Object value) {
    if (!(value instanceof String text)) {
      return String.valueOf(value);
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A line for each field: its value, what it is, why it is collected. Lists show one element. */
  static List<String> annotated(MessageType type, Object ping) {
    List<String> lines = new ArrayList<>();
    annotate("", type.root(), ping, lines);
    return lines;
  }

  private static void annotate(
      String path, @Nullable Node node, @Nullable Object value, List<String> lines) {
    if (value instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> member : members.entrySet()) {
        Node below =
            node instanceof Node.Obj object
                ? object.members().get(String.valueOf(member.getKey()))
                : null;
        String name = path.isEmpty() ? "" + member.getKey() : path + "." + member.getKey();
        annotate(name, below, member.getValue(), lines);
      }
    } else if (value instanceof List<?> items) {
      lines.add(path + ": " + items.size() + (items.isEmpty() ? "" : ", the first of them:"));
      if (!items.isEmpty()) {
        annotate(
            path + "[]",
            node instanceof Node.Arr list ? list.items() : null,
            items.getFirst(),
            lines);
      }
    } else {
      String words =
          node instanceof Node.Leaf leaf ? "   # " + leaf.description() + "; " + leaf.why() : "";
      lines.add(path + " = " + scalar(value) + words);
    }
  }

  /** Lines that begin with - for what is gone and + for what is new; lists count as sets. */
  static List<String> diff(Object before, Object now) {
    Map<String, Integer> old = leaves(before);
    Map<String, Integer> fresh = leaves(now);
    List<String> lines = new ArrayList<>();
    old.forEach(
        (leaf, count) -> {
          for (int i = fresh.getOrDefault(leaf, 0); i < count; i++) {
            lines.add("- " + leaf);
          }
        });
    fresh.forEach(
        (leaf, count) -> {
          for (int i = old.getOrDefault(leaf, 0); i < count; i++) {
            lines.add("+ " + leaf);
          }
        });
    return lines;
  }

  /** Each top-level value, and each element of a top-level list, as a line of its own. */
  private static Map<String, Integer> leaves(Object ping) {
    Map<String, Integer> leaves = new LinkedHashMap<>();
    if (ping instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (value instanceof List<?> items) {
              items.forEach(
                  item -> leaves.merge(name + "[] " + line(sorted(item)), 1, Integer::sum));
            } else {
              leaves.merge(name + " " + line(sorted(value)), 1, Integer::sum);
            }
          });
    }
    return leaves;
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> members)) {
      return value;
    }
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    members.forEach((name, item) -> sorted.put(String.valueOf(name), sorted(item)));
    return sorted;
  }
}
