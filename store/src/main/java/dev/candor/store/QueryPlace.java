package dev.candor.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says where in the text that somebody wrote the database found something wrong. */
final class QueryPlace {
  private static final Pattern QUOTED =
      Pattern.compile("(?s)(.*?)\\s*\\R\\s*LINE (\\d+): ([^\\n]*)\\R( *)\\^.*");
  private static final String CUT = "...";

  private QueryPlace() {}

  /** The line and column of a byte of the query, in brackets; empty if it is none of its bytes. */
  static String of(String query, @Nullable Object at) {
    byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
    String number = String.valueOf(at);
    if (!number.matches("[0-9]{1,9}") || Integer.parseInt(number) > bytes.length) {
      return "";
    }
    String before = new String(bytes, 0, Integer.parseInt(number), StandardCharsets.UTF_8);
    int lineStart = before.lastIndexOf('\n') + 1;
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return place(line, before.codePointCount(lineStart, before.length()) + 1);
  }

  private static String place(long line, long column) {
    return " (line " + line + ", column " + column + ")";
  }

  /**
   * What is wrong with a query that failed, in words of its own text: what ran was written anew
   * from it, and the database quotes that.
   *
   * @param connection on which it failed
   * @param query the checked text as it was written
   */
  static String explain(Connection connection, String query, SQLException failure) {
    // Preparing runs nothing; the text is one query, and each of its parts was let through.
    try (PreparedStatement prepared = connection.prepareStatement(query)) {
      prepared.getMetaData();
    } catch (SQLException own) {
      return placed(query, String.valueOf(own.getMessage()));
    }
    Matcher quoted = QUOTED.matcher(String.valueOf(failure.getMessage()));
    return quoted.matches() ? quoted.group(1) : String.valueOf(failure.getMessage());
  }

  private static String placed(String query, String message) {
    Matcher quoted = QUOTED.matcher(message);
    if (!quoted.matches()) {
      return message;
    }
    List<String> lines = query.lines().toList();
    int number = Integer.parseInt(quoted.group(2));
    if (number > lines.size()) {
      return quoted.group(1);
    }
    String shown = quoted.group(3);
    int column = quoted.group(4).length() - "LINE : ".length() - quoted.group(2).length();
    if (shown.startsWith(CUT)) {
      String middle = shown.substring(CUT.length()).replaceFirst("\\.\\.\\.$", "");
      column += Math.max(0, lines.get(number - 1).indexOf(middle)) - CUT.length();
    }
    return quoted.group(1) + place(number, column + 1L);
  }
}
