package dev.candor.cli;

import static dev.candor.cli.Door.candor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import takes, what it does not, and what it says of it. */
class ImportTest {
  private static final String GOOD = "{\"id\":\"AAAAAAAAAAAAAAA1\",\"version\":\"9.9.0.1\"%s}";

  @TempDir Path folder;

  private Door load(Path file) {
    return candor("import", "--data", folder.resolve("data").toString(), file.toString());
  }

  private String report(String name) {
    return candor("report", name, "--data", folder.resolve("data").toString(), "--format", "csv")
        .out();
  }

  private static String timed(String time) {
    return GOOD.formatted(",\"timestamp\":\"" + time + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2099-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "yesterday",
        "2026-01-31"
      })
  void aTimeThatCannotBeOneOfReceiptIsRefusedAloneAndMovesNothing(String time) throws Exception {
    String before = Instant.now().minus(Duration.ofDays(1)).toString();
    Path file = folder.resolve("times.ndjson");
    Files.writeString(
        file,
        timed(before)
            + "\n"
            + timed(time)
            + "\n{\"received\":\""
            + time
            + "\",\"message\":\"opt-out\",\"body\":{\"id\":\"AAAAAAAAAAAAAAA1\"}}\n"
            + timed(before).replace("AAA1", "AAA2")
            + "\n");
    Door door = load(file);
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.out()).isEqualTo("1 file: 2 messages kept, 2 refused\n");
    assertThat(door.err())
        .contains(file + ":2: refused: /timestamp: expected ")
        .contains(file + ":3: refused: /received: expected ");
    assertThat(report("states")).isEqualTo("state,instances,percent\nactive,2,100.0\n");
  }

  @Test
  void aTimeAheadByLittleIsNow() throws Exception {
    Path file = folder.resolve("soon.json");
    Files.writeString(file, timed(Instant.now().plus(Duration.ofMinutes(30)).toString()));
    Door door = load(file);
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
    assertThat(report("instances"))
        .contains(LocalDate.now(ZoneOffset.UTC).toString())
        .doesNotContain(LocalDate.now(ZoneOffset.UTC).plusDays(1).toString());
  }

  @Test
  void whatIsMadeUpHasHappened() {
    Path file = folder.resolve("fleet.ndjson");
    candor("simulate", "--instances", "20", "--days", "3", "--output", file.toString());
    Door door = load(file);
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
  }

  @Test
  void nothingIsErasedOfWhatIsNotKnown() throws Exception {
    Path file = folder.resolve("one.json");
    Files.writeString(file, timed(Instant.now().toString()));
    load(file);
    String data = folder.resolve("data").toString();
    Door door = candor("erase", "NOPE", "--data", data);
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.out()).isEmpty();
    assertThat(door.err()).startsWith("candor: nothing is known of an instance NOPE of sonarqube");
    assertThat(candor("erase", "AAAAAAAAAAAAAAA1", "--data", data).out()).contains("1 messages");
    assertThat(candor("erase", "AAAAAAAAAAAAAAA1", "--data", data).exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsTooOldGoesWhenTold() throws Exception {
    Path file = folder.resolve("old.json");
    Files.writeString(file, timed("2020-01-31T08:00:00Z"));
    load(file);
    String data = folder.resolve("data").toString();
    Door refused = candor("retain", "--data", data);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("1 of 1 messages").contains("candor retain --yes");
    Door done = candor("retain", "--yes", "--data", data);
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("1 messages went, 0 in quarantine");
    assertThat(candor("retain", "--data", data).out()).contains("0 messages went");
  }

  private static String now(int n) {
    return timed(Instant.now().minusSeconds(60).toString()).replace("AAA1", "AA" + (10 + n));
  }

  @Test
  void fileIsReadWhateverItsFormIs() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("mark.json"), "\uFEFF" + now(1));
    Files.writeString(
        files.resolve("BLANK.NDJSON"), "\uFEFF" + now(2) + "\r\n  \t \r\n\r\n" + now(3));
    Files.write(files.resolve("UPPER.JSON.GZ"), zipped(now(4)));
    Files.write(
        files.resolve("members.jsonl.gz"), joined(zipped(now(5) + "\n"), zipped(now(6) + "\n")));
    Door door = load(files);
    assertThat(door.err()).isEmpty();
    assertThat(door.exitCode()).isZero();
    assertThat(door.out()).isEqualTo("4 files: 6 messages kept\n");
    assertThat(report("states")).contains("active,6,");
  }

  @Test
  void whatIsNotReadIsSaid() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("notes.txt"), "hello");
    Files.writeString(files.resolve("empty.json"), "");
    Files.writeString(files.resolve("empty.ndjson"), " \n\n");
    Files.write(files.resolve("damaged.json.gz"), joined(zipped(now(1)), "xx".getBytes(UTF_8)));
    StringBuilder many = new StringBuilder();
    for (int n = 0; n < 40; n++) {
      many.append(now(n)).append(n % 7).append("\n".repeat(1 + n % 2));
    }
    String lines = many.toString().replaceAll("}[0-9]", "}");
    byte[] whole = zipped(lines);
    Files.write(files.resolve("torn.ndjson.gz"), java.util.Arrays.copyOf(whole, whole.length - 9));
    Door door = load(files);
    assertThat(door.exitCode()).isEqualTo(1);
    assertThat(door.err())
        .contains(files.resolve("empty.json") + ": not read: it holds no message")
        .contains(files.resolve("empty.ndjson") + ": not read: it holds no message")
        .contains(
            "damaged.json.gz:1: not read: nothing from here on is read: expected nothing after")
        .containsPattern(
            "torn.ndjson.gz:\\d+: not read: nothing from here on is read: expected the rest");
    assertThat(report("states")).containsPattern("active,(3[0-9]|40),");
    assertThat(door.out())
        .contains("left alone: " + files.resolve("notes.txt"))
        .contains("1 files left alone: expected a file that ends in .json");
    Door again = load(files);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).isEqualTo(door.err());
  }

  @Test
  void checkAndReceiverReadGzipAlike() throws Exception {
    Path file = folder.resolve("t.gz");
    Files.write(file, joined(zipped(now(1)), "xx".getBytes(UTF_8)));
    Door door = candor("check", file.toString());
    assertThat(door.exitCode()).isEqualTo(2);
    assertThat(door.err()).contains("expected nothing after the gzip stream");
  }

  @Test
  void stdinIsAFileToo() throws Exception {
    java.io.InputStream before = System.in;
    try {
      System.setIn(new java.io.ByteArrayInputStream((now(1) + "\nnonsense\n").getBytes(UTF_8)));
      Door door = candor("import", "--data", folder.resolve("data").toString(), "-");
      assertThat(door.exitCode()).isEqualTo(1);
      assertThat(door.err()).contains("stdin:2: refused: column 1: ");
      assertThat(door.out()).contains("1 messages kept, 1 refused");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void placeIsThatInTheFile() throws Exception {
    Path one = folder.resolve("one.json");
    Files.writeString(one, "{\"received\":\"2026-01-31T08:00:00Z\",\n\"body\": {\n \"id\": nope}}");
    assertThat(load(one).err()).startsWith(one + ":3: refused: column 12: ");
    Path lines = folder.resolve("lines.ndjson");
    Files.writeString(lines, now(1) + "\n{\"message\":\"ping\",\"body\":{\"id\":nope}}\n");
    assertThat(load(lines).err()).startsWith(lines + ":2: refused: column 36: ");
    assertThat(candor("check", one.toString()).out()).contains(one + ":3:12: refused");
  }

  @Test
  void whatWasRefusedOrKeptInPartIsNotDoneWith() throws Exception {
    String guide = Files.readString(Path.of("..", "docs", "dictionary.md"));
    int start = guide.indexOf("```json\n") + "```json\n".length();
    String example = guide.substring(start, guide.indexOf("```", start));
    Path dictionary = Files.writeString(folder.resolve("kettle.json"), example);
    String id = "00ff00ff00ff00ff00ff00ff00ff00f";
    String text =
        "{\"id\":\"%1$s1\",\"cups\":3}\n{\"id\":\"%1$s2\",\"cups\":4,\"sugar\":true}\n{\"cups\":1}\n"
            .formatted(id);
    Path file = Files.writeString(folder.resolve("kettles.ndjson"), text);
    Path copy = Files.writeString(folder.resolve("copy.ndjson"), text + "\n");
    String[] load = {
      "import",
      "--data",
      folder.resolve("data").toString(),
      "--dictionary",
      dictionary.toString(),
      "--product",
      "kettle",
      file.toString()
    };
    Door first = candor(load);
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.out()).isEqualTo("1 file: 2 messages kept (1 without a part), 1 refused\n");
    Door second = candor(load);
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).isEqualTo(first.err()).contains(":3: refused: ");
    assertThat(second.out())
        .isEqualTo("1 file: 1 messages kept (1 without a part), 1 refused, 1 imported before\n");
    load[load.length - 1] = copy.toString();
    candor(load);
    assertThat(kettles(dictionary)).isEqualTo("n\n2\n");
    Files.writeString(
        dictionary,
        example.replace(
            "\"cups\": {",
            """
            "sugar": {
              "type": "boolean", "x-kind": "flag", "description": "With sugar",
              "x-why": "to know", "x-since": "1.1", "examples": [true]
            },
            "cups": {"""));
    load[load.length - 1] = file.toString();
    assertThat(candor(load).out()).contains("1 messages kept, 1 refused, 1 imported before");
    assertThat(candor(load).out()).contains("0 messages kept, 1 refused, 2 imported before");
  }

  private String kettles(Path dictionary) throws Exception {
    Path reports = Files.createDirectories(folder.resolve("reports").resolve("kettle"));
    Files.writeString(
        reports.resolve("n.sql"),
        "-- title: N\n-- question: How many?\n-- chart: table\nSELECT count(*) AS n FROM raw_ping\n");
    return candor(
            "report",
            "n",
            "--product",
            "kettle",
            "--data",
            folder.resolve("data").toString(),
            "--dictionary",
            dictionary.toString(),
            "--reports",
            reports.getParent().toString(),
            "--format",
            "csv")
        .out();
  }

  @Test
  void whoseMessagesTheyAreIsAskedWhereThereAreSeveralProducts() throws Exception {
    String guide = Files.readString(Path.of("..", "docs", "dictionary.md"));
    int start = guide.indexOf("```json\n") + "```json\n".length();
    Path dictionary =
        Files.writeString(
            folder.resolve("kettle.json"), guide.substring(start, guide.indexOf("```", start)));
    Path file =
        Files.writeString(
            folder.resolve("k.json"), "{\"id\":\"00ff00ff00ff00ff00ff00ff00ff00ff\",\"cups\":3}");
    for (String command : new String[] {"check", "import"}) {
      java.util.List<String> words =
          new java.util.ArrayList<>(
              java.util.List.of(command, "--dictionary", dictionary.toString(), file.toString()));
      if (command.equals("import")) {
        words.addAll(java.util.List.of("--data", folder.resolve("data").toString()));
      }
      Door door = candor(words.toArray(String[]::new));
      assertThat(door.exitCode()).isEqualTo(2);
      assertThat(door.err()).contains("[sonarqube, kettle] with --product");
      words.addAll(java.util.List.of("--product", "kettle"));
      assertThat(candor(words.toArray(String[]::new)).exitCode()).isZero();
    }
  }

  @Test
  void theSamePingAtAnotherTimeIsARepeat() throws Exception {
    Path file = folder.resolve("repeats.ndjson");
    String ping = GOOD.formatted(",\"messageSequenceNumber\":%d,\"timestamp\":\"%s\"");
    Instant start = Instant.now().minus(Duration.ofDays(3));
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < 3; n++) {
      Instant at = start.plus(Duration.ofDays(n));
      text.append(ping.formatted(n, at)).append('\n');
      text.append(ping.formatted(n, at.plusSeconds(60))).append('\n');
      text.append(ping.formatted(n, at.plusSeconds(60))).append('\n'); // the very same
    }
    Files.writeString(file, text);
    assertThat(load(file).exitCode()).isZero();
    long repeats = report("repeats").lines().skip(1).mapToLong(ImportTest::repeats).sum();
    assertThat(repeats).isEqualTo(3);
  }

  /** The last column. */
  private static long repeats(String row) {
    return Long.parseLong(row.substring(row.lastIndexOf(',') + 1));
  }

  private static byte[] zipped(String text) throws Exception {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
