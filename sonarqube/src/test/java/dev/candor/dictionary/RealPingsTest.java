package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.sonarqube.SonarQube;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real servers sent, as it came and spoilt: the sieve's quick way against its slow one. */
class RealPingsTest {
  private static final Rekeying KEY = Rekeying.of(new byte[32]);
  private static final String ODD = "{}[]\",:\\\n\t -+.eEZz09_/@<\u00e9";

  static List<Path> pings() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/pings"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pings")
  void bothWaysAgree(Path file) throws IOException {
    Dictionary dictionary = SonarQube.dictionary();
    byte[] ping = Files.readAllBytes(file);
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (MessageType type : dictionary.messages()) {
      agree(ping, type, file + " as it came");
      for (int i = 0; i < 300; i++) {
        byte[] spoilt = ping.clone();
        for (int j = random.nextInt(3); j >= 0; j--) {
          spoilt = spoil(random, spoilt);
        }
        agree(spoilt, type, "seed " + seed + ", case " + i + " of " + file);
      }
    }
  }

  private static void agree(byte[] body, MessageType type, String as) {
    for (Optional<Rekeying> key : List.of(Optional.<Rekeying>empty(), Optional.of(KEY))) {
      Sieve sieve = new Sieve(Limits.DEFAULT, key);
      assertThat(shown(sieve.sift(body.clone(), type)))
          .as(as)
          .isEqualTo(shown(sieve.siftClosely(body.clone(), type, 0)));
    }
  }

  private static String shown(Sifted sifted) {
    return sifted instanceof Sifted.Kept kept
        ? new String(kept.json(), StandardCharsets.ISO_8859_1)
            + kept.members()
            + kept.id()
            + kept.findings()
        : sifted.toString();
  }

  private static byte[] spoil(RandomGenerator random, byte[] body) {
    byte[] other = body.clone();
    int at = random.nextInt(body.length);
    int to = random.nextInt(body.length);
    switch (random.nextInt(6)) {
      case 0 -> other[at] = (byte) random.nextInt(256);
      case 1 -> other[at] = (byte) ODD.charAt(random.nextInt(ODD.length()));
      case 2 -> other[at] = (byte) ('0' + random.nextInt(10));
      case 3 -> other[at] = (byte) ('a' + random.nextInt(26));
      case 4 -> other[at] = body[to];
      default -> System.arraycopy(body, at, other, to, Math.min(9, body.length - Math.max(at, to)));
    }
    return other;
  }
}
