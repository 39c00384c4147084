package dev.candor.cli;

import static dev.candor.cli.Door.candor;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "serve",
        "report",
        "import",
        "check",
        "replay",
        "repair",
        "erase",
        "key",
        "retain",
        "dictionary",
        "simulate",
        "completion"
      })
  void everyCommandExplainsItselfWithAnExample(String command) {
    Door help = candor(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: candor " + command).containsPattern("Examples?:\\R +");
  }

  @Test
  void keysAreMadeListedAndEndedWithoutAReceiver() {
    String data = folder.resolve("data").toString();
    assertThat(candor("key", "list", "--data", data).out()).startsWith("no ingest keys");
    Door made = candor("key", "add", "fleet", "--open-days", "7", "--data", data);
    assertThat(made.exitCode()).isZero();
    assertThat(made.out())
        .containsPattern(
            "sonar.telemetry.url=http://127.0.0.1:7700/key_[A-Za-z0-9_-]{43}/sonarqube")
        .containsPattern("sonar.telemetry.metrics.url=\\S+/sonarqube/metrics")
        .contains("not shown again");
    Door twice = candor("key", "add", "fleet", "--data", data);
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.err()).contains("there is an ingest key of this name");
    assertThat(candor("key", "add", "a b", "--data", data).exitCode()).isEqualTo(2);
    assertThat(candor("key", "end", "fleet", "--on", "soon", "--data", data).err())
        .contains("expected a day such as 2027-02-01");
    assertThat(candor("key", "remove", "fleet", "--data", data).err()).contains("still good");
    assertThat(candor("key", "end", "fleet", "--data", data).out()).startsWith("fleet ends at ");
    assertThat(candor("key", "list", "--data", data).out()).containsPattern("fleet .* ended");
    assertThat(candor("key", "remove", "fleet", "--data", data).exitCode()).isZero();
  }

  @Test
  void mistypedCommandIsOneLineAndAHint() {
    Door door = candor("serv");
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err()).startsWith("candor: Unmatched argument").contains("serve");
    assertThat(door.err()).doesNotContain("\tat ");
  }

  @Test
  void checkTellsKeptDroppedAndRefusedByExitCode() throws Exception {
    Path dropped =
        Files.writeString(
            folder.resolve("dropped.json"),
            "{\"id\":\"147B411E-AaIJJo0hyIMMgkAeqPVB\",\n \"owner\":\"x\",\"docker\":true}");
    Path broken =
        Files.writeString(
            folder.resolve("broken.json"), "{\"id\":\"147B411E-AaIJJo0hyIMMgkAeqPVB\",}");
    assertThat(candor("check", ping("9.7.0-h2-rich-POST.json")))
        .matches(door -> door.exitCode() == 0)
        .matches(door -> door.out().equals("The ping would be kept whole.\n"));
    assertThat(candor("check", ping("10.7.0-h2-rich-POST.json")).out())
        .contains("made coarser /users/4/identityProvider")
        .contains("kept whole, with 5 values made coarser");
    assertThat(candor("check", ping("9.7.0-h2-rich-POST.json.gz")).exitCode()).isZero();
    Door one = candor("check", dropped.toString());
    assertThat(one.exitCode()).isEqualTo(1);
    assertThat(one.out())
        .contains(dropped + ":2:")
        .contains("left out /owner")
        .contains("The ping would be kept without 1 part.");
    Door two = candor("check", broken.toString());
    assertThat(two.exitCode()).isEqualTo(2);
    assertThat(two.out()).contains(broken + ":1:").contains("would be refused");
    Door none = candor("check", folder.resolve("none.json").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).isEqualTo("candor: no such file: " + folder.resolve("none.json") + "\n");
  }

  @Test
  void importsAFolderOnceHoweverOftenItIsRun() throws Exception {
    String data = folder.resolve("data").toString();
    Door first = candor("import", "--data", data, pings());
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    String versions = candor("report", "versions", "--data", data, "--format", "csv").out();
    Door second = candor("import", "--data", data, pings());
    assertThat(second.out()).contains("0 messages kept").contains("imported before");
    assertThat(candor("report", "versions", "--data", data, "--format", "csv").out())
        .isEqualTo(versions)
        .contains("9.9.8.100196,1,");
  }

  @Test
  void sameLinesFromAnotherFileCountOnce() throws Exception {
    String data = folder.resolve("data").toString();
    Path one = folder.resolve("one.ndjson");
    Path two = folder.resolve("two.ndjson.gz");
    for (Path file : List.of(one, two)) {
      assertThat(
              candor(
                      "simulate",
                      "--instances",
                      "5",
                      "--days",
                      "3",
                      "--end",
                      "2026-03-01",
                      "--output",
                      file.toString())
                  .exitCode())
          .isZero();
    }
    assertThat(candor("import", "--data", data, one.toString()).exitCode()).isZero();
    String before = candor("report", "alive-by-day", "--data", data, "--format", "csv").out();
    assertThat(candor("import", "--data", data, two.toString()).exitCode()).isZero();
    assertThat(candor("report", "alive-by-day", "--data", data, "--format", "csv").out())
        .isEqualTo(before)
        .contains("2026-02-27,", "2026-02-28,", "2026-03-01,");
  }

  @Test
  void refusedLinesAreNamedByFileAndLine() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("mixed.ndjson"),
            """
            {"id":"147B411E-AaIJJo0hyIMMgkAeqPVB","docker":true}

            {"docker":true}
            nonsense
            {"received":"yesterday","body":{}}
            """);
    Door door = candor("import", "--data", folder.resolve("data").toString(), file.toString());
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.err())
        .contains(file + ":3: refused: ")
        .contains(file + ":4: refused: ")
        .contains(file + ":5: refused: /received: expected an instant");
    assertThat(door.out()).isEqualTo("1 file: 1 messages kept, 3 refused\n");
  }

  @Test
  void reportsAreListedWithTheirQuestions() {
    Door door = candor("report");
    assertThat(door.exitCode()).isZero();
    assertThat(door.out()).contains("versions").contains("Which versions do active instances run?");
  }

  @Test
  void unknownReportNamesTheKnownOnes() {
    Door door = candor("report", "colours", "--data", folder.toString());
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err())
        .startsWith("candor: no report \"colours\": expected one of ")
        .hasLineCount(1);
  }

  @Test
  void mistypedDataDirectoryIsNotMade() {
    Path none = folder.resolve("none");
    Door door = candor("report", "versions", "--data", none.toString());
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.err()).startsWith("candor: no data directory " + none);
    assertThat(none).doesNotExist();
  }

  @Test
  void reportsComeAsTableCsvJsonAndParquet() throws Exception {
    String data = folder.resolve("data").toString();
    assertThat(candor("import", "--data", data, pings()).exitCode()).isZero();
    assertThat(candor("report", "versions", "--data", data).out())
        .startsWith("Versions (versions)\nWhich versions do active instances run?\n")
        .contains("█");
    assertThat(candor("report", "versions", "--data", data, "--format", "json").out())
        .contains("\"version\":\"9.9.8.100196\"");
    Path file = folder.resolve("v.parquet");
    assertThat(
            candor(
                    "report",
                    "versions",
                    "--data",
                    data,
                    "--format",
                    "parquet",
                    "--output",
                    file.toString())
                .exitCode())
        .isZero();
    assertThat(Files.readAllBytes(file)).startsWith('P', 'A', 'R', '1');
    assertThat(candor("report", "versions", "--data", data, "--format", "parquet").exitCode())
        .isEqualTo(2);
  }

  @Test
  void ownReportsComeFromAFolder() throws Exception {
    String data = folder.resolve("data").toString();
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(
        own.resolve("mine.sql"),
        "-- title: Mine\n-- question: How many pings?\n-- chart: table\nSELECT count(*) AS n FROM raw_ping\n");
    assertThat(candor("import", "--data", data, ping("9.7.0-h2-fresh-POST.json")).exitCode())
        .isZero();
    assertThat(
            candor("report", "mine", "--reports", own.toString(), "--data", data, "--format", "csv")
                .out())
        .isEqualTo("n\n1\n");
  }

  @Test
  void aFormulaIsNoneInTheCommandsFileEither() throws Exception {
    String data = folder.resolve("data").toString();
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(
        own.resolve("odd.sql"),
        "-- title: Odd\n-- question: Which?\n-- chart: table\n"
            + "SELECT '=HYPERLINK(\"x\")' AS \"=a\", -5 AS n, '@b' AS b, TIMESTAMP '2026-11-23 10:00:00' AS t\n");
    assertThat(candor("import", "--data", data, ping("9.7.0-h2-fresh-POST.json")).exitCode())
        .isZero();
    assertThat(
            candor("report", "odd", "--reports", own.toString(), "--data", data, "--format", "csv")
                .out())
        .isEqualTo("'=a,n,b,t\n\"'=HYPERLINK(\"\"x\"\")\",-5,'@b,2026-11-23 10:00:00\n");
  }

  @Test
  void jsonHasNoNumberThatJsonLacks() throws Exception {
    String data = folder.resolve("data").toString();
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(
        own.resolve("odd.sql"),
        "-- title: Odd\n-- question: Which?\n-- chart: table\n"
            + "SELECT * FROM (VALUES (CAST('nan' AS DOUBLE), 2), (CAST('-inf' AS DOUBLE), 1), (0.5, 0)) AS t(n, o)"
            + " ORDER BY o -- last\n");
    assertThat(candor("import", "--data", data, ping("9.7.0-h2-fresh-POST.json")).exitCode())
        .isZero();
    assertThat(
            candor("report", "odd", "--reports", own.toString(), "--data", data, "--format", "json")
                .out()
                .replaceAll("\\s", ""))
        .isEqualTo("[{\"n\":0.5,\"o\":0},{\"n\":null,\"o\":1},{\"n\":null,\"o\":2}]");
  }

  @Test
  void anErasedInstanceIsGoneAndThereIsAReceipt() throws Exception {
    String data = folder.resolve("data").toString();
    assertThat(candor("import", "--data", data, ping("9.7.0-h2-fresh-POST.json")).exitCode())
        .isZero();
    String[] lines =
        candor("report", "instances", "--data", data, "--format", "csv").out().split("\n", -1);
    String id = lines[1].split(",", 2)[0];
    assertThat(candor("erase", id, "--data", data).out())
        .startsWith(id + ": erased at ")
        .endsWith(
            ": 1 messages in the store and its journal, 0 in quarantine; their last bytes have left the files\n");
    assertThat(candor("report", "instances", "--data", data, "--format", "csv").out())
        .doesNotContain(id);
  }

  @Test
  void dictionaryIsPrintedFromTheFileAlone() {
    assertThat(candor("dictionary").out()).contains("installationVersion");
    assertThat(candor("dictionary", "--format", "html").out()).contains("<html");
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(candor("completion").out()).contains("complete -F").contains("simulate");
  }

  @Test
  void wrongAddressIsRefusedWithTheForm() {
    Door door = candor("serve", "--data", folder.toString(), "--ingest", "7700");
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err())
        .isEqualTo(
            "candor: --ingest 7700: expected HOST:PORT, such as 127.0.0.1:7700 or [::1]:7700\n");
  }

  @Test
  void demoMixesWithNothing() throws Exception {
    Files.writeString(folder.resolve("something"), "");
    Door door = candor("demo", "--data", folder.toString());
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err()).contains("is not empty").hasLineCount(1);
  }

  @Test
  void demoShowsTheWholeWay() {
    Path data = folder.resolve("demo");
    Door door = candor("demo", "--data", data.toString(), "--instances", "20", "--days", "12");
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
    assertThat(door.out())
        .contains("A receiver is listening at http://127.0.0.1:")
        .containsPattern("Today, over HTTP: sent \\d+ messages; answers: \\{202=\\d+}")
        .contains("Versions (versions)")
        .contains("█")
        .contains("Where to look next:");
    assertThat(candor("report", "versions", "--data", data.toString()).exitCode()).isZero();
  }

  private static String ping(String name) throws URISyntaxException {
    return Path.of(pings()).resolve(name).toString();
  }

  private static String pings() throws URISyntaxException {
    return Path.of(CommandsTest.class.getResource("/pings").toURI()).toString();
  }
}
