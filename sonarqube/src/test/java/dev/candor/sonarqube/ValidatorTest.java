package dev.candor.sonarqube;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.candor.dictionary.DictionaryPage;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Node;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole dictionary: the sieve and a JSON Schema validator agree on messages made from it. */
class ValidatorTest {
  private static final Sieve SIEVE = new Sieve(Limits.DEFAULT, Optional.empty());

  /** Values that no place takes, in strings and in other shapes. */
  private static final List<String> HOSTILE =
      List.of(
          "\"jane.doe@example.com\"",
          "\"/home/jane/src\"",
          "\"https://example.com/x\"",
          "\"Jane Doe\"",
          "\"squ_0123456789abcdef0123456789abcdef01234567\"",
          "\"\"",
          "12.75",
          "-9007199254740992",
          "{\"a\":1}",
          "[[1]]");

  @ParameterizedTest
  @CsvSource({"ping, 60", "metrics, 40", "opt-out, 5"})
  void agreesWithAJsonSchemaValidator(String message, int atLeast) throws IOException {
    MessageType type = Pings.DICTIONARY.message(message);
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                file()
                    .replace("\"$ref\": \"#/$defs/ping\"", "\"$ref\": \"#/$defs/" + message + '"'));
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int valid = 0;
    int invalid = 0;
    for (int i = 0; i < 600; i++) {
      String body = object(type.root(), random, i % 2 == 0 ? 0 : 0.03, type.id());
      boolean agreed = schema.validate(body, InputFormat.JSON).isEmpty();
      Sifted sifted = SIEVE.sift(body.getBytes(StandardCharsets.UTF_8), type);
      assertThat(sifted instanceof Sifted.Kept kept && kept.whole())
          .as("seed %d, case %d: %s", seed, i, body)
          .isEqualTo(agreed);
      valid += agreed ? 1 : 0;
      invalid += agreed ? 0 : 1;
    }
    assertThat(valid).isGreaterThan(200);
    assertThat(invalid).isGreaterThan(atLeast);
  }

  @Test
  void thePrintedPageIsUpToDate() throws IOException {
    Path page = Path.of("..", "docs", "what-is-sent-sonarqube.md");
    assertThat(Files.readString(page))
        .as("print it anew with ./candor dictionary")
        .isEqualTo(DictionaryPage.markdown(Pings.DICTIONARY));
  }

  private static String file() throws IOException {
    try (InputStream in = SonarQube.class.getResourceAsStream("dictionary.json")) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** One value for a place: of its own examples, or now and then one that fits nowhere. */
  private static String value(Node node, RandomGenerator random, double odd) {
    if (random.nextDouble() < odd) {
      return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }
    if (node instanceof Node.Obj object) {
      return object(object, random, odd, "");
    }
    if (node instanceof Node.Arr list) {
      List<String> items = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        items.add(value(list.items(), random, odd));
      }
      return "[" + String.join(",", items) + "]";
    }
    List<String> examples = ((Node.Leaf) node).examples();
    return examples.get(random.nextInt(examples.size()));
  }

  private static String object(Node.Obj shape, RandomGenerator random, double odd, String always) {
    List<String> members = new ArrayList<>();
    Optional<Node.Choice> choice = shape.choice();
    shape
        .members()
        .forEach(
            (name, node) -> {
              boolean judged =
                  choice.isPresent()
                      && (name.equals(choice.get().key()) || name.equals(choice.get().value()));
              if (!judged && (name.equals(always) || random.nextInt(3) > 0)) {
                members.add("\"" + name + "\":" + value(node, random, odd));
              }
            });
    choice.ifPresent(c -> members.addAll(keyAndValue(c, random, odd)));
    if (random.nextDouble() < odd) {
      members.add("\"undeclared\":[{\"x\":null}]");
    }
    return "{" + String.join(",", members) + "}";
  }

  private static List<String> keyAndValue(Node.Choice choice, RandomGenerator random, double odd) {
    List<String> words = new ArrayList<>(choice.cases().keySet());
    words.add("some_open_key");
    String word = words.get(random.nextInt(words.size()));
    Node.Leaf leaf = choice.cases().getOrDefault(word, choice.otherwise());
    String value =
        leaf.examples().isEmpty()
            ? List.of("1", "true", "null", "2.5").get(random.nextInt(4))
            : value(leaf, random, odd);
    List<String> pair =
        new ArrayList<>(
            List.of(
                "\"" + choice.key() + "\":\"" + word + '"', "\"" + choice.value() + "\":" + value));
    if (random.nextBoolean()) {
      java.util.Collections.reverse(pair);
    }
    return pair;
  }
}
