package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryException;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Product;
import dev.candor.store.ProductFolder;
import dev.candor.store.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The products that this command knows: SonarQube, and those whose dictionaries it is given. */
public final class Products {
  @Option(
      names = "--dictionary",
      paramLabel = "FILE|DIR",
      description =
          "Dictionary of a further product, or its folder; may be repeated. The data directory"
              + " remembers it.")
  private List<Path> dictionaries = List.of();

  @Option(
      names = "--reports",
      paramLabel = "DIR",
      description =
          "Folder of further reports: NAME.sql for SonarQube, PRODUCT/NAME.sql for a product.")
  private @Nullable Path reports;

  private @Nullable List<Product> loaded;
  private Optional<Remembered> remembered = Optional.empty();

  /** The files and folders that were given, by product. */
  private final Map<String, Path> given = new LinkedHashMap<>();

  /** Those as well that the data directory remembers; to be called before any is asked for. */
  void in(Path data) {
    remembered = Optional.of(new Remembered(data));
  }

  /** Lets the data directory remember the dictionaries that were given. */
  void remember() throws IOException {
    if (remembered.isPresent()) {
      for (Map.Entry<String, Path> dictionary : given.entrySet()) {
        remembered.get().keep(dictionary.getKey(), dictionary.getValue());
      }
    }
  }

  /** All of them, SonarQube first. */
  public List<Product> all() {
    if (loaded == null) {
      loaded = load();
    }
    return loaded;
  }

  List<Dictionary> allDictionaries() {
    return all().stream().map(Product::dictionary).toList();
  }

  /** The product of that name. */
  Product named(String name) {
    return all().stream()
        .filter(product -> product.dictionary().product().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "no product \""
                        + Printable.of(name)
                        + "\": expected one of "
                        + allDictionaries().stream().map(Dictionary::product).toList()
                        + ", or its dictionary with --dictionary FILE"));
  }

  private List<Product> load() {
    List<Product> products = new ArrayList<>();
    products.add(sonarqube().with(further("sonarqube", true)));
    for (Path file : dictionaries) {
      Product product = product(file);
      if (products.stream().anyMatch(other -> other.name().equals(product.name()))) {
        throw Failure.usage(file + ": there is a product \"" + product.name() + "\" already");
      }
      given.put(product.name(), file);
      products.add(product.with(further(product.name(), false)));
    }
    for (Product product : remembered.map(Remembered::all).orElse(List.of())) {
      if (products.stream().noneMatch(other -> other.name().equals(product.name()))) {
        products.add(product.with(further(product.name(), false)));
      }
    }
    return List.copyOf(products);
  }

  private static Product sonarqube() {
    try {
      return Product.read(new ProductFolder.BesideClass(SonarQube.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Product product(Path file) {
    try {
      return Files.isDirectory(file)
          ? Product.read(new ProductFolder.OnDisk(file))
          : Product.of(Dictionary.parse(Files.readAllBytes(file)), List.of());
    } catch (DictionaryException e) {
      throw Failure.usage(file + " is no dictionary: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw Failure.usage("cannot read " + file + ": " + e.getMessage());
    }
  }

  private List<Report> further(String product, boolean isSonarQube) {
    Map<String, String> sql = new LinkedHashMap<>();
    if (reports != null) {
      if (!Files.isDirectory(reports)) {
        throw Failure.usage("cannot read reports from " + reports + ": it is no folder");
      }
      if (isSonarQube) {
        read(reports, sql);
      }
      read(reports.resolve(product), sql);
    }
    List<Report> parsed = new ArrayList<>();
    try {
      sql.forEach((name, text) -> parsed.add(Report.parse(name, text)));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(product + ": " + e.getMessage());
    }
    return parsed;
  }

  private static void read(Path folder, Map<String, String> sql) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).sorted().toList()) {
        String name = file.getFileName().toString();
        sql.put(name.substring(0, name.length() - 4), Files.readString(file));
      }
    } catch (IOException e) {
      throw Failure.usage("cannot read reports from " + folder + ": " + e.getMessage());
    }
  }
}
