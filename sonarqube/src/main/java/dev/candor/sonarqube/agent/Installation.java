package dev.candor.sonarqube.agent;

import dev.candor.client.Omission;
import dev.candor.client.SourceException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a server's folder tells: version, edition, plugins, drivers. */
final class Installation {
  private static final Pattern APPLICATION =
      Pattern.compile("sonar-application-([0-9]+(?:\\.[0-9]+){1,3})\\.jar");
  private static final List<String> PLUGIN_FOLDERS =
      List.of("lib/extensions", "extensions/plugins", "extensions/downloads");

  /** Plugins that come with one commercial edition and those above it. */
  private static final Set<String> ENTERPRISE =
      Set.of("governance", "cobol", "apex", "rpg", "vb", "pli", "securityenterprise");

  private static final Set<String> DEVELOPER =
      Set.of("license", "developer", "cpp", "swift", "plsql", "tsql", "abap", "security");

  private final Path home;
  private final Path root;

  /**
   * The server in this folder.
   *
   * @param root of the file system, where a container shows itself
   */
  Installation(Path home, Path root) {
    this.home = home;
    this.root = root;
  }

  /** The full version, such as 9.7.0.61563: in the name of the application's jar. */
  String version() throws SourceException {
    for (Path jar : jars("lib")) {
      Matcher name = APPLICATION.matcher(String.valueOf(jar.getFileName()));
      if (name.matches()) {
        return name.group(1);
      }
    }
    throw new SourceException(
        Omission.FAILED, "no lib/sonar-application-VERSION.jar: is --home a SonarQube's folder?");
  }

  /**
   * The edition. A server knows it from its own code; from outside the plugins that only an edition
   * brings tell it, and cluster mode the Data Center edition.
   */
  String edition(Settings settings) throws SourceException {
    Optional<String> said = told(settings, "candor.telemetry.edition");
    if (said.isPresent()) {
      return said.get().toLowerCase(Locale.ROOT);
    }
    Set<String> plugins = plugins().keySet();
    boolean enterprise = plugins.stream().anyMatch(ENTERPRISE::contains);
    boolean cluster =
        settings.value("sonar.cluster.enabled").filter(v -> v.equalsIgnoreCase("true")).isPresent();
    if (enterprise) {
      return cluster ? "datacenter" : "enterprise";
    }
    return plugins.stream().anyMatch(DEVELOPER::contains) ? "developer" : "community";
  }

  /** A setting that says what cannot be found out. */
  static Optional<String> told(Settings settings, String key) throws SourceException {
    try {
      return settings.used(key).map(Setting::value);
    } catch (SettingsException e) {
      throw new SourceException(Omission.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Versions of the plugins in the folder by key; {@code undefined} where one has none. */
  Map<String, String> plugins() throws SourceException {
    Map<String, String> plugins = new LinkedHashMap<>();
    for (String folder : PLUGIN_FOLDERS) {
      for (Path jar : jars(folder)) {
        try (JarFile file = new JarFile(jar.toFile())) {
          Manifest manifest = file.getManifest();
          Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
          String key = main.getValue("Plugin-Key");
          String version = main.getValue("Plugin-Version");
          if (key != null) {
            plugins.putIfAbsent(key, version == null ? "undefined" : version);
          }
        } catch (IOException e) {
          throw new SourceException(
              Files.isReadable(jar) ? Omission.FAILED : Omission.DENIED,
              "a plugin's jar in " + folder + " cannot be read");
        }
      }
    }
    return plugins;
  }

  /** Whether the server runs in a container, found out as the server does. */
  boolean container() {
    if (Files.exists(root.resolve("run/.containerenv"))) {
      return true;
    }
    try {
      String groups =
          new String(
              Files.readAllBytes(root.resolve("proc/1/cgroup")), StandardCharsets.ISO_8859_1);
      return groups
          .lines()
          .anyMatch(
              line ->
                  line.contains("/docker")
                      || line.contains("/kubepods")
                      || line.contains("containerd.service"));
    } catch (IOException e) {
      return false;
    }
  }

  /** The driver that the installation brings for this kind of database. */
  Driver driver(String kind, String className) throws SettingsException {
    String folder = kind.equals("oracle") ? "extensions/jdbc-driver/oracle" : "lib/jdbc/" + kind;
    List<URL> jars = new ArrayList<>();
    try {
      for (Path jar : jars(folder)) {
        jars.add(jar.toUri().toURL());
      }
      if (jars.isEmpty()) {
        throw new SettingsException("no JDBC driver in " + folder + " of the installation");
      }
      ClassLoader loader =
          new URLClassLoader(jars.toArray(URL[]::new), Installation.class.getClassLoader());
      return (Driver) loader.loadClass(className).getDeclaredConstructor().newInstance();
    } catch (SourceException | MalformedURLException | ReflectiveOperationException e) {
      throw new SettingsException(
          "the JDBC driver in " + folder + " cannot be loaded (" + e.getClass().getName() + ")");
    }
  }

  private List<Path> jars(String folder) throws SourceException {
    Path place = home.resolve(folder);
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new SourceException(Omission.DENIED, folder + " cannot be listed");
    }
  }
}
