package dev.candor.store;

import dev.candor.dictionary.JsonType;
import dev.candor.dictionary.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The type of a column: as a dictionary asks for it, or as DuckDB describes it. */
sealed interface ColumnType {

  /** As SQL writes it. */
  String sql();

  /** A type without parts, by DuckDB's name. */
  record Scalar(String sql) implements ColumnType {}

  /** A list of one type. */
  record Items(ColumnType of) implements ColumnType {
    @Override
    public String sql() {
      return of.sql() + "[]";
    }
  }

  /** Named members, in order. */
  record Struct(Map<String, ColumnType> members) implements ColumnType {
    @Override
    public String sql() {
      return members.entrySet().stream()
          .map(member -> Columns.name(member.getKey()) + " " + member.getValue().sql())
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
  }

  /** What holds the values of this place of a dictionary. */
  static ColumnType of(Node node) {
    return switch (node) {
      case Node.Obj object -> {
        Map<String, ColumnType> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> members.put(name, of(member)));
        yield new Struct(members);
      }
      case Node.Arr list -> new Items(of(list.items()));
      case Node.Leaf leaf -> new Scalar(scalar(leaf));
    };
  }

  private static String scalar(Node.Leaf leaf) {
    boolean number =
        leaf.types().contains(JsonType.INTEGER) || leaf.types().contains(JsonType.NUMBER);
    if (leaf.types().contains(JsonType.STRING)
        || (number && leaf.types().contains(JsonType.BOOLEAN))) {
      return "VARCHAR";
    }
    if (!number) {
      return "BOOLEAN";
    }
    return leaf.types().contains(JsonType.NUMBER) ? "DOUBLE" : "BIGINT";
  }

  /** Reads a type as DuckDB describes it. */
  static ColumnType parse(String described) {
    return new Parser(described).type();
  }

  /**
   * What holds the values of both: the members of either, none lost.
   *
   * @param place where this stands, for the error
   * @throws TypeChange if a place has values of two types
   */
  default ColumnType with(ColumnType gained, String place) throws TypeChange {
    if (this instanceof Struct have && gained instanceof Struct want) {
      Map<String, ColumnType> members = new LinkedHashMap<>(have.members());
      for (Map.Entry<String, ColumnType> member : want.members().entrySet()) {
        ColumnType old = members.get(member.getKey());
        String below = place + "." + member.getKey();
        members.put(
            member.getKey(), old == null ? member.getValue() : old.with(member.getValue(), below));
      }
      return new Struct(members);
    }
    if (this instanceof Items have && gained instanceof Items want) {
      return new Items(have.of().with(want.of(), place + "[]"));
    }
    if (!equals(gained)) {
      throw new TypeChange(place, sql(), gained.sql());
    }
    return this;
  }

  /** A place of a table holds values of another type than the dictionary's. */
  final class TypeChange extends Exception {
    private static final long serialVersionUID = 1L;

    TypeChange(String place, String have, String want) {
      super(
          "column "
              + place
              + " holds "
              + have
              + " but the dictionary now says "
              + want
              + ": give the new form a new name in the dictionary");
    }
  }

  /** DuckDB writes {@code STRUCT(a VARCHAR, "b-c" BIGINT[])[]}. */
  final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text;
    }

    private ColumnType type() {
      ColumnType type;
      if (text.startsWith("STRUCT(", at)) {
        at += "STRUCT".length();
        Map<String, ColumnType> members = new LinkedHashMap<>();
        do {
          at++; // the bracket or comma before it
          skipSpaces();
          String name = name();
          skipSpaces();
          members.put(name, type());
        } while (text.charAt(at) == ',');
        at++;
        type = new Struct(members);
      } else {
        int start = at;
        while (at < text.length() && ",)[".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        type = new Scalar(text.substring(start, at));
      }
      while (text.startsWith("[]", at)) {
        at += 2;
        type = new Items(type);
      }
      return type;
    }

    private String name() {
      StringBuilder name = new StringBuilder();
      if (text.charAt(at) != '"') {
        while (text.charAt(at) != ' ') {
          name.append(text.charAt(at++));
        }
        return name.toString();
      }
      for (at++; text.charAt(at) != '"' || text.startsWith("\"\"", at); at++) {
        if (text.charAt(at) == '"') {
          at++;
        }
        name.append(text.charAt(at));
      }
      at++;
      return name.toString();
    }

    private void skipSpaces() {
      while (text.charAt(at) == ' ') {
        at++;
      }
    }
  }
}
