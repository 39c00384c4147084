package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final Bounds BOUNDS = HostileTest.tight();

  @Test
  void readsAnyBytesBackWhetherCompressedOrNot() throws Exception {
    Budget budget = new Budget(32 << 20);
    Random random = new Random(7);
    for (int size : new int[] {0, 1, 2, 8191, 8192, 8193, 40_000, 3 << 20}) {
      byte[] plain = new byte[size];
      for (int i = 0; i < size; i++) {
        plain[i] = (byte) ('a' + random.nextInt(4) * (i / 5000 % 2));
      }
      for (long declared : new long[] {-1, size}) {
        try (Body body = Body.read(new ByteArrayInputStream(plain), declared, BOUNDS, budget)) {
          assertThat(body.bytes()).isEqualTo(plain);
        }
      }
      byte[] small = Arrays.copyOf(plain, Math.min(size, 100_000));
      byte[] gzip = Bench.gzip(small);
      try (Body body = Body.read(new ByteArrayInputStream(gzip), -1, BOUNDS, budget)) {
        assertThat(body.bytes()).isEqualTo(small);
        assertThat(body.wire()).isEqualTo(gzip.length);
      }
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void takesNoMoreThanItsShareOfTheMemory() throws Exception {
    Budget budget = new Budget(50_000);
    byte[] plain = new byte[60_000];
    byte[] gzip = Bench.gzip(plain);

    assertThatThrownBy(() -> Body.read(new ByteArrayInputStream(plain), -1, BOUNDS, budget))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> Body.read(new ByteArrayInputStream(gzip), -1, BOUNDS, budget))
        .isInstanceOf(Unavailable.class);
    assertThat(budget.held()).isZero();
  }
}
