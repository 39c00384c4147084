package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class RekeyingTest {
  private static final StringGrammar HEX =
      new StringGrammar(Set.of(), Optional.of(Pattern.compile("^[0-9a-f]{8,64}$")), 0, 64, false);

  private static final StringGrammar ANY =
      new StringGrammar(Set.of(), Optional.of(Pattern.compile("^[A-Za-z0-9_-]+$")), 0, 64, false);

  private static String rekeyed(Rekeying rekeying, String pseudonym) {
    return rekeyed(rekeying, pseudonym, HEX);
  }

  private static String rekeyed(Rekeying rekeying, String pseudonym, StringGrammar grammar) {
    byte[] body = ("\"" + pseudonym + "\"").getBytes(StandardCharsets.US_ASCII);
    byte[] made = rekeying.rekey(body, 1, body.length - 1, grammar);
    assertThat(made).isNotNull();
    return new String(made, StandardCharsets.US_ASCII);
  }

  @Test
  void hashesAsThePlatformsHmacDoes() throws Exception {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int length : new int[] {32, 64, 127, 128, 129, 300}) {
      byte[] secret = new byte[length];
      random.nextBytes(secret);
      Mac mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(secret, "HmacSHA512"));
      Rekeying rekeying = Rekeying.of(secret);
      for (int i = 0; i < 100; i++) {
        byte[] raw = new byte[4 + random.nextInt(29)];
        random.nextBytes(raw);
        String pseudonym = HexFormat.of().formatHex(raw);
        byte[] hash = mac.doFinal(pseudonym.getBytes(StandardCharsets.US_ASCII));
        StringBuilder right = new StringBuilder();
        for (int j = 0; j < pseudonym.length(); j++) {
          right.append(Integer.toHexString(hash[j] & 15));
        }
        assertThat(rekeyed(rekeying, pseudonym))
            .as("seed %d, secret of %d bytes", seed, length)
            .isEqualTo(right.toString());
      }
    }
  }

  @Test
  void keepsTheFormOfAPseudonym() throws Exception {
    long seed = 20261125;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    Rekeying rekeying = Rekeying.of(secret);
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(secret, "HmacSHA512"));
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    for (int i = 0; i < 300; i++) {
      String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
      StringBuilder open = new StringBuilder("Z");
      for (int j = random.nextInt(64); j > 0; j--) {
        open.append(letters.charAt(random.nextInt(64)));
      }
      for (String pseudonym : List.of(uuid, open.toString())) {
        boolean isUuid = pseudonym.equals(uuid);
        byte[] hash = mac.doFinal(pseudonym.getBytes(StandardCharsets.US_ASCII));
        int length = pseudonym.length() < 8 ? 20 : pseudonym.length();
        StringBuilder right = new StringBuilder();
        for (int j = 0; j < length; j++) {
          right.append(letters.charAt(hash[j] & 63));
        }
        for (int j = 0; isUuid && j < length; j++) {
          boolean hyphen = pseudonym.charAt(j) == '-';
          right.setCharAt(j, hyphen ? '-' : "0123456789abcdef".charAt(hash[j] & 15));
        }
        String as = "seed " + seed + ", " + pseudonym;
        assertThat(rekeyed(rekeying, pseudonym, ANY)).as(as).isEqualTo(right.toString());
        assertThat(rekeying.rekey(pseudonym, ANY::fits)).as(as).contains(right.toString());
      }
    }
  }

  @Test
  void remembersWithoutMixingUp() {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Rekeying forgetful = Rekeying.of(new byte[32]).remembering(1);
    Rekeying cramped = Rekeying.of(new byte[32]).remembering(7);
    for (int i = 0; i < 2000; i++) {
      String pseudonym = "00ff00" + Integer.toHexString(16 + random.nextInt(40));
      assertThat(rekeyed(cramped, pseudonym))
          .as("seed %d", seed)
          .isEqualTo(rekeyed(forgetful, pseudonym));
    }
  }

  @Test
  void theGrammarOfThePlaceDecides() {
    Rekeying rekeying = Rekeying.of(new byte[32]);
    StringGrammar letters =
        new StringGrammar(
            Set.of(), Optional.of(Pattern.compile("^[0-9a-f]{7}[a-f]$")), 0, 8, false);
    byte[] body = "00ff00ff".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 50; i++) {
      body[0] = (byte) ('a' + i % 6);
      body[7] = (byte) ('a' + i % 5);
      byte[] anywhere = rekeying.rekey(body, 0, 8, HEX);
      byte[] here = rekeying.rekey(body, 0, 8, letters);
      assertThat(new String(here, StandardCharsets.US_ASCII)).matches("[0-9a-f]{7}[a-f]");
      assertThat(anywhere).hasSize(8);
    }
  }
}
