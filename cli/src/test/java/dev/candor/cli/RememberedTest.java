package dev.candor.cli;

import static dev.candor.cli.Door.candor;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products that a data directory was given once. */
class RememberedTest {
  private static final String SHOP = Path.of("src/test/resources/shop.json").toString();

  @TempDir Path folder;

  private Path message() throws Exception {
    return Files.writeString(
        folder.resolve("one.json"),
        "{\"install\":\"00ff00ff-00ff-00ff-00ff-00ff00ff00ff\",\"version\":\"1.2\"}");
  }

  @Test
  void aDataDirectoryRemembersAndForgets() throws Exception {
    String data = folder.resolve("data").toString();
    String file = message().toString();
    String[] imports = {
      "import", "--product", "shop", "--type", "daily-report", "--data", data, file
    };
    assertThat(candor(imports).err()).contains("no product \"shop\"");
    Door first =
        candor(
            "import",
            "--dictionary",
            SHOP,
            "--product",
            "shop",
            "--type",
            "daily-report",
            "--data",
            data,
            file);
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    Door report = candor("report", "filled", "--product", "shop", "--data", data);
    assertThat(report.err()).isEmpty();
    assertThat(report.out()).contains("version");
    Files.writeString(Path.of(file), Files.readString(Path.of(file)).replace("1.2", "1.3"));
    assertThat(candor(imports).exitCode()).isZero();

    Door forgotten = candor("dictionary", "forget", "shop", "--data", data);
    assertThat(forgotten.err()).isEmpty();
    assertThat(forgotten.out()).startsWith("forgot shop");
    assertThat(candor(imports).err()).contains("no product \"shop\"");
    Door twice = candor("dictionary", "forget", "shop", "--data", data);
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.err()).contains("no dictionary of \"shop\" is remembered").contains("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "dictionary", "serve", "import"})
  void aNameThatIsThereOrTakenIsRefusedByEveryCommand(String command) throws Exception {
    String file = message().toString();
    String data = folder.resolve("data").toString();
    for (String name : new String[] {"sonarqube", "temp", "information_schema", "health"}) {
      Path other =
          Files.writeString(
              folder.resolve(name + "-dictionary.json"),
              Files.readString(Path.of(SHOP))
                  .replace("\"x-product\": \"shop\"", "\"x-product\": \"" + name + '"'));
      Door door =
          switch (command) {
            case "check" -> candor(command, "--dictionary", other.toString(), file);
            case "dictionary" -> candor(command, "--dictionary", other.toString());
            case "serve" -> candor(command, "--dictionary", other.toString(), "--data", data);
            default -> candor(command, "--dictionary", other.toString(), "--data", data, file);
          };
      assertThat(door.exitCode()).as(name).isEqualTo(2);
      assertThat(door.err()).contains(other.toString()).contains(name);
      assertThat(Files.exists(Path.of(data).resolve("dictionaries"))).isFalse();
    }
  }
}
