package dev.candor.sonarqube.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** The recorded databases, which are not in the project: tests on them are skipped without them. */
final class Corpus {
  private static final Path FOLDER = Path.of("..", "..", "shared", "corpus");

  private Corpus() {}

  static InputStream open(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    assumeTrue(
        Files.exists(file),
        "skipped: the recorded database " + name + " is not beside this project");
    return new GZIPInputStream(Files.newInputStream(file));
  }

  static String ping(String name) throws IOException {
    try (InputStream in = Corpus.class.getResourceAsStream("/pings/" + name + ".json")) {
      if (in == null) {
        throw new IOException("no recorded message is named " + name);
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
