package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DictionaryTest {
  /** The payload of the telemetry page, its two trailing commas mended, loses nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mission-page |",
        "8.9.0-h2-fresh-POST |",
        "8.9.0-h2-rich-POST |",
        "9.7.0-h2-docs-enabled-false-POST |",
        "9.7.0-h2-fresh-POST |",
        "9.7.0-h2-optout-DELETE |",
        "9.7.0-h2-reenabled-POST |",
        "9.7.0-h2-rich-POST |",
        "9.7.0-h2-rich-earlier-POST |",
        "9.7.0-h2-rich-uncompressed-POST |",
        "9.7.0-postgres-fresh-POST |",
        "9.7.0-postgres-rich-POST |",
        "9.9.8-h2-fresh-POST |",
        "10.7.0-h2-fresh-POST | PPPK",
        "10.7.0-h2-rich-POST | PPPIK",
        "10.7.0-h2-rich-earlier-POST | PPPIK",
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

  @Test
  void keepsNothingThatPointsAtACompany() {
    String body =
        """
        {"id":"147B411E-AaIJZ0u5YFKuqqzGciTZ","database":{"name":"Sybase",\
        "version":"Oracle Database 19c Enterprise Edition Release 19.3.0.0.0 - Production\\nacme"},\
        "plugins":[{"name":"acme-internal","version":"1.2-acme"}],\
        "users":[{"identityProvider":"LDAP_acme"},{"identityProvider":"acme-sso"}],\
        "new-code-definitions":[{"value":"1869c9be-5fe4-4dfe-a0d5-596dd3061618"},{"value":"30"}],\
        "cloudUsage":{"kubernetesProvider":"5.15.0-1041-azure","kubernetesPlatform":"linux/arm64",\
        "kubernetesVersion":"v1.27.3-acme"},"acme":1}""";

    assertThat(kept(body, "ping"))
        .isEqualTo(
            """
            {"id":"147B411E-AaIJZ0u5YFKuqqzGciTZ","database":{"name":"other","version":"19.3.0"},\
            "plugins":[{"version":"1.2"}],\
            "users":[{"identityProvider":"LDAP"},{"identityProvider":"other"}],\
            "new-code-definitions":[{},{"value":"30"}],\
            "cloudUsage":{"kubernetesProvider":"azure","kubernetesPlatform":"arm64",\
            "kubernetesVersion":"1.27.3"}}""");
  }

  @Test
  void keepsTextOfDeclaredMetricsAlone() {
    String body =
        """
        {"installation_id":"147B411E-AaIJZ0u5YFKuqqzGciTZ","metric_values":[\
        {"key":"email_conf_host","value":"acme.example"},{"key":"version","value":"25.1.0.102122"},\
        {"key":"motto","value":"acme"},{"key":"motto","value":3},{"key":"motto","value":null}]}""";

    assertThat(kept(body, "metrics"))
        .isEqualTo(
            """
            {"installation_id":"147B411E-AaIJZ0u5YFKuqqzGciTZ","metric_values":[\
            {"key":"email_conf_host","value":"other"},{"key":"version","value":"25.1.0.102122"},\
            {"key":"motto"},{"key":"motto","value":3},{"key":"motto","value":null}]}""");
  }

  private static String kept(String body, String type) {
    Sifted sifted =
        new Sieve(Limits.DEFAULT, Optional.empty())
            .sift(body.getBytes(StandardCharsets.UTF_8), Pings.DICTIONARY.message(type));
    return new String(((Sifted.Kept) sifted).json(), StandardCharsets.UTF_8);
  }

  /** P: a plugin's version that could be an address. */
  private static List<String> findings(String letters) {
    return letters == null
        ? List.of()
        : letters
            .chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case 'P' -> "COARSENED /plugins/*/version";
                      case 'I' -> "COARSENED /users/*/identityProvider";
                      default -> "COARSENED /cloudUsage/kubernetesProvider";
                    })
            .toList();
  }
}
