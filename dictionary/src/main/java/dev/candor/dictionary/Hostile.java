package dev.candor.dictionary;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What no grammar of a dictionary may let through. */
final class Hostile {
  private record Sample(String what, List<String> values) {}

  private static final List<Sample> NAMING =
      List.of(
          new Sample(
              "an e-mail address",
              List.of("jane.doe@example.com", "jane@localhost", "j+d@example.co.uk")),
          new Sample(
              "a host name",
              List.of(
                  "example.com",
                  "www.example.com",
                  "sonar.corp.example",
                  "build-01.intranet.local",
                  "db1.example.com:5432",
                  "host_1.example.com")),
          new Sample(
              "an IP address",
              List.of(
                  "192.168.1.10",
                  "10.0.0.1",
                  "127.0.0.1",
                  "10.0.0.1:9000",
                  "::1",
                  "fe80::1",
                  "2001:db8::8a2e:370:7334")),
          new Sample(
              "a path",
              List.of(
                  "/home/jane/src",
                  "C:\\Users\\jane",
                  "src/main/java",
                  "../secret",
                  "~/work",
                  "\\\\server\\share")),
          new Sample(
              "a URL",
              List.of(
                  "https://example.com/x?y=z",
                  "http://localhost:9000",
                  "git@example.com:a/b.git",
                  "jdbc:postgresql://db/sonar",
                  "ssh://git@example.com")),
          new Sample(
              "a sentence",
              List.of(
                  "Jane Doe",
                  "the quick brown fox",
                  "Payment service (legacy)",
                  "a, b and c",
                  "line\nbreak",
                  "tab\there")));

  private static final Sample SECRET =
      new Sample(
          "what looks like a secret",
          List.of(
              "squ_0123456789abcdef0123456789abcdef01234567",
              "sqp_89abcdef0123456789abcdef0123456789abcdef",
              "ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
              "glpat-AbCdEfGhIjKlMnOpQrSt",
              "AKIAIOSFODNN7EXAMPLE",
              "xoxb-123456789012-AbCdEfGhIjKl",
              "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
              "da39a3ee5e6b4b0d3255bfef95601890afd80709",
              "5f4dcc3b5aa765d61d8327deb882cf99",
              "-----BEGIN PRIVATE KEY-----"));

  private Hostile() {}

  /**
   * What a grammar wrongly lets through, if anything.
   *
   * @param kind secrets look like pseudonyms, so for these they are not tried; the receiver re-keys
   *     pseudonyms
   */
  static Optional<String> passing(Kind kind, Predicate<String> grammar) {
    for (Sample sample : NAMING) {
      if (sample.values().stream().anyMatch(grammar)) {
        return Optional.of(sample.what());
      }
    }
    return kind != Kind.PSEUDONYM && SECRET.values().stream().anyMatch(grammar)
        ? Optional.of(SECRET.what())
        : Optional.empty();
  }
}
