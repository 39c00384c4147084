package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Sifted;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DictionaryTest {
  private static final String DATABASE = "COARSENED /database/version";

  /** The payload of the telemetry page, its two trailing commas mended, loses nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mission-page |",
        "8.9.0-h2-fresh-POST | D",
        "8.9.0-h2-rich-POST | D",
        "9.7.0-h2-docs-enabled-false-POST | D",
        "9.7.0-h2-fresh-POST | D",
        "9.7.0-h2-optout-DELETE |",
        "9.7.0-h2-reenabled-POST | D",
        "9.7.0-h2-rich-POST | D",
        "9.7.0-h2-rich-earlier-POST | D",
        "9.7.0-h2-rich-uncompressed-POST | D",
        "9.7.0-postgres-fresh-POST | D",
        "9.7.0-postgres-rich-POST | D",
        "9.9.8-h2-fresh-POST | D",
        "10.7.0-h2-fresh-POST | DPPPK",
        "10.7.0-h2-rich-POST | DPPPIK",
        "10.7.0-h2-rich-earlier-POST | DPPPIK",
        "10.7.0-h2-fresh-metrics-installation-dbmigration-POST |",
        "10.7.0-h2-fresh-metrics-user-POST |",
        "10.7.0-h2-rich-metrics-installation-POST |",
        "10.7.0-h2-rich-metrics-language-POST |",
        "10.7.0-h2-rich-metrics-user-POST |",
      })
  void losesOnlyWhatIsCoarsened(String name, String expected) {
    Sifted sifted = Pings.sift(name);

    assertThat(sifted).isInstanceOf(Sifted.Kept.class);
    assertThat(((Sifted.Kept) sifted).findings().stream().map(f -> f.reason() + " " + f.path()))
        .containsExactlyElementsOf(findings(expected));
  }

  /** D: text after the database's version; P: a plugin's version that could be an address. */
  private static List<String> findings(String letters) {
    return letters == null
        ? List.of()
        : letters
            .chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case 'D' -> DATABASE;
                      case 'P' -> "COARSENED /plugins/*/version";
                      case 'I' -> "COARSENED /users/*/identityProvider";
                      default -> "COARSENED /cloudUsage/kubernetesProvider";
                    })
            .toList();
  }
}
