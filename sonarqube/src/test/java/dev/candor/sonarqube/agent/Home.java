package dev.candor.sonarqube.agent;

import dev.candor.client.Preview;
import dev.candor.client.Telemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A made-up SonarQube folder: version, plugins, drivers, settings. */
final class Home {
  static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  /** A server of this version with the drivers of the test's class path. */
  Home(Path folder, String version) {
    this.folder = folder;
    try {
      Files.createDirectories(folder.resolve("conf"));
      jar("lib/sonar-application-" + version + ".jar", Map.of());
      settings("");
      driver("h2", org.h2.Driver.class);
      driver("postgresql", org.postgresql.Driver.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void driver(String kind, Class<?> driver) throws IOException {
    try {
      Path jar = Path.of(driver.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path place = Files.createDirectories(folder.resolve("lib/jdbc/" + kind));
      Files.copy(
          jar, place.resolve(kind + ".jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  void plugin(String place, String key, String version) {
    jar(place + "/" + key + ".jar", Map.of("Plugin-Key", key, "Plugin-Version", version));
  }

  void jar(String place, Map<String, String> attributes) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach(
        (name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
    try {
      Path file = folder.resolve(place);
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file);
          JarOutputStream jar = new JarOutputStream(out, manifest)) {
        jar.finish();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Home settings(String text) {
    try {
      Files.writeString(folder.resolve("conf/sonar.properties"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Home environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path folder() {
    return folder;
  }

  SonarSwitch position() {
    return position(folder.resolve("root"));
  }

  /** As the file system with this root shows it. */
  SonarSwitch position(Path root) {
    return new SonarSwitch(folder, environment, root);
  }

  SonarQubeAgent agent(Form form) throws SettingsException {
    return SonarQubeAgent.open(
        new SonarQubeAgent.Options(
            folder,
            folder.resolve("state"),
            Optional.of("https://telemetry.example/sonarqube"),
            Optional.of(form),
            environment,
            folder.resolve("root"),
            folder.resolve("user")));
  }

  /** What would be sent, and what became of each source. */
  record Payload(String json, Preview preview) {}

  Payload payload(Form form) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Telemetry telemetry = agent(form).telemetry(Clock.fixed(NOW, ZoneOffset.UTC)).build()) {
      Preview preview = telemetry.preview(out);
      return new Payload(out.toString(StandardCharsets.UTF_8), preview);
    }
  }
}
