package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SieveTest {
  private static final MessageType PING = Kettle.PING;
  private static final Sieve SIEVE = new Sieve(Limits.DEFAULT, Optional.empty());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Sifted sift(String json) {
    return SIEVE.sift(bytes(json), PING);
  }

  private static String kept(String json) {
    return new String(((Sifted.Kept) sift(json)).json(), StandardCharsets.UTF_8);
  }

  @Test
  void cleanMessagePassesAsItsOwnBytes() {
    byte[] body = bytes("{\"id\":\"00ff00ff\",\"users\":[{\"cups\":1},{}],\"hot\":true}");
    Sifted.Kept kept = (Sifted.Kept) SIEVE.sift(body, PING);
    assertThat(kept.json()).isSameAs(body);
    assertThat(kept.whole()).isTrue();
    assertThat(kept.id()).isEqualTo("00ff00ff");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"x\":1,\"id\":\"00ff00ff\",\"y\":{\"a\":[1]}}|{\"id\":\"00ff00ff\"}",
        "{\"id\":\"00ff00ff\" , \"x\":1 , \"cups\":2}|{\"id\":\"00ff00ff\" ,\"cups\":2}",
        "{\"id\":\"00ff00ff\",\"cups\":1001,\"tags\":[\"A\",\"b\",\"C\",\"d\",\"E\"]}|{\"id\":\"00ff00ff\",\"tags\":[\"b\",\"d\"]}",
        "{\"id\":\"00ff00ff\",\"users\":[{\"a\":1},\"b\",{\"cups\":-1,\"user\":\"11111111\"}]}|{\"id\":\"00ff00ff\",\"users\":[{},{\"user\":\"11111111\"}]}",
        "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_acme\",\"brew\":null}|{\"id\":\"00ff00ff\",\"maker\":\"LDAP\"}",
        "{\"maker\":\"Jane Doe\",\"id\":\"00ff00ff\",\"hot\":\"yes\"}|{\"maker\":\"other\",\"id\":\"00ff00ff\"}",
      })
  void leavesOutOrCoarsensTheRest(String body, String left) {
    assertThat(kept(body)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|MALFORMED|expected a JSON object|1|1",
        "{\"id\":\"00ff00ff\"|MALFORMED|truncated|1|16",
        "{\"id\":\"00ff00ff\",}|MALFORMED|comma|1|18",
        "{\"id\":\"00ff00ff\"} 1|MALFORMED|after the object|1|19",
        "{\"id\":\"00ff00ff\",\"id\":\"00ff00ff\"}|MALFORMED|duplicate|1|18",
        "{\"id\":\"00ff00ff\",\"x\":{\"a\":1,\"a\":2}}|MALFORMED|duplicate|1|29",
        "{\"id\":\"00ff00ff\",\"x\":\"\\ud800\"}|MALFORMED|surrogate|1|22",
        "{\"cups\":1}|MISSING|id|0|0",
        "{\"id\":\"Jane\"}|MISSING|pseudonym|1|7",
        "{\"id\":\"00ff00ff\",\"tags\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]}|BOUND|5 elements|1|46",
      })
  void refusesWithThePlace(String body, Reason reason, String says, int line, int column) {
    Finding finding = ((Sifted.Refused) sift(body)).findings().get(0);
    assertThat(finding.reason()).isEqualTo(reason);
    assertThat(finding.expected()).contains(says);
    assertThat(List.of(finding.line(), finding.column())).containsExactly(line, column);
  }

  @Test
  void refusesBadUtf8AndDepth() {
    byte[] bad = bytes("{\"id\":\"00ff00ff\",\"x\":\"?\"}");
    bad[22] = (byte) 0xff;
    assertThat(((Sifted.Refused) SIEVE.sift(bad, PING)).findings().get(0).expected())
        .isEqualTo("expected UTF-8");
    String deep = "{\"x\":" + "[".repeat(40) + "]".repeat(40) + ",\"id\":\"00ff00ff\"}";
    assertThat(((Sifted.Refused) sift(deep)).findings().get(0).reason()).isEqualTo(Reason.BOUND);
  }

  @Test
  void rekeysInPlaceButForTheInstancesId() {
    Sieve sieve = new Sieve(Limits.DEFAULT, Optional.of(Rekeying.of(new byte[32])));
    String body =
        "{\"id\":\"00ff00ff\",\"users\":[{\"user\":\"00ff00ff\"},{\"user\":\"00ff00ff\"}]}";
    Sifted.Kept kept = (Sifted.Kept) sieve.sift(bytes(body), PING);
    String json = new String(kept.json(), StandardCharsets.UTF_8);
    assertThat(json).hasSameSizeAs(body).startsWith("{\"id\":\"00ff00ff\"");
    List<String> users =
        Pattern.compile("\"user\":\"([0-9a-f]{8})\"")
            .matcher(json)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(users).hasSize(2).doesNotContain("00ff00ff");
    assertThat(users.get(0)).isEqualTo(users.get(1));
    assertThat(kept.whole()).isTrue();
  }

  @Test
  void givesShortPseudonymsRoom() {
    Rekeying rekeying = Rekeying.of(new byte[32]);
    Pattern grammar = Pattern.compile("[A-Za-z0-9_-]{20,22}|[0-9]{1,10}");
    List<String> made =
        IntStream.range(0, 2000)
            .mapToObj(i -> rekeying.rekey("" + i, s -> grammar.matcher(s).matches()).orElseThrow())
            .toList();
    assertThat(made).doesNotHaveDuplicates().allMatch(s -> s.length() == 20);
    assertThat(rekeying.rekey("1234567890", s -> grammar.matcher(s).matches())).isPresent();
  }

  @Test
  void addsOnlyTheMembersThatLack() {
    Sifted.Kept kept = (Sifted.Kept) sift("{\"id\":\"00ff00ff\"}");
    assertThat(new String(kept.with(Map.of("id", "x", "type", "ping")), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":\"00ff00ff\",\"type\":\"ping\"}");
  }

  @Test
  void agreesWithAJsonSchemaValidator() {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Kettle.DICTIONARY);
    long seed = 20261123;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int whole = 0;
    for (int i = 0; i < 3000; i++) {
      String ping = Kettle.ping(random);
      boolean valid = schema.validate(ping, InputFormat.JSON).isEmpty();
      boolean passes = sift(ping) instanceof Sifted.Kept kept && kept.whole();
      assertThat(passes).as("seed %d, case %d: %s", seed, i, ping).isEqualTo(valid);
      whole += valid ? 1 : 0;
    }
    assertThat(whole).isBetween(300, 2700);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"x-kind\":\"word\",\"pattern\":\"^[a-z]{1,10}$\"|\"pattern\":\"^[a-z]{1,10}$\"|/$defs/word/x-kind",
        "^[a-z]{1,10}$\",\"maxLength\":10|^.*$\",\"maxLength\":50|lets through an e-mail address",
        "^[a-z]{1,10}$\",\"maxLength\":10|^[a-z0-9.-]*$\",\"maxLength\":50|lets through a host name",
        "^[a-z]{1,10}$\",\"maxLength\":10|^[a-z0-9_]*$\",\"maxLength\":50|lets through what looks like a secret",
        "^[0-9a-f]{8}$|^[0-9a-f]{1,8}$|fewer than 8 characters and none of 20",
        "\"minimum\":0,|~~|needs a minimum",
        "\"brew\":|\"ID\":|differs from another member by case alone",
      })
  void refusesADictionaryThatLetsTooMuchThrough(String was, String is, String problem) {
    String changed = Kettle.DICTIONARY.replace(was, is);
    assertThat(changed).isNotEqualTo(Kettle.DICTIONARY);
    assertThatThrownBy(() -> Dictionary.parse(bytes(changed)))
        .isInstanceOf(DictionaryException.class)
        .hasMessageContaining(problem);
  }
}
