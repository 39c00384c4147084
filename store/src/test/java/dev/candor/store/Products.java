package dev.candor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Products as files: what is tested here holds for every one, and this is the largest. */
final class Products {
  static final Product SONARQUBE =
      read(Path.of("../sonarqube/src/main/resources/dev/candor/sonarqube"));

  private Products() {}

  static Product read(Path folder) {
    try {
      return Product.read(new ProductFolder.OnDisk(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
