package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.store.Lifetime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Another product, by its dictionary alone; and what its first dictionary had forgotten. */
class MendedDictionaryTest {
  @TempDir Path folder;

  /** The guide's own example, and the same with one more member. */
  private Path dictionary(boolean mended) throws Exception {
    String guide = Files.readString(Path.of("..", "docs", "dictionary.md"));
    int start = guide.indexOf("```json\n") + "```json\n".length();
    String example = guide.substring(start, guide.indexOf("```", start));
    String more =
        """
        "sugar": {
          "type": "boolean", "x-kind": "flag", "description": "With sugar", "x-why": "to know",
          "x-since": "1.1", "examples": [true]
        },
        "cups": {""";
    return Files.writeString(
        folder.resolve("kettle.json"), mended ? example.replace("\"cups\": {", more) : example);
  }

  private Products products(Path dictionary, Path reports) {
    Products products = new Products();
    new CommandLine(new Options(products))
        .parseArgs("--dictionary", dictionary.toString(), "--reports", reports.toString());
    return products;
  }

  @CommandLine.Command
  private record Options(@CommandLine.Mixin Products products) {}

  @Test
  void whatWasLeftOutComesBackOnceTheDictionaryNamesIt() throws Exception {
    Path data = folder.resolve("data");
    Path reports = Files.createDirectories(folder.resolve("reports").resolve("kettle"));
    Files.writeString(
        reports.resolve("sugar.sql"),
        """
        -- title: Sugar
        -- question: Who takes sugar?
        -- chart: table
        SELECT sugar, count(*) AS kettles FROM raw_ping
        WHERE rowid IN (SELECT max(rowid) FROM raw_ping GROUP BY id) GROUP BY ALL
        """);
    Path forgetful = dictionary(false);
    ReceiverSettings settings =
        ReceiverSettings.of(data).withAddress("127.0.0.1", 0).withQuarantineDays(7);
    String body = "{\"id\":\"00ff00ff00ff00ff00ff00ff00ff00ff\",\"cups\":3,\"sugar\":true}";
    try (Serve.Running running =
            Serve.Running.start(
                settings,
                Lifetime.DEFAULT,
                Optional.empty(),
                products(forgetful, folder.resolve("reports")),
                Clock.systemUTC());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(running.address() + "/kettle"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(202);
    }
    String mended = dictionary(true).toString();
    Door replay = Door.candor("replay", "--data", data.toString(), "--dictionary", mended);
    assertThat(replay.err()).isEmpty();
    assertThat(replay.exitCode()).isZero();
    Door report =
        Door.candor(
            "report",
            "sugar",
            "--product",
            "kettle",
            "--data",
            data.toString(),
            "--dictionary",
            mended,
            "--reports",
            folder.resolve("reports").toString(),
            "--format",
            "csv");
    assertThat(report.err()).isEmpty();
    assertThat(report.out()).isEqualTo("sugar,kettles\ntrue,1\n");
  }
}
