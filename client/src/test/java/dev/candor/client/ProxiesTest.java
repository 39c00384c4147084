package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy is taken: the one that SonarQube and curl would take, or none and a word. */
class ProxiesTest {
  private static final String THERE = "https://telemetry.example/x";

  private static Proxies.Way byProperties(String uri, Map<String, String> properties) {
    return new Proxies(properties::get, Map.of()).way(URI.create(uri));
  }

  private static Proxies.Way byVariables(String uri, Map<String, String> variables) {
    return new Proxies(name -> null, variables).way(URI.create(uri));
  }

  /** As the classes of a real SonarQube 9.7 fill them in. */
  @Test
  void httpsTakesFromHttpWhatItHasNoneOf() {
    assertThat(byProperties(THERE, Map.of("http.proxyHost", "p.example", "http.proxyPort", "3128")))
        .hasToString("p.example:3128");
    assertThat(
            byProperties(THERE, Map.of("http.proxyHost", "p.example", "https.proxyPort", "3129")))
        .hasToString("p.example:3129");
    assertThat(
            byProperties(
                THERE,
                Map.of(
                    "http.proxyHost", "p.example",
                    "http.proxyPort", "3128",
                    "https.proxyHost", "q.example")))
        .hasToString("q.example:3128");
    assertThat(byProperties(THERE, Map.of("http.proxyHost", "p_1"))).hasToString("p_1:443");
    assertThat(byProperties("http://a.example/", Map.of("https.proxyHost", "p")))
        .isEqualTo(new Proxies.Direct());
  }

  @Test
  void anHttpProxyGoesBeforeASocksProxy() {
    Map<String, String> both = Map.of("http.proxyHost", "p", "socksProxyHost", "s");
    assertThat(byProperties(THERE, both)).hasToString("p:443");
    assertThat(byProperties(THERE, Map.of("socksProxyHost", "s_1"))).hasToString("SOCKS s_1:1080");
    assertThat(
            byProperties(
                THERE, Map.of("socksProxyHost", "s", "socksNonProxyHosts", "telemetry.example")))
        .isEqualTo(new Proxies.Direct());
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, true",
    "example.com, t.example.com, false",
    "*.example.com, t.example.com, true",
    "*.example.com, example.com, false",
    ".example.com, t.example.com, false",
    "a|EXAMPLE.com, example.COM, true",
    "10.*, 10.1.2.3, true",
    "*ampl*, example.com, true",
    "*, example.com, true",
    "a, localhost, true",
    "a, 127.0.0.9, true",
    "a, [::1], true",
    "'', example.com, false"
  })
  void theJvmsExemptionsAreWholeNamesWithStars(String patterns, String host, boolean direct) {
    Map<String, String> properties = Map.of("http.proxyHost", "p", "http.nonProxyHosts", patterns);
    assertThat(byProperties("https://" + host + "/", properties) instanceof Proxies.Direct)
        .isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, t.example.com, true",
    ".example.com, example.com, true",
    "*.example.com, t.example.com, true",
    "'a, example.com', example.com, true",
    "ample.com, example.com, false",
    "*, example.com, true",
    "10.*, 10.1.2.3, true",
    "::1, [::1], true",
    "a, localhost, true",
    "'', example.com, false"
  })
  void noProxyMeansAllBelowAName(String names, String host, boolean direct) {
    Map<String, String> variables = Map.of("HTTPS_PROXY", "http://p", "NO_PROXY", names);
    assertThat(byVariables("https://" + host + "/", variables) instanceof Proxies.Direct)
        .isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "http://jane:p%40ss@proxy.example:3128 proxy.example:3128 jane:p@ss",
        "jane:x@proxy_1:3128 proxy_1:3128 jane:x",
        "http://jane:a#b@proxy:3128/ proxy:3128 jane:a#b",
        "http://jane:a@b@proxy:3128 proxy:3128 jane:a@b",
        "http://jane:s3cr^t@proxy:3128 proxy:3128 jane:s3cr^t",
        "http://jane:10%@proxy:3128 proxy:3128 jane:10%",
        "http://jane:%zz%4@proxy:3128 proxy:3128 jane:%zz%4",
        "http://jane:a\\b/c?d@proxy:3128 proxy:3128 jane:a\\b/c?d",
        "http://jane:a+b:c@proxy:3128 proxy:3128 jane:a+b:c",
        "http://corp\\jane:x@proxy:3128 proxy:3128 corp\\jane:x",
        "http://j@e:x@[2001:db8::7]:3128 [2001:db8::7]:3128 j@e:x",
        "HTTP://jane@proxy proxy:80 jane:",
        "http://j%C3%A4ne:x@proxy proxy:80 jäne:x"
      })
  void readsAnyLoginInAVariable(String value, String proxy, String login) {
    for (String text : List.of(value, " " + value + " ")) {
      Proxies.Through through = (Proxies.Through) byVariables(THERE, Map.of("HTTPS_PROXY", text));
      assertThat(through).hasToString(proxy);
      assertThat(through.authorization())
          .contains(
              "Basic "
                  + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(
            byVariables(THERE, Map.of("https_proxy", "http://jane:a b@proxy", "HTTPS_PROXY", "x")))
        .isEqualTo(new Proxies.Through(java.net.Proxy.Type.HTTP, "proxy", 80, "jane", "a b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://jane:s3cret@proxy:3128",
        "socks4://jane:s3cret@proxy",
        "socks5://jane:s3cret@proxy",
        "http://jane:s3cret@proxy:99999",
        "http://jane:s3cret@proxy:0",
        "http://jane:s3cret@proxy:x",
        "http://jane:s3cret@",
        "http://jane:s3cret@pro xy",
        "http://jane:s3cret@pr%6Fxy",
        "://s3cret",
        "/s3cret"
      })
  void whatCannotBeUsedIsSaidWithoutItsValue(String value) {
    for (String name : List.of("HTTPS_PROXY", "https_proxy", "ALL_PROXY")) {
      Proxies.Way way = byVariables(THERE, Map.of(name, value));
      assertThat(way).isInstanceOf(Proxies.Blocked.class);
      assertThat(way.toString()).contains(name).doesNotContain("s3cret", "jane");
    }
  }

  @Test
  void whatCannotBeUsedOfThePropertiesIsSaid() {
    for (Map<String, String> properties :
        List.of(
            Map.of("http.proxyHost", "http://p"),
            Map.of("http.proxyHost", "p:3128"),
            Map.of("http.proxyHost", "p", "http.proxyPort", "often"),
            Map.of("https.proxyHost", "p", "https.proxyPort", "70000"),
            Map.of("socksProxyHost", "p q"))) {
      assertThat(byProperties(THERE, properties)).isInstanceOf(Proxies.Blocked.class);
    }
    assertThat(byProperties(THERE, Map.of("http.proxyHost", "::1", "http.proxyPort", "3128")))
        .hasToString("[::1]:3128");
  }

  @Test
  void variablesOfLowerCaseGoFirstAndAnyOfThemCounts() {
    assertThat(byVariables(THERE, Map.of("https_proxy", "a", "HTTPS_PROXY", "b")))
        .hasToString("a:80");
    assertThat(byVariables(THERE, Map.of("https_proxy", "", "HTTPS_PROXY", "b")))
        .hasToString("b:80");
    assertThat(byVariables(THERE, Map.of("ALL_PROXY", "socks5://b"))).hasToString("SOCKS b:1080");
    assertThat(byVariables("http://a.example/", Map.of("HTTPS_PROXY", "b")))
        .isEqualTo(new Proxies.Direct());
  }
}
