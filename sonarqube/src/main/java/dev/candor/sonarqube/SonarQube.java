package dev.candor.sonarqube;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SonarQube as a product: what its servers send, and what is asked of it. */
public final class SonarQube {
  /** Second and third part of each script that changes days of instances. */
  private static final String APPLY = text("upkeep/apply.sql");

  private static final String SUMS = text("upkeep/sums.sql");

  private SonarQube() {}

  /** What SonarQube servers may send. */
  public static Dictionary dictionary() {
    return Dictionary.parse(bytes("dictionary.json"));
  }

  /**
   * The views over the raw tables by name, each after those that it reads. A value is a query, to
   * be run with the product's schema as the search path.
   */
  public static Map<String, String> views() {
    return files("views");
  }

  /** Makes the tables that {@link #upkeep} keeps, empty. Runs with the same search path. */
  public static String tables() {
    return text("upkeep/tables.sql");
  }

  /**
   * What brings those tables up to date after messages came, by the name of the message. Expects
   * the SQL variable {@code first_row}: the lowest {@code _row} of those that came.
   */
  public static Map<String, String> upkeep() {
    return Map.of(
        "ping",
        text("upkeep/ping.sql") + APPLY + SUMS,
        "metrics",
        text("upkeep/metrics.sql"),
        "opt-out",
        text("upkeep/opt-out.sql"));
  }

  /**
   * What takes out of those tables what came from erased messages. Expects the table {@code erased}
   * with the ids of instances and until when what they sent goes.
   */
  public static String erase() {
    return text("upkeep/erase.sql") + APPLY + SUMS;
  }

  /**
   * What takes old rows of single instances out of those tables. Expects the SQL variable {@code
   * keep_from}: the first day whose rows stay.
   */
  public static String retain() {
    return text("upkeep/retain.sql") + SUMS;
  }

  /** Facts of an instance by which reports can be narrowed: columns of two views. */
  public static List<String> facets() {
    return List.of("release", "edition", "database");
  }

  /** The pages on which reports are looked at together, in the store's form. */
  public static String pages() {
    return text("pages.txt");
  }

  /**
   * How a server is told where to send: a sentence, then lines of configuration with <code>{url}
   * </code> for the address.
   */
  public static String setup() {
    return text("setup.txt");
  }

  /** The reports by name: a query below header lines that begin with {@code --}. */
  public static Map<String, String> reports() {
    return files("reports");
  }

  /** Files in the order of the folder's index; digits that give the order are not in the name. */
  private static Map<String, String> files(String folder) {
    Map<String, String> files = new LinkedHashMap<>();
    text(folder + "/index.txt")
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line ->
                files.put(line.replaceFirst("^[0-9]+-", ""), text(folder + "/" + line + ".sql")));
    return Collections.unmodifiableMap(files);
  }

  private static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = SonarQube.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
