package dev.candor.sonarqube.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The processes of a server on this machine, as far as this user may look at them: what they were
 * started with decides, whatever the files say by now. Empty where there is no {@code /proc}.
 */
final class Processes {
  private static final Pattern PROGRAM = Pattern.compile("(?:.*/)?(?:javaw?|wrapper[^/]*)");
  private static final Pattern SONARQUBE =
      Pattern.compile("sonar-application|\\borg\\.sonar\\.|wrapper\\.conf");

  /**
   * A process.
   *
   * @param arguments its command line, the program first
   * @param environment its variables; empty where this user may not read them
   */
  record Running(String pid, List<String> arguments, Optional<Map<String, String>> environment) {}

  private Processes() {}

  /**
   * Those that run the server in this folder.
   *
   * @param root of the file system
   */
  static List<Running> of(Path home, Path root) {
    List<Running> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root.resolve("proc"), "[0-9]*")) {
      for (Path process : all) {
        List<String> arguments = fields(process.resolve("cmdline")).orElse(List.of());
        if (isSonarQube(arguments) && isOf(home, process, arguments)) {
          found.add(
              new Running(
                  String.valueOf(process.getFileName()),
                  arguments,
                  fields(process.resolve("environ")).map(Processes::variables)));
        }
      }
    } catch (IOException e) {
      return found; // no /proc here, as on other systems than Linux
    }
    return found;
  }

  private static boolean isSonarQube(List<String> arguments) {
    return !arguments.isEmpty()
        && PROGRAM.matcher(arguments.get(0)).matches()
        && arguments.stream().anyMatch(argument -> SONARQUBE.matcher(argument).find());
  }

  /** It works in the folder, or names it; the first is not to be seen of another user's. */
  private static boolean isOf(Path home, Path process, List<String> arguments) {
    String named = home.toAbsolutePath().normalize() + "/";
    if (arguments.stream().anyMatch(argument -> argument.contains(named))) {
      return true;
    }
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).startsWith(home.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** What stands between zeros; empty if the file cannot be read. */
  private static Optional<List<String>> fields(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return Optional.of(text.isEmpty() ? List.of() : List.of(text.split("\0", -1)));
    } catch (IOException e) {
      return Optional.empty(); // another user's, or it ended meanwhile
    }
  }

  private static Map<String, String> variables(List<String> fields) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String field : fields) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        variables.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    return variables;
  }
}
