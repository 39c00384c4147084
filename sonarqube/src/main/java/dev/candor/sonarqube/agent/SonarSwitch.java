package dev.candor.sonarqube.agent;

import dev.candor.client.Switch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's switch, in both spellings: {@code sonar.telemetry.enable}, which SonarQube itself
 * reads, and {@code sonar.telemetry.enabled} of its documentation. It is looked for wherever a
 * server can be told: in {@code conf/sonar.properties}, among the variables (named as SonarQube
 * names them, or like the setting, as its container takes them), as {@code -D} in any setting or
 * variable that holds options, in the wrapper's configuration and the start scripts, and in the
 * command line and variables of the running server. One place that turns it off is enough, and so
 * is whatever looks like a slip in writing it; what cannot be known is off. Looks anew each time it
 * is asked.
 */
public final class SonarSwitch implements Switch {
  static final String PRODUCT = "sonar.telemetry.enable";
  static final String PAGE = "sonar.telemetry.enabled";

  private static final List<String> SPELLINGS = List.of(PRODUCT, PAGE);
  private static final List<String> OPPOSITES =
      List.of("sonar.telemetry.disable", "sonar.telemetry.disabled");
  private static final int SLIP = 2;

  /** Something like the switch in a line of options or of a script. */
  private static final Pattern ASSIGNED =
      Pattern.compile("(?:-D)?([A-Za-z][A-Za-z0-9._-]{17,26})\\s*=\\s*[\"']?([^\\s\"',;]*)");

  private static final Pattern COMMENT = Pattern.compile("\\s*(?:#|::|@?(?i:rem)\\b).*");

  /** Variables that a JVM takes options from by itself. */
  private static final Set<String> JVM_OPTIONS =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final int MOST_SCRIPT = 1 << 20;

  private final Path home;
  private final Map<String, String> environment;
  private final Path root;

  /**
   * The switch of the server in this folder.
   *
   * @param environment variables by name
   * @param root of the file system, where running processes show themselves
   */
  public SonarSwitch(Path home, Map<String, String> environment, Path root) {
    this.home = home;
    this.environment = Map.copyOf(environment);
    this.root = root;
  }

  @Override
  public Position position() {
    try {
      return new Look().position();
    } catch (IOException e) {
      String why = Settings.FILE + " cannot be read (" + e.getClass().getSimpleName() + ")";
      return new Position(false, why, List.of(why + ": telemetry stays off until it can"));
    }
  }

  /** One look at all the places. */
  private final class Look {
    private final Settings settings = Settings.read(home, environment);
    private final Set<String> on = new LinkedHashSet<>();
    private final Set<String> off = new LinkedHashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();

    /** Whether the server obeys one of the places that turn it off. */
    private boolean obeyed = !productSends(settings);

    private Look() throws IOException {}

    Position position() {
      for (String broken : settings.problems()) {
        off.add(broken);
        problems.add(broken + ": telemetry stays off until then");
      }
      for (Setting setting : settings.inFile()) {
        if (SPELLINGS.contains(setting.key())) {
          judge(setting);
        } else {
          slip(setting.key(), setting.origin());
          options(setting.value(), setting.key() + ", " + setting.origin());
        }
      }
      variables(environment, "environment variable ");
      scripts();
      for (Processes.Running server : Processes.of(home, root)) {
        running(server);
      }
      if (!obeyed && !off.isEmpty() && problems.isEmpty()) {
        problems.add(
            String.join("; ", off)
                + ": turns Candor off, but SonarQube's own daemon does not read it and goes on"
                + " sending: set "
                + PRODUCT
                + "=false in "
                + Settings.FILE
                + " as well");
      }
      if (!off.isEmpty()) {
        return new Position(false, String.join("; ", off), List.copyOf(problems));
      }
      return new Position(
          true, on.isEmpty() ? "the default" : String.join("; ", on), List.copyOf(problems));
    }

    /** Whether SonarQube's own daemon would be off by this setting, where it reads it. */
    private boolean judge(Setting setting) {
      String value = setting.value().toLowerCase(Locale.ROOT);
      String said = setting.key() + "=" + value + " (" + setting.origin() + ")";
      if (value.equals("true")) {
        on.add(said);
        return false;
      }
      if (value.equals("false")) {
        off.add(said);
        return setting.key().equals(PRODUCT);
      }
      off.add(setting.key() + " is neither true nor false (" + setting.origin() + ")");
      problems.add(
          setting
                  .problem()
                  .orElseGet(
                      () ->
                          setting.key()
                              + ": "
                              + shown(setting.value())
                              + " is neither true nor false ("
                              + setting.origin()
                              + ")")
              + ": telemetry stays off until it is one of them");
      return setting.key().equals(PRODUCT);
    }

