package dev.candor.sonarqube.agent;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;

/**
 * A server's settings as it reads them: {@code conf/sonar.properties}, with the line of each, and
 * above it the environment: variables as SonarQube names them, above those the ones that are named
 * like the setting itself, which its container hands on as {@code -D}. Read once; a changed file is
 * read anew.
 */
final class Settings {
  static final String FILE = "conf/sonar.properties";

  private final Map<String, Setting> file;
  private final Map<String, String> environment;
  private final List<String> problems;

  private Settings(
      Map<String, Setting> file, Map<String, String> environment, List<String> problems) {
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read
   */
  static Settings read(Path home, Map<String, String> environment) throws IOException {
    Map<String, Setting> settings = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    String text = new String(Files.readAllBytes(home.resolve(FILE)), StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      problems.add(FILE + " holds zeros: save it as UTF-8");
    }
    int number = 0;
    StringBuilder logical = new StringBuilder();
    int start = 1;
    for (String line : text.split("\\r\\n|\\r|\\n", -1)) {
      number++;
      boolean fresh = logical.length() == 0;
      if (fresh) {
        start = number;
      }
      logical.append(line).append('\n');
      boolean comment = fresh && line.stripLeading().matches("[#!].*");
      if (comment || !continues(line)) {
        add(logical.toString(), FILE + ", line " + start, environment, settings, problems);
        logical.setLength(0);
      }
    }
    add(logical.toString(), FILE + ", line " + start, environment, settings, problems);
    return new Settings(settings, environment, problems);
  }

  /** An odd number of backslashes at its end takes the next line in. */
  private static boolean continues(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static void add(
      String logical,
      String origin,
      Map<String, String> environment,
      Map<String, Setting> settings,
      List<String> problems) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logical));
    } catch (IOException | IllegalArgumentException e) {
      problems.add("a broken \\u escape (" + origin + "): write it as \\u and four digits");
      return;
    }
    for (String name : one.stringPropertyNames()) {
      String key = name.strip();
      String value = fill(one.getProperty(name).strip(), environment);
      settings.put(key, new Setting(key, value, origin));
    }
  }

  /** The value as it counts; a variable that is not set stays as it is written. */
  static String fill(String value, Map<String, String> environment) {
    Matcher variable = Setting.VARIABLE.matcher(value);
    StringBuilder filled = new StringBuilder();
    while (variable.find()) {
      String found = environment.get(variable.group(1));
      variable.appendReplacement(
          filled, Matcher.quoteReplacement(found == null ? variable.group() : found));
    }
    return variable.appendTail(filled).toString();
  }

  /** The variable that takes the place of a key: upper case, {@code .} and {@code -} as _. */
  static String variable(String key) {
    return key.toUpperCase(Locale.ENGLISH).replace('.', '_').replace('-', '_');
  }

  /** A setting; one of the environment goes before the file's. */
  Optional<Setting> get(String key) {
    for (String name : List.of(key, variable(key))) {
      String value = environment.get(name);
      if (value != null) {
        String filled = fill(value.strip(), environment);
        return Optional.of(new Setting(key, filled, "environment variable " + name));
      }
    }
    return Optional.ofNullable(file.get(key));
  }

  /** A setting's value that is not empty. */
  Optional<String> value(String key) {
    return get(key).map(Setting::value).filter(value -> !value.isEmpty());
  }

  /**
   * A setting that is not empty and is to be used now.
   *
   * @throws SettingsException if it needs a variable that is not set
   */
  Optional<Setting> used(String key) throws SettingsException {
    Optional<Setting> setting = get(key).filter(s -> !s.value().isEmpty());
    Optional<String> problem = setting.flatMap(Setting::problem);
    if (problem.isPresent()) {
      throw new SettingsException(problem.get());
    }
    return setting;
  }

  /** Every setting of the file. */
  Iterable<Setting> inFile() {
    return file.values();
  }

  Map<String, String> environment() {
    return environment;
  }

  /** What is wrong with the file itself, so that nobody can say what it sets. */
  List<String> problems() {
    return problems;
  }
}
