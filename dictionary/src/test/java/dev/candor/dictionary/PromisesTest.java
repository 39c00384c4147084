package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * Whatever dictionary the loader takes, the sieve passes a message whole if and only if a JSON
 * Schema validator does. Longer with {@code -Dcandor.edge=N}.
 */
class PromisesTest {
  private static final long SEED = Long.getLong("candor.seed", 20261128);
  private static final int DICTIONARIES = Math.max(200, Integer.getInteger("candor.edge", 0));
  private static final Sieve SIEVE = new Sieve(Limits.DEFAULT, Optional.empty());

  private static RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  }

  @Test
  void whatTheLoaderTakesTheSieveHolds() {
    RandomDictionary made = new RandomDictionary(random());
    int taken = 0;
    int valid = 0;
    int invalid = 0;
    for (int i = 0; i < DICTIONARIES; i++) {
      String json = made.dictionary();
      MessageType ping;
      try {
        ping = Dictionary.parse(json.getBytes(StandardCharsets.UTF_8)).message("ping");
      } catch (DictionaryException e) {
        continue;
      }
      taken++;
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(json);
      for (int j = 0; j < 40; j++) {
        String message = made.message();
        byte[] body = message.getBytes(StandardCharsets.UTF_8);
        boolean right = schema.validate(message, InputFormat.JSON).isEmpty();
        String as = "seed " + SEED + ": " + message + " by " + json;
        assertThat(isWhole(SIEVE.siftClosely(body.clone(), ping, 0))).as(as).isEqualTo(right);
        assertThat(isWhole(SIEVE.sift(body.clone(), ping))).as(as).isEqualTo(right);
        valid += right ? 1 : 0;
        invalid += right ? 0 : 1;
      }
    }
    assertThat(taken).isGreaterThan(100);
    assertThat(valid).isGreaterThan(300);
    assertThat(invalid).isGreaterThan(1000);
  }

  @Test
  void messagesAtTheEdgesPassWhole() {
    RandomGenerator random = random();
    RandomDictionary made = new RandomDictionary(random);
    int taken = 0;
    for (int i = 0; i < DICTIONARIES; i++) {
      String json = made.dictionary();
      try {
        MessageType ping = Dictionary.parse(json.getBytes(StandardCharsets.UTF_8)).message("ping");
        taken++;
        EdgeMessages edges = new EdgeMessages(ping, random);
        for (int j = 0; j < 10; j++) {
          byte[] body = edges.next("00ff00ff");
          String as =
              "seed " + SEED + ": " + new String(body, StandardCharsets.UTF_8) + " by " + json;
          assertThat(isWhole(SIEVE.sift(body, ping))).as(as).isTrue();
        }
      } catch (DictionaryException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
    assertThat(taken).isGreaterThan(100);
  }

  private static boolean isWhole(Sifted sifted) {
    return sifted instanceof Sifted.Kept kept && kept.whole();
  }
}
