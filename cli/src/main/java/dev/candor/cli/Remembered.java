package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryException;
import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The dictionaries that a data directory was once given, {@code dictionaries/PRODUCT.json}: so that
 * a start without them still takes their products' messages.
 */
final class Remembered {
  private static final System.Logger LOG = System.getLogger("dev.candor.cli");
  private static final String ENDING = ".json";

  private final Path folder;

  Remembered(Path data) {
    this.folder = data.resolve("dictionaries");
  }

  /** All of them; one that cannot be read any more is left out with a warning. */
  List<Dictionary> all() {
    List<Dictionary> all = new ArrayList<>();
    for (String product : products()) {
      Path file = folder.resolve(product + ENDING);
      try {
        all.add(Dictionary.parse(Files.readAllBytes(file)));
      } catch (DictionaryException | IOException e) {
        LOG.log(
            Level.WARNING,
            "no messages of {0} are taken: its dictionary {1} cannot be used ({2}): give it anew"
                + " with --dictionary, or \"candor dictionary forget {0}\"",
            product,
            file,
            e.getMessage());
      }
    }
    return all;
  }

  /** The products whose dictionaries are remembered. */
  List<String> products() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[a-z][a-z0-9_]*\\.json"))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Failure.of("cannot read " + folder + ": " + e.getMessage());
    }
  }

  /** Remembers a dictionary in the place of an older one of the product. */
  void keep(String product, byte[] json) throws IOException {
    Path file = PrivateFiles.folder(folder).resolve(product + ENDING);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), json)) {
      PrivateFiles.replace(file, json);
    }
  }

  /** Forgets a dictionary; false if there was none. */
  boolean forget(String product) throws IOException {
    return products().contains(product) && Files.deleteIfExists(folder.resolve(product + ENDING));
  }
}
