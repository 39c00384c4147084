package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryException;
import dev.candor.store.PrivateFiles;
import dev.candor.store.Product;
import dev.candor.store.ProductFolder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The products that a data directory was once given, {@code dictionaries/PRODUCT.json} or a folder
 * {@code dictionaries/PRODUCT}: so that a start without them still takes their messages.
 */
final class Remembered {
  private static final System.Logger LOG = System.getLogger("dev.candor.cli");
  private static final String ENDING = ".json";

  private final Path folder;

  Remembered(Path data) {
    this.folder = data.resolve("dictionaries");
  }

  /** All of them; one that cannot be read any more is left out with a warning. */
  List<Product> all() {
    List<Product> all = new ArrayList<>();
    for (String product : products()) {
      Path file = file(product);
      try {
        all.add(
            Files.isDirectory(file)
                ? Product.read(new ProductFolder.OnDisk(file))
                : Product.of(Dictionary.parse(Files.readAllBytes(file)), List.of()));
      } catch (DictionaryException | IllegalArgumentException | IOException e) {
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
          .filter(name -> name.matches("[a-z][a-z0-9_]*(?:\\.json)?"))
          .map(
              name ->
                  name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name)
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Failure.of("cannot read " + folder + ": " + e.getMessage());
    }
  }

  private Path file(String product) {
    Path whole = folder.resolve(product);
    return Files.isDirectory(whole) ? whole : folder.resolve(product + ENDING);
  }

  /**
   * Remembers a dictionary, or a product's folder, in the place of an older one of the product.
   *
   * @param given the file or folder
   */
  void keep(String product, Path given) throws IOException {
    if (Files.isDirectory(given)) {
      if (given.toRealPath().equals(folder.resolve(product).toAbsolutePath())) {
        return;
      }
      forget(product);
      Path into = PrivateFiles.folder(PrivateFiles.folder(folder).resolve(product));
      for (String name : List.of("dictionary.json", "facts.txt", "pages.txt", "setup.txt")) {
        if (Files.exists(given.resolve(name))) {
          PrivateFiles.replace(into.resolve(name), Files.readAllBytes(given.resolve(name)));
        }
      }
      for (String below : List.of("parts", "views", "reports")) {
        for (String name : new ProductFolder.OnDisk(given).list(below)) {
          Path file = Path.of(below, name + ".sql");
          PrivateFiles.folder(into.resolve(below));
          PrivateFiles.replace(into.resolve(file), Files.readAllBytes(given.resolve(file)));
        }
      }
      return;
    }
    byte[] json = Files.readAllBytes(given);
    Path file = PrivateFiles.folder(folder).resolve(product + ENDING);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), json)) {
      forget(product);
      PrivateFiles.replace(file, json);
    }
  }

  /** Forgets a product; false if there was none. */
  boolean forget(String product) throws IOException {
    if (!products().contains(product)) {
      return false;
    }
    Files.deleteIfExists(folder.resolve(product + ENDING));
    Path whole = folder.resolve(product);
    if (Files.isDirectory(whole)) {
      try (Stream<Path> files = Files.walk(whole)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return true;
  }
}
