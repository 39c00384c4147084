package dev.candor.bench;

import dev.candor.sonarqube.agent.Collecting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** What the agent takes of a large SonarQube's database and of its own memory. */
final class ClientPart implements Part {
  private static final int ABOVE_IDLE = 32;

  @Override
  public String name() {
    return "client";
  }

  @Override
  public String about() {
    return "collecting 20,000 projects and 10,000 users against a plain SELECT of the same rows";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    int projects = setting.brief() ? 500 : 20_000;
    try (Postgres postgres = Postgres.start(setting)) {
      postgres.execute(resource("sonarqube.sql").replace("20000", String.valueOf(projects)));
      String url = postgres.url();
      Path home = home(setting, url);
      double idle = Double.parseDouble(collect(setting, home, url, 64, 1).getFirst());
      int heap = (int) idle + ABOVE_IDLE;
      List<Double> plain = new ArrayList<>();
      List<Double> ours = new ArrayList<>();
      List<String> said = collect(setting, home, url, heap, setting.rounds() + 2);
      // The first rounds warm up.
      for (String line : said.subList(3, said.size())) {
        plain.add(Double.parseDouble(line.split(" ", -1)[0]));
        ours.add(Double.parseDouble(line.split(" ", -1)[1]));
      }
      Spread select = new Spread(plain);
      Spread collecting = new Spread(ours);
      results.table(
          String.format(
              Locale.ROOT, "Collecting %,d projects and %,d users, s", projects, projects / 2),
          List.of("what", "s"),
          List.of(
              List.of("plain SELECT, row by row", select.toString()),
              List.of("**Candor**'s agent, heap of " + heap + " MB", collecting.toString())));
      results.atMost("client, collecting", "a plain SELECT", collecting.over(select), 1.5);
      results.bound(
          "client, heap above idle in which it collects",
          Spread.of(least(setting, home, url, (int) idle) - idle),
          "MB",
          ABOVE_IDLE);
    }
  }

  /** A SonarQube's folder: its version, its settings, its driver. */
  private static Path home(Setting setting, String url) throws Exception {
    Path home = setting.folder("sonarqube");
    Files.createDirectories(home.resolve("conf"));
    Path drivers = Files.createDirectories(home.resolve("lib/jdbc/postgresql"));
    Files.writeString(home.resolve("conf/sonar.properties"), "sonar.jdbc.url=" + url + "\n");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    try (OutputStream out =
            Files.newOutputStream(home.resolve("lib/sonar-application-9.7.0.61563.jar"));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    Files.copy(
        Path.of(
            org.postgresql.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()),
        drivers.resolve("postgresql.jar"));
    return home;
  }

  /** The smallest heap of a few in which it collects without leaving anything out, in MB. */
  private static int least(Setting setting, Path home, String url, int idle) throws Exception {
    for (int above = 4; above <= ABOVE_IDLE; above *= 2) {
      try {
        collect(setting, home, url, idle + above, 1);
        return idle + above;
      } catch (IOException e) {
        setting.say("  not in " + above + " MB above idle");
      }
    }
    throw new IOException("it does not collect in " + ABOVE_IDLE + " MB above idle");
  }

  private static List<String> collect(Setting setting, Path home, String url, int heap, int rounds)
      throws Exception {
    Path log = setting.work().resolve("collecting.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Collecting.class.getName(),
                home.toString(),
                url,
                String.valueOf(rounds))
            .redirectError(log.toFile())
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> said = out.lines().toList();
      if (process.waitFor() != 0 || said.size() != rounds + 1) {
        throw new IOException("collecting failed:\n" + Files.readString(log));
      }
      return said;
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = ClientPart.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
