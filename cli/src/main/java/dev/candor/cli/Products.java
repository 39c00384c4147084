package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryException;
import dev.candor.sonarqube.SonarQube;
import dev.candor.store.Page;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.Setup;
import dev.candor.store.Upkeep;
import java.io.IOException;
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
      paramLabel = "FILE",
      description =
          "Dictionary of a further product; may be repeated. The data directory remembers it.")
  private List<Path> dictionaries = List.of();

  @Option(
      names = "--reports",
      paramLabel = "DIR",
      description =
          "Folder of further reports: NAME.sql for SonarQube, PRODUCT/NAME.sql for a product.")
  private @Nullable Path reports;

  private @Nullable List<Product> loaded;
  private Optional<Remembered> remembered = Optional.empty();

  /** The bytes of the dictionaries that were given, by product. */
  private final Map<String, byte[]> given = new LinkedHashMap<>();

  /** Those as well that the data directory remembers; to be called before any is asked for. */
  void in(Path data) {
    remembered = Optional.of(new Remembered(data));
  }

  /** Lets the data directory remember the dictionaries that were given. */
  void remember() throws IOException {
    if (remembered.isPresent()) {
      for (Map.Entry<String, byte[]> dictionary : given.entrySet()) {
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
    Dictionary sonarqube = SonarQube.dictionary();
    products.add(
        new Product(
            sonarqube,
            new Upkeep(
                SonarQube.tables(), SonarQube.upkeep(), SonarQube.erase(), SonarQube.retain()),
            SonarQube.views(),
            SonarQube.facets(),
            reports(sonarqube, SonarQube.reports()),
            Page.parse(SonarQube.pages()),
            Setup.parse(SonarQube.setup())));
    for (Path file : dictionaries) {
      Dictionary dictionary = dictionary(file);
      if (products.stream().anyMatch(other -> other.name().equals(dictionary.product()))) {
        throw Failure.usage(file + ": there is a product \"" + dictionary.product() + "\" already");
      }
      products.add(Product.of(dictionary, reports(dictionary, Map.of())));
    }
    for (Dictionary dictionary : remembered.map(Remembered::all).orElse(List.of())) {
      if (products.stream().noneMatch(other -> other.name().equals(dictionary.product()))) {
        products.add(Product.of(dictionary, reports(dictionary, Map.of())));
      }
    }
    return List.copyOf(products);
  }

  private List<Report> reports(Dictionary dictionary, Map<String, String> own) {
    Map<String, String> sql = new LinkedHashMap<>(own);
    sql.putAll(further(dictionary.product(), !own.isEmpty()));
    List<Report> parsed = new ArrayList<>();
    try {
      sql.forEach((name, text) -> parsed.add(Report.parse(name, text)));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(dictionary.product() + ": " + e.getMessage());
    }
    return parsed;
  }

  private Dictionary dictionary(Path file) {
    try {
      byte[] json = Files.readAllBytes(file);
      Dictionary dictionary = Dictionary.parse(json);
      given.put(dictionary.product(), json);
      return dictionary;
    } catch (DictionaryException e) {
      throw Failure.usage(file + " is no dictionary: " + e.getMessage());
    } catch (IOException e) {
      throw Failure.usage("cannot read " + file + ": " + e.getMessage());
    }
  }

  private Map<String, String> further(String product, boolean isSonarQube) {
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
    return sql;
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
