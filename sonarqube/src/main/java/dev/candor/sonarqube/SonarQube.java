package dev.candor.sonarqube;

import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** SonarQube as a product: its files, as every product has them, lie beside this class. */
public final class SonarQube {
  private SonarQube() {}

  /** What SonarQube servers may send. */
  public static Dictionary dictionary() {
    try (InputStream in = SonarQube.class.getResourceAsStream("dictionary.json")) {
      if (in == null) {
        throw new IllegalStateException("the build left out dictionary.json");
      }
      return Dictionary.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
