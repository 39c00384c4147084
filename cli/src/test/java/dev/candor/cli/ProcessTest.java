package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, and what it leaves behind when it is stopped or killed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessTest {
  @TempDir Path folder;

  private Process candor(String... args) throws IOException {
    Files.createDirectory(temporary());
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary(),
                "-cp",
                System.getProperty("java.class.path"),
                Candor.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).start();
  }

  private Path temporary() {
    return folder.resolve("temporary");
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** All instances: the report {@code instances} has ten thousand at most. */
  private Set<String> stored() throws IOException {
    Path reports = Files.createDirectories(folder.resolve("reports"));
    Files.writeString(
        reports.resolve("ids.sql"),
        "-- title: Ids\n-- question: Whose pings are here?\n-- chart: table\nSELECT id FROM instance");
    Door report =
        Door.candor(
            "report", "ids", "--data", "" + data(), "--reports", "" + reports, "--format", "csv");
    assertThat(report.err()).isEmpty();
    List<String> ids = report.out().lines().skip(1).toList();
    assertThat(ids).doesNotHaveDuplicates();
    return Set.copyOf(ids);
  }

  @Test
  void aReceiverThatIsToldToStopLosesNothingThatItAcknowledged() throws Exception {
    Process serve =
        candor(
            "serve",
            "--data",
            data().toString(),
            "--ingest",
            "127.0.0.1:0",
            "--dashboard",
            "127.0.0.1:0");
    try (BufferedReader out = serve.inputReader(StandardCharsets.UTF_8);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      String first = out.readLine();
      URI address = URI.create(first.replaceFirst("Receiving at ([^;]*);.*", "$1") + "/sonarqube");
      AtomicBoolean going = new AtomicBoolean(true);
      AtomicInteger answers = new AtomicInteger();
      List<Future<Set<String>>> all =
          IntStream.range(0, 8)
              .mapToObj(i -> senders.submit(sender(client, address, i, going, answers)))
              .toList();
      Thread.ofPlatform().daemon().start(() -> out.lines().forEach(line -> {}));
      waitFor(() -> answers.get() > 500);
      serve.toHandle().destroy();
      assertThat(serve.waitFor()).isZero();
      going.set(false);
      Set<String> acknowledged = new HashSet<>();
      for (Future<Set<String>> one : all) {
        acknowledged.addAll(one.get());
      }
      assertThat(acknowledged).isNotEmpty();
      assertThat(stored()).containsAll(acknowledged);
    }
  }

  private static Callable<Set<String>> sender(
      HttpClient client, URI address, int number, AtomicBoolean going, AtomicInteger answers) {
    return () -> {
      Set<String> acknowledged = new HashSet<>();
      for (int i = 0; going.get() && i < 100_000; i++) {
        String id = "instance-" + number + "-" + i;
        HttpRequest request =
            HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"" + id + "\"}"))
                .build();
        try {
          if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 202) {
            acknowledged.add(id);
            answers.incrementAndGet();
          }
        } catch (IOException e) {
          return acknowledged; // it has stopped
        }
      }
      return acknowledged;
    };
  }

  @Test
  void aDemoLeavesNothingBehind() throws Exception {
    Process demo = candor("demo", "--instances", "20", "--days", "10");
    String err;
    try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8);
        BufferedReader errors = demo.errorReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).anyMatch(line -> line.contains("A receiver is listening at"));
      err = String.join("\n", errors.lines().toList());
    }
    assertThat(demo.waitFor()).isZero();
    assertThat(err).doesNotContain("Exception");
    assertThat(temporary()).isEmptyDirectory();
  }

  @Test
  void anImportThatWasKilledGoesOnAndNothingCountsTwice() throws Exception {
    Path file = folder.resolve("pings.ndjson");
    List<String> lines =
        IntStream.range(0, 30_000)
            .mapToObj(i -> "{\"id\":\"instance-" + i + "\",\"docker\":true}")
            .toList();
    Files.write(file, lines);
    Process importing = candor("import", "--data", data().toString(), file.toString());
    Path journal = data().resolve("journal").resolve("sonarqube").resolve("ping");
    waitFor(() -> !isEmpty(journal) || !importing.isAlive());
    assertThat(importing.isAlive()).isTrue();
    importing.destroyForcibly();
    assertThat(importing.waitFor()).isNotZero();
    Door again = Door.candor("import", "--data", data().toString(), file.toString());
    assertThat(again.exitCode()).isZero();
    assertThat(stored()).hasSize(30_000);
  }

  private static boolean isEmpty(Path folder) {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  private static void waitFor(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.call() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(condition.call()).isTrue();
  }
}
