package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.candor.collector.dashboard.Endpoints;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What ships is what works: all that can be asked of the packed command, and all that is promised.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PackedIT {
  private static final String PASSWORD = "correct horse battery";
  private static final Path TOP = Path.of("").toAbsolutePath().getParent();
  private static final String FULL = "/dev/full";

  /** A fence, its commands. */
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  private static final Pattern INLINE = Pattern.compile("`(?:\\./)?candor ([^`]+)`");

  /** What cannot be tried here, and why. */
  private static final Map<String, String> NOT_HERE =
      Map.of(
          "./candor test", "that is what runs this",
          "./candor bench", "takes long, and is the CI's own step",
          "--tls-certificate", "needs a certificate; TlsTest has one");

  private Path folder;
  private Packed packed;
  private SmallServer server;
  private Packed.Running serve;
  private URI ingest;
  private URI dashboard;
  private String session;
  private String viewer;
  private List<Endpoints.One> endpoints;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    packed = new Packed(folder);
    server = new SmallServer(folder.resolve("server"));
    Path resources = Path.of("src/test/resources/pings").toAbsolutePath();
    Files.createDirectory(folder.resolve("pings"));
    try (Stream<Path> pings = Files.list(resources)) {
      for (Path ping : pings.toList()) {
        Files.copy(ping, folder.resolve("pings").resolve(ping.getFileName()));
      }
    }
    Files.copy(resources.resolve("9.7.0-h2-rich-POST.json"), folder.resolve("ping.json"));
    Door made = packed.run("./candor simulate --instances 30 --days 9 --output fleet.ndjson.gz");
    assertThat(made.exitCode()).as(made.err()).isZero();
    Door imported = packed.run("./candor import fleet.ndjson.gz --data d");
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    serve =
        packed.start(
            "./candor serve --data d --ingest 127.0.0.1:0 --dashboard 127.0.0.1:0", "/welcome/");
    String said = String.join("\n", serve.said());
    ingest = URI.create(found(said, "Receiving at ([^;]+);"));
    server.set("candor.telemetry.url", ingest + "/sonarqube");
    dashboard = URI.create(found(said, "Dashboard at (\\S+)"));
    URI first = URI.create(found(said, "(http\\S+/welcome/\\S+)"));
    HttpResponse<String> in = post(first, "password", PASSWORD, "again", PASSWORD);
    session = in.headers().firstValue("Set-Cookie").orElse("none").split(";", 2)[0];
    String page = ask("GET", "/admin/tokens", session).body();
    String csrf = found(page, "name=\"csrf\" value=\"([^\"]+)\"");
    String made2 =
        post(
                dashboard.resolve("/admin/tokens"),
                "name",
                "looker",
                "role",
                "viewer",
                "days",
                "30",
                "csrf",
                csrf)
            .body();
    viewer = "Bearer " + found(made2, "(candor_[A-Za-z0-9_-]+)");
    try (Site site = Site.of(folder.resolve("site"))) {
      endpoints = Endpoints.of(site.dashboard());
    }
    assertThat(endpoints).hasSizeGreaterThan(40);
  }

  @AfterAll
  void stop() throws Exception {
    client.close();
    serve.close();
    server.close();
  }

  private static String found(String text, String expression) {
    Matcher found = Pattern.compile(expression).matcher(text);
    assertThat(found.find()).as("%s in %s", expression, text).isTrue();
    return found.group(1);
  }

  private HttpResponse<String> post(URI address, String... fields) throws Exception {
    List<String> form = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      form.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", form)));
    if (session != null) {
      request.header("Cookie", session);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As somebody with a cookie or a token, or as nobody. */
  private HttpResponse<String> ask(String method, String path, String who) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(dashboard.resolve(path))
            .method(
                method,
                method.equals("GET") || method.equals("HEAD")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"));
    if (!who.isEmpty()) {
      request.header(who.startsWith("Bearer") ? "Authorization" : "Cookie", who);
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      request.header("Content-Type", "application/json");
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A pattern's path to something that is there. */
  private String path(String pattern, String id) {
    return pattern
        .replace("{product}", "sonarqube")
        .replace("{report}", "versions")
        .replace("{page}", "versions")
        .replace("{id}", id)
        .replace("{message}", "ping")
        .replaceAll("\\{[a-z]+}", "1");
  }

  @Test
  void everyEndpointAnswersWhoeverAsks() throws Exception {
    String id =
        found(
            ask("GET", "/api/v1/products/sonarqube/instances", session).body(),
            "\"rows\":\\[\\[\"([A-Za-z0-9_-]+)\"");
    Map<String, Integer> faults = new TreeMap<>();
    Set<String> good = new TreeSet<>();
    for (Endpoints.One endpoint : endpoints) {
      String path = path(endpoint.pattern(), id);
      for (String who : List.of("", viewer, session)) {
        HttpResponse<String> answer = ask(endpoint.method(), path, who);
        if (answer.statusCode() >= 500) {
          faults.put(endpoint.method() + " " + path, answer.statusCode());
        }
        if (answer.statusCode() == 200) {
          good.add(endpoint.method() + " " + endpoint.pattern());
        }
        if (endpoint.method().equals("GET")) {
          HttpResponse<String> head = ask("HEAD", path, who);
          assertThat(head.statusCode()).as("HEAD " + path).isEqualTo(answer.statusCode());
          assertThat(head.body()).as("HEAD " + path).isEmpty();
        }
      }
    }
    assertThat(faults).isEmpty();
    // What is named by a 1 is not there; all others are.
    assertThat(
            endpoints.stream()
                .filter(endpoint -> endpoint.method().equals("GET"))
                .filter(endpoint -> !path(endpoint.pattern(), id).matches(".*/1(/.*)?"))
                .filter(endpoint -> !endpoint.pattern().matches("/|.*/query|/sign-in.*"))
                .map(endpoint -> "GET " + endpoint.pattern()))
        .isSubsetOf(good);
    assertThat(ask("GET", "/api/v1/openapi.json", "").body()).contains("\"openapi\":\"3.1.0\"");
    noFaults();
  }

  @Test
  void everyReportAndPageIsThere() throws Exception {
    Map<String, Integer> bad = new TreeMap<>();
    dev.candor.store.Product product = new Products().all().getFirst();
    List<String> paths = new ArrayList<>();
    product.reports().forEach(r -> paths.add("/p/sonarqube/reports/" + r.name()));
    product.reports().forEach(r -> paths.add("/api/v1/products/sonarqube/reports/" + r.name()));
    for (String path : paths) {
      int status = ask("GET", path, session).statusCode();
      if (status != 200) {
        bad.put(path, status);
      }
      int viewed = ask("GET", path, viewer).statusCode();
      if (viewed != 200 && viewed != 403) {
        bad.put(path + " for a viewer", viewed);
      }
    }
    assertThat(bad).isEmpty();
    noFaults();
  }

  @Test
  void everyPathOfTheReceiverAnswers() throws Exception {
    for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
      for (String method : List.of("GET", "HEAD")) {
        HttpRequest request =
            HttpRequest.newBuilder(ingest.resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .as(method + " " + path)
            .isEqualTo(200);
      }
    }
    for (Dictionary product : new Products().allDictionaries()) {
      for (MessageType type : product.messages()) {
        URI address = ingest.resolve("/" + product.product() + type.path());
        HttpRequest request =
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .method(type.method(), HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .as(type.method() + " " + address)
            .isEqualTo(422);
      }
    }
    noFaults();
  }

  private void noFaults() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(ingest.resolve("/metrics")).build();
    String metrics = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    assertThat(metrics.lines().filter(line -> line.startsWith("candor_faults_total")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" 0.0"));
    assertThat(Files.readString(serve.err())).doesNotContain(" error ").doesNotContain("\tat ");
  }

  /** A jar that only the tests have is missed here. */
  @Test
  void everyClassThatOursNeedIsPacked() throws Exception {
    Path lib = Path.of("target/lib");
    List<URL> jars = new ArrayList<>();
    List<Path> ours = new ArrayList<>();
    try (Stream<Path> all = Files.list(lib)) {
      for (Path jar : all.filter(path -> path.toString().endsWith(".jar")).toList()) {
        jars.add(jar.toUri().toURL());
        if (jar.getFileName()
            .toString()
            .matches("(cli|client|collector|dictionary|sonarqube|store)-.*T\\.jar")) {
          ours.add(jar);
        }
      }
    }
    assertThat(ours).hasSize(6);
    Set<String> missing = new TreeSet<>();
    try (URLClassLoader packedOnly =
        new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      for (JavaClass one : new ClassFileImporter().importPaths(ours)) {
        for (Dependency needed : one.getDirectDependenciesFromSelf()) {
          String name = needed.getTargetClass().getBaseComponentType().getName();
          if (name.contains(".")
              && packedOnly.getResource(name.replace('.', '/') + ".class") == null) {
            missing.add(name);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyCommandHelpsWithAnExample() {
    CommandLine whole = whole();
    List<String> commands = new ArrayList<>(List.of(""));
    collect(whole, "", commands);
    return commands.stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    "candor " + command,
                    () -> {
                      Door help = packed.run("./candor " + command + " --help");
                      assertThat(help.exitCode()).as(help.err()).isZero();
                      assertThat(help.err()).isEmpty();
                      assertThat(help.out())
                          .contains(("Usage: candor " + command).strip())
                          .containsPattern("(Examples?|First steps):\\R +.*candor ");
                    }));
  }

  private static CommandLine whole() {
    return Candor.commandLine(
        new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()));
  }

  private static void collect(CommandLine command, String before, List<String> all) {
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              all.add((before + " " + name).strip());
              collect(sub, before + " " + name, all);
            });
  }

  @TestFactory
  Stream<DynamicTest> everyCommandOfTheDocumentsWorks() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        for (String line : block.group(1).replace("\\\n", " ").split("\n", -1)) {
          String command = line.replaceFirst("\\s*(^|\\s)#.*$", "").strip();
          boolean here = NOT_HERE.keySet().stream().noneMatch(what -> command.contains(what));
          if (!command.isEmpty() && here) {
            tests.add(
                DynamicTest.dynamicTest(
                    TOP.relativize(document) + ": " + command, () -> works(command)));
          }
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
      return Stream.concat(
              Stream.of(TOP.resolve("README.md"), TOP.resolve("examples/README.md")),
              docs.filter(path -> path.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /** As it stands there, but for places that are only here. */
  private void works(String command) throws Exception {
    String here =
        command
            .replaceFirst("^(\\./)?candor", "./candor")
            .replace("/opt/sonarqube", server.home().toString())
            .replace("https://telemetry.example.com/sonarqube", ingest.resolve("/sonarqube") + "")
            .replace("/var/lib/candor", folder.resolve("var").toString())
            .replaceAll("(0\\.0\\.0\\.0|127\\.0\\.0\\.1):77\\d\\d", "127.0.0.1:0");
    if (here.startsWith("./candor demo")) {
      here += " --instances 20 --days 10";
    }
    boolean report = here.contains(" report");
    if (report) {
      here = here.replace("candor-data", "d"); // A receiver has it open.
    }
    if (here.contains(" serve ")) {
      String ports = here.contains("--ingest") ? "" : " --ingest 127.0.0.1:0";
      String pages = here.contains("--dashboard") ? "" : " --dashboard 127.0.0.1:0";
      String data = here.contains("--data") ? "" : " --data other-data";
      goesOnUntilStopped(here + ports + pages + data, "Receiving at");
    } else if (here.contains(" agent ")) {
      goesOnUntilStopped(here, "State in ");
    } else {
      Door door = packed.run(here);
      assertThat(door.exitCode()).as("%s%n%s%s", here, door.out(), door.err()).isZero();
      assertThat(door.out()).isNotEmpty();
    }
  }

  private void goesOnUntilStopped(String command, String ready) throws Exception {
    try (Packed.Running running = packed.start(command, ready)) {
      assertThat(running.stop()).as(Files.readString(running.err())).isZero();
    }
  }

  /** Their options are those that the command has. */
  @Test
  void whatTheDocumentsSayOfCommandsInPassingIsTrue() throws Exception {
    CommandLine whole = whole();
    Set<String> wrong = new TreeSet<>();
    for (Path document : documents()) {
      Matcher inline = INLINE.matcher(Files.readString(document));
      while (inline.find()) {
        String[] words = inline.group(1).strip().split("\\s+", -1);
        if (Set.of("test", "bench", "COMMAND").contains(words[0])) {
          continue;
        }
        CommandLine command = whole;
        for (String word : words) {
          CommandLine sub = command.getSubcommands().get(word);
          command = sub == null ? command : sub;
          String option = word.replaceFirst("[=,;].*", "");
          boolean known =
              !word.startsWith("--") || command.getCommandSpec().findOption(option) != null;
          if (!known || (command.equals(whole) && !word.startsWith("-"))) {
            wrong.add(TOP.relativize(document) + ": candor " + inline.group(1));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> outputThatCannotBeWrittenIsAFailure() {
    String home = " --home " + server.home() + " --state full-state";
    return Stream.of(
            "report instances --data d --format csv",
            "report versions --data d",
            "dictionary",
            "simulate --instances 3 --days 2",
            "simulate --instances 3 --days 2 --output " + FULL,
            "report versions --data d --format csv --output " + FULL,
            "check ping.json",
            "completion",
            "key list --data d",
            "preview" + home,
            "status" + home,
            "sent" + home,
            "export full.json" + home,
            "import pings --data full",
            "--help",
            "report --help",
            "--version")
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command,
                    () -> {
                      assumeTrue(Files.exists(Path.of(FULL)), "a device that is always full");
                      Door door =
                          packed.run(
                              "./candor " + command + (command.endsWith(FULL) ? "" : " >" + FULL));
                      assertThat(door.exitCode()).as(door.err()).isEqualTo(1);
                      assertThat(door.err())
                          .contains("could not be written: No space left on device")
                          .startsWith("candor: ");
                    }));
  }

  @Test
  void helpIsAlsoAWord() throws Exception {
    assertThat(packed.run("./candor help key add").out()).startsWith("Usage: candor key add ");
    assertThat(packed.run("./candor help").out()).startsWith("Usage: candor ");
  }

  @Test
  void aReaderThatHasGoneIsNoFailure() throws Exception {
    Door door = packed.run("set -o pipefail; ./candor dictionary | head -n 1");
    assertThat(door.out().lines()).hasSize(1);
    assertThat(door.err()).isEmpty();
  }

  @Test
  void theReceiverStopsWhenToldToAndNothingStaysInTheTemporaryFolder() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    goesOnUntilStopped(
        "./candor serve --data t --dashboard 127.0.0.1:0 --ingest 127.0.0.1:" + port,
        "Receiving at");
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }
}
