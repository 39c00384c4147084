package dev.candor.sonarqube.agent;

import dev.candor.client.Switch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The server's switch, in both spellings: {@code sonar.telemetry.enable}, which SonarQube itself
 * reads, and {@code sonar.telemetry.enabled} of its documentation. Either turns it off, and so does
 * whatever looks like a slip in writing one. Reads the file anew each time it is asked.
 */
public final class SonarSwitch implements Switch {
  static final String PRODUCT = "sonar.telemetry.enable";
  static final String PAGE = "sonar.telemetry.enabled";

  private static final List<String> SPELLINGS = List.of(PRODUCT, PAGE);
  private static final List<String> OPPOSITES =
      List.of("sonar.telemetry.disable", "sonar.telemetry.disabled");
  private static final int SLIP = 2;

  private final Path home;
  private final Map<String, String> environment;

  /** The switch of the server in this folder. */
  public SonarSwitch(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Position position() {
    Settings settings;
    try {
      settings = Settings.read(home, environment);
    } catch (IOException e) {
      String why = Settings.FILE + " cannot be read (" + e.getClass().getSimpleName() + ")";
      return new Position(false, why, List.of(why + ": telemetry stays off until it can"));
    }
    List<String> problems = new ArrayList<>(settings.problems());
    List<String> off = new ArrayList<>();
    List<String> on = new ArrayList<>();
    for (String key : SPELLINGS) {
      settings.get(key).ifPresent(setting -> judge(setting, on, off, problems));
    }
    for (Setting setting : settings.inFile()) {
      slip(setting.key(), setting.key(), setting.origin(), off, problems);
    }
    for (String name : environment.keySet()) {
      String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
      if (!name.equals(Settings.variable(PRODUCT)) && !name.equals(Settings.variable(PAGE))) {
        slip(name, key, "environment", off, problems);
      }
    }
    warnOfTheOther(settings, problems);
    if (!off.isEmpty()) {
      return new Position(false, String.join("; ", off), problems);
    }
    return new Position(true, on.isEmpty() ? "the default" : String.join("; ", on), problems);
  }

  private static void judge(
      Setting setting, List<String> on, List<String> off, List<String> problems) {
    String value = setting.value().toLowerCase(Locale.ROOT);
    String said = setting.key() + "=" + value + " (" + setting.origin() + ")";
    if (value.equals("true")) {
      on.add(said);
    } else if (value.equals("false")) {
      off.add(said);
    } else {
      off.add(setting.key() + " is neither true nor false (" + setting.origin() + ")");
      problems.add(
          setting.key()
              + ": \""
              + shortened(setting.value())
              + "\" is neither true nor false ("
              + setting.origin()
              + "): telemetry stays off until it is one of them");
    }
  }

  private static String shortened(String value) {
    return value.length() > 40 ? value.substring(0, 40) + "…" : value;
  }

  private static void slip(
      String written, String key, String origin, List<String> off, List<String> problems) {
    if (SPELLINGS.contains(key) && written.equals(key)) {
      return;
    }
    String plain = key.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    String meant = OPPOSITES.contains(plain) ? PRODUCT : null;
    for (String spelling : SPELLINGS) {
      if (meant == null && distance(plain, spelling) <= SLIP) {
        meant = spelling;
      }
    }
    if (meant != null) {
      off.add(written + " looks like " + meant + " (" + origin + ")");
      problems.add(
          written
              + ": did you mean "
              + meant
              + "? ("
              + origin
              + "): telemetry stays off until it is spelt right");
    }
  }

  /** SonarQube's own daemon heeds one spelling only. */
  private static void warnOfTheOther(Settings settings, List<String> problems) {
    boolean page = isFalse(settings.get(PAGE));
    boolean product = settings.get(PRODUCT).isPresent() && !isTrue(settings.get(PRODUCT));
    if (page && !product) {
      problems.add(
          PAGE
              + " turns Candor off, but SonarQube's own daemon does not read it and goes on sending:"
              + " set "
              + PRODUCT
              + "=false as well");
    }
  }

  private static boolean isFalse(Optional<Setting> setting) {
    return setting.filter(s -> s.value().equalsIgnoreCase("false")).isPresent();
  }

  private static boolean isTrue(Optional<Setting> setting) {
    return setting.filter(s -> s.value().equalsIgnoreCase("true")).isPresent();
  }

  /** Whether SonarQube's own daemon sends: anything but true in its one key is off to it. */
  static boolean productSends(Settings settings) {
    return settings.get(PRODUCT).isEmpty() || isTrue(settings.get(PRODUCT));
  }

  /** How many letters must be changed, added, taken away or swapped. */
  static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > SLIP) {
      return SLIP + 1;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