    private void variables(Map<String, String> variables, String origin) {
      variables.forEach(
          (name, value) -> {
            boolean known = false;
            for (String key : SPELLINGS) {
              if (name.equals(key) || name.equals(Settings.variable(key))) {
                known = true;
                String filled = Settings.fill(value.strip(), variables);
                Setting setting = new Setting(key, filled, origin + name);
                obeyed |= judge(setting);
              }
            }
            if (!known) {
              slip(name, origin.strip());
              obeyed |= options(value, origin + name) && JVM_OPTIONS.contains(name);
            }
          });
    }

    /** As {@link #judge}, for all that these options or this line of a script say. */
    private boolean options(String text, String origin) {
      boolean heeded = false;
      Matcher assigned = ASSIGNED.matcher(text);
      for (int from = 0; assigned.find(from); from = assigned.start(2)) {
        String key = assigned.group(1);
        String value = assigned.group(2);
        boolean known = false;
        for (String spelling : SPELLINGS) {
          if (key.equals(spelling) || key.equals(Settings.variable(spelling))) {
            known = true;
            heeded |= judge(new Setting(spelling, value, origin));
          }
        }
        if (!known) {
          slip(key, origin);
        }
      }
      return heeded;
    }

    private void scripts() {
      List<Path> files = new ArrayList<>(List.of(home.resolve("conf/wrapper.conf")));
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(home.resolve("bin"), Files::isDirectory)) {
        for (Path system : found) {
          try (DirectoryStream<Path> own =
              Files.newDirectoryStream(system, "*.{sh,bat,cmd,conf,env}")) {
            own.forEach(files::add);
          }
        }
      } catch (IOException e) {
        // Not every installation has start scripts.
      }
      for (Path file : files) {
        script(file);
      }
    }

    private void script(Path file) {
      String name = String.valueOf(home.relativize(file));
      try {
        if (!Files.exists(file) || Files.size(file) > MOST_SCRIPT) {
          return;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        int number = 0;
        for (String line : text.split("\\R", -1)) {
          number++;
          if (!COMMENT.matcher(line).matches()) {
            obeyed |= options(line, name + ", line " + number);
          }
        }
      } catch (IOException e) {
        unknown(name + " cannot be read", "let this user read it");
      }
    }

    private void running(Processes.Running server) {
      String process = " of the running server, process " + server.pid();
      // The main process hands its system properties on; the others' are not read.
      boolean main = server.arguments().stream().noneMatch(a -> a.startsWith("org.sonar."));
      for (String argument : server.arguments()) {
        obeyed |= options(argument, "command line" + process) && main;
      }
      server
          .environment()
          .ifPresentOrElse(
              variables -> {
                Switch.doNotTrack(variables).ifPresent(wish -> off.add(wish + process));
                variables(variables, "environment" + process + ", ");
              },
              () ->
                  unknown(
                      "the environment" + process + " cannot be read",
                      "run Candor as the server's user"));
    }

    /** A place that may hold the switch; where a line says that it is on, that is enough. */
    private void unknown(String what, String remedy) {
      if (on.isEmpty()) {
        off.add(what);
        problems.add(
            what
                + ", and it may say that telemetry is off: "
                + remedy
                + ", or write "
                + PRODUCT
                + "=true or false into "
                + Settings.FILE);
      }
    }

    private void slip(String written, String origin) {
      String plain = written.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
      if (SPELLINGS.contains(written) || !near(plain)) {
        return;
      }
      String meant =
          distance(plain, PAGE) < distance(plain, PRODUCT) && !OPPOSITES.contains(plain)
              ? PAGE
              : PRODUCT;
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

  private static boolean near(String plain) {
    return OPPOSITES.contains(plain)
        || SPELLINGS.stream().anyMatch(spelling -> distance(plain, spelling) <= SLIP);
  }

  /** A value that is a word; anything else might be a secret that got here by mistake. */
  private static String shown(String value) {
    return value.matches("[A-Za-z0-9]{1,12}") ? "\"" + value + "\"" : "what stands there";
  }

  /** Whether SonarQube's own daemon sends: anything but true in its one key is off to it. */
  static boolean productSends(Settings settings) {
    return settings
        .get(PRODUCT)
        .map(setting -> setting.value().equalsIgnoreCase("true"))
        .orElse(true);
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
