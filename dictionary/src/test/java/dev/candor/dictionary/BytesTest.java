package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Against the platform's comparison, byte by byte. */
class BytesTest {
  @Test
  void everyByteCounts() {
    long seed = 20261125;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int length = 0; length < 70; length++) {
      byte[] text = new byte[length];
      random.nextBytes(text);
      byte[] body = new byte[length + 20];
      for (int from = 0; from <= body.length; from++) {
        random.nextBytes(body);
        int there = Math.min(length, body.length - from);
        System.arraycopy(text, 0, body, from, there);
        String as = "seed " + seed + ", " + length + " bytes at " + from;
        assertThat(Bytes.at(body, from, text)).as(as).isEqualTo(there == length);
        for (int i = from; i < from + there; i++) {
          byte[] other = body.clone();
          other[i] ^= (byte) (1 << random.nextInt(8));
          assertThat(Bytes.at(other, from, text)).as("%s, %d", as, i).isFalse();
        }
      }
    }
  }

  @Test
  void equalBytesHaveEqualHashesWhereverTheyStand() {
    long seed = 20261126;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int equal = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] text = new byte[random.nextInt(70)];
      random.nextBytes(text);
      byte[] body = new byte[text.length + 9];
      random.nextBytes(body);
      int from = random.nextInt(10);
      System.arraycopy(text, 0, body, from, text.length);
      int hash = Bytes.hash(text, 0, text.length);
      assertThat(Bytes.hash(body, from, from + text.length)).as("seed %d", seed).isEqualTo(hash);
      byte[] longer = Arrays.copyOf(text, text.length + 1);
      equal += Bytes.hash(longer, 0, longer.length) == hash ? 1 : 0;
    }
    assertThat(equal).isLessThan(2);
  }
}
