package dev.candor.bench;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Rekeying;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import dev.candor.sonarqube.SonarQube;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The sieve on a clean ping, and what else reads the same bytes. */
@State(Scope.Thread)
public class SieveBenchmark {
  static final int DISTINCT = 64;

  /** Bytes of a ping. */
  @Param("8192")
  public int size;

  private final byte[][] pings = new byte[DISTINCT][];
  private final String[] texts = new String[DISTINCT];
  private final JsonFactory json = new JsonFactory();
  private final MessageType type = SonarQube.dictionary().message("ping");
  private final Sieve sieve = new Sieve(Limits.DEFAULT, Optional.empty());
  private final Sieve rekeying = new Sieve(Limits.DEFAULT, Optional.of(Rekeying.of(new byte[32])));
  private final Sieve forgetting =
      new Sieve(Limits.DEFAULT, Optional.of(Rekeying.of(new byte[32]).remembering(1)));
  private final Schema schema = schema();
  private int next;

  /** Makes the pings. */
  @Setup
  public void pings() {
    for (int i = 0; i < DISTINCT; i++) {
      pings[i] = Pings.ping(i, size);
      texts[i] = new String(pings[i], StandardCharsets.UTF_8);
    }
  }

  private static Schema schema() {
    try (InputStream in = SonarQube.class.getResourceAsStream("dictionary.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private int next() {
    next = (next + 1) % DISTINCT;
    return next;
  }

  /** Ours. */
  @Benchmark
  public Sifted sieve() {
    return whole(sieve.sift(pings[next()], type));
  }

  /** Ours, with each pseudonym replaced by what is known; on a copy, for it may write in place. */
  @Benchmark
  public Sifted rekeyingSieve() {
    return whole(rekeying.sift(pings[next()].clone(), type));
  }

  /** The same, with nothing remembered: each pseudonym is hashed anew. */
  @Benchmark
  public Sifted hashingSieve() {
    return whole(forgetting.sift(pings[next()].clone(), type));
  }

  private static Sifted whole(Sifted sifted) {
    if (sifted instanceof Sifted.Kept kept && kept.whole()) {
      return kept;
    }
    throw new IllegalStateException("the ping is not clean: " + sifted.findings());
  }

  /** Jackson's tokens, nothing done with them. */
  @Benchmark
  public int tokens() {
    int count = 0;
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), pings[next()])) {
      while (parser.nextToken() != null) {
        count++;
      }
    }
    return count;
  }

  /** The same, with every string decoded and each of its characters looked at. */
  @Benchmark
  public int tokensRead() {
    int sum = 0;
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), pings[next()])) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          char[] text = parser.getStringCharacters();
          int end = parser.getStringOffset() + parser.getStringLength();
          for (int i = parser.getStringOffset(); i < end; i++) {
            sum += text[i];
          }
        }
      }
    }
    return sum;
  }

  /** A JSON Schema validator with the same dictionary, from the text on. */
  @Benchmark
  public List<Error> validator() {
    List<Error> errors = schema.validate(texts[next()], InputFormat.JSON);
    if (!errors.isEmpty()) {
      throw new IllegalStateException("the ping is not valid: " + errors);
    }
    return errors;
  }
}
