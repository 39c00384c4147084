package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final Bounds BOUNDS = HostileTest.tight();

  @Test
  void readsAnyBytesBackWhetherCompressedOrNot() throws Exception {
    Body.Memory memory = memory(32 << 20, Duration.ZERO);
    Random random = new Random(7);
    for (int size : new int[] {0, 1, 2, 8191, 8192, 8193, 40_000, 3 << 20}) {
      byte[] plain = new byte[size];
      for (int i = 0; i < size; i++) {
        plain[i] = (byte) ('a' + random.nextInt(4) * (i / 5000 % 2));
      }
      for (long declared : new long[] {-1, size}) {
        try (Body body = Body.read(new ByteArrayInputStream(plain), declared, BOUNDS, memory)) {
          assertThat(body.bytes()).isEqualTo(plain);
        }
      }
      byte[] small = Arrays.copyOf(plain, Math.min(size, 100_000));
      byte[] gzip = Bench.gzip(small);
      try (Body body = Body.read(new ByteArrayInputStream(gzip), -1, BOUNDS, memory)) {
        assertThat(body.bytes()).isEqualTo(small);
        assertThat(body.wire()).isEqualTo(gzip.length);
      }
    }
    assertThat(memory.held()).isZero();
  }

  @Test
  void waitsForItsShareOfTheMemoryAndGivesUpInTheEnd() throws Exception {
    Body.Memory memory = memory(50_000, Duration.ZERO);
    byte[] plain = new byte[20_000];
    byte[] gzip = Bench.gzip(plain);

    try (Body first = Body.read(new ByteArrayInputStream(plain), 20_000, BOUNDS, memory)) {
      for (byte[] second : List.of(plain, gzip)) {
        assertThatThrownBy(
                () -> Body.read(new ByteArrayInputStream(second), second.length, BOUNDS, memory))
            .isInstanceOf(Unavailable.class);
      }
      assertThat(first.bytes()).isEqualTo(plain);
    }
    assertThat(memory.held()).isZero();

    // Alone, even one larger than all the memory for bodies has its turn.
    byte[] large = new byte[60_000];
    try (Body body = Body.read(new ByteArrayInputStream(large), 60_000, BOUNDS, memory)) {
      assertThat(body.bytes()).isEqualTo(large);
    }
    assertThat(memory.held()).isZero();
  }

  @Test
  void servesManyLargeBodiesOneAfterTheOtherInLittleMemory() throws Exception {
    Body.Memory memory = memory(8 << 20, Duration.ofMinutes(1));
    byte[] plain = new byte[3 << 20];
    new Random(8).nextBytes(plain);
    plain[0] = '{';
    byte[] gzip = Bench.gzip(plain);
    Bounds bounds = bounds(4 << 20);

    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] sent = i % 2 == 0 ? plain : gzip;
        // Compressed ones come in chunks too, without a length.
        long declared = i % 4 == 1 ? -1 : sent.length;
        results.add(
            workers.submit(
                () -> {
                  InputStream in = new ByteArrayInputStream(sent);
                  try (Body body = Body.read(in, declared, bounds, memory)) {
                    return Arrays.equals(body.bytes(), plain);
                  }
                }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
    assertThat(memory.held()).isZero();
  }

  private static Body.Memory memory(long each, Duration patience) {
    return new Body.Memory(new Budget(each, patience, true), new Budget(each, patience, false));
  }

  private static Bounds bounds(int maxBody) {
    return new Bounds(
        maxBody,
        BOUNDS.limits(),
        BOUNDS.maxRatio(),
        BOUNDS.maxHeader(),
        BOUNDS.idle(),
        BOUNDS.requestTime(),
        BOUNDS.maxRequests(),
        BOUNDS.maxHeld(),
        BOUNDS.stopTime());
  }
}
