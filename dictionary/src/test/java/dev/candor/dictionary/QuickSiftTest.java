package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The quick way against the slow one, which says what is right. */
class QuickSiftTest {
  private static final MessageType PING = Kettle.PING;
  private static final Limits LIMITS = new Limits(100_000, 6, 3);
  private static final Rekeying KEY = Rekeying.of(new byte[32]);

  private static String shown(Sifted sifted) {
    return sifted instanceof Sifted.Kept kept
        ? new String(kept.json(), StandardCharsets.ISO_8859_1)
            + kept.members()
            + kept.id()
            + kept.findings()
        : sifted.toString();
  }

  private static Sifted slowly(byte[] body, MessageType type, Optional<Rekeying> key) {
    return new Sieve(LIMITS, key).siftClosely(body, type, 0);
  }

  /** Whether the quick way took it. */
  private static boolean agree(byte[] body, MessageType type, String as) {
    boolean quick = false;
    for (Optional<Rekeying> key : List.of(Optional.<Rekeying>empty(), Optional.of(KEY))) {
      String right = shown(slowly(body.clone(), type, key));
      byte[] mine = body.clone();
      Optional<Sifted> sifted =
          new QuickSift(LIMITS, key, mine, type, new Layout.Members(type.root())).run();
      if (sifted.isPresent()) {
        quick = true;
        assertThat(shown(sifted.get())).as(as).isEqualTo(right);
      } else {
        assertThat(mine).as("%s: untouched", as).isEqualTo(body);
      }
      assertThat(shown(new Sieve(LIMITS, key).sift(body.clone(), type))).as(as).isEqualTo(right);
    }
    return quick;
  }

  @Test
  void passesWhatTheSlowWayPasses() {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int quick = 0;
    int spoilt = 0;
    for (int i = 0; i < 4000; i++) {
      String ping = spaced(random, Kettle.ping(random));
      String as = "seed " + seed + ", case " + i + ": " + ping;
      quick += agree(bytes(ping), PING, as) ? 1 : 0;
      byte[] hostile = bytes(ping);
      for (int j = random.nextInt(3); j >= 0; j--) {
        hostile = spoil(random, hostile);
      }
      as = "seed " + seed + ", case " + i + ": " + new String(hostile, StandardCharsets.UTF_8);
      spoilt += agree(hostile, PING, as) ? 1 : 0;
    }
    assertThat(quick).isBetween(1500, 3500);
    assertThat(spoilt).isBetween(200, 3000);
  }

  @Test
  void leavesTheOddOnesToTheSlowWay() {
    for (String ping :
        new String[] {
          "",
          "{",
          "{}",
          "[]",
          "null",
          "{\"id\":\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\",}",
          "{,\"id\":\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\"} x",
          "\ufeff{\"id\":\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\",\"id\":\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\",\"brew\":\"te\\u0061\"}",
          "{\"id\":\"00ff00f\\u0066\"}",
          "{\"\\u0069d\":\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\",\"cups\":01}",
          "{\"id\":\"00ff00ff\",\"cups\":-0}",
          "{\"id\":\"00ff00ff\",\"cups\":-}",
          "{\"id\":\"00ff00ff\",\"cups\":+1}",
          "{\"id\":\"00ff00ff\",\"cups\":1e2}",
          "{\"id\":\"00ff00ff\",\"cups\":1.0}",
          "{\"id\":\"00ff00ff\",\"cups\":1 2}",
          "{\"id\":\"00ff00ff\",\"cups\":000000000000000000000000000001}",
          "{\"id\":\"00ff00ff\",\"cups\":18446744073709551617}",
          "{\"id\":\"00ff00ff\",\"hot\":truee}",
          "{\"id\":\"00ff00ff\",\"hot\":tru}",
          "{\"id\":\"00ff00ff\",\"hot\":TRUE}",
          "{\"id\":\"00ff00ff\",\"tags\":[\"a\",]}",
          "{\"id\":\"00ff00ff\",\"tags\":[,\"a\"]}",
          "{\"id\":\"00ff00ff\",\"tags\":[\"a\" \"b\"]}",
          "{\"id\":\"00ff00ff\",\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
          "{\"id\":\"00ff00ff\",\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}",
          "{\"id\":\"00ff00ff\",\"tags\":[[[[[[[[[]]]]]]]]]}",
          "{\"id\":\"00ff00ff\",\"brew\":\"tea}",
          "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_é\"}",
          "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_\\\"\"}",
          "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_\u007f\"}",
          "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_\t\"}",
          "{\"id\":\"00ff00ff\",\"maker\":\"LDAP_a\",\"brew\":\"tea\"}\n",
          "{\"id\" \n:\r\t\"00ff00ff\" , \"maker\":\n\"nobody\"\n}\n",
          "{\"id\":\"00ff00ff\"\u000b}",
          "{\"id\":\"00ff00ff\"\u00a0}",
          "{'id':\"00ff00ff\"}",
          "{id:\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\"/**/}",
          "{\"id\"=\"00ff00ff\"}",
          "{\"id\":\"00ff00ff\",\"cups\":NaN}",
        }) {
      agree(bytes(ping), PING, ping);
    }
  }

  @Test
  void theDecidingMemberMayStandAnywhere() {
    MessageType type =
        Dictionary.parse(
                bytes(
                    Kettle.DICTIONARY.replace(
                        "\"tags\":{\"type\":\"array\"",
                        """
                        "facts":{"type":"array","maxItems":9,"items":{"type":"object",
                         "additionalProperties":false,
                         "anyOf":[{"properties":{"value":{"type":["integer","boolean","null"],
                            "x-kind":["count","flag"],"minimum":0,"maximum":9,"description":"V.","x-why":"to test",
                            "x-since":"1.0","examples":[3]}}},
                           {"properties":{"key":{"enum":["brew","mug"]},"value":{"$ref":"#/$defs/word"}}}],
                         "properties":{"key":{"$ref":"#/$defs/word"},"value":true}}},
                        "tags":{"type":"array\"""")))
            .message("ping");
    String[] facts = {
      "{\"key\":\"brew\",\"value\":\"tea\"}",
      "{\"value\":\"tea\",\"key\":\"brew\"}",
      "{\"value\":\"tea\"}",
      "{\"key\":\"other\",\"value\":\"tea\"}",
      "{\"key\":\"other\",\"value\":\"none\"}",
      "{\"key\":\"brew\",\"value\":3}",
      "{\"value\":3,\"key\":\"brew\"}",
      "{\"key\":\"mug\",\"value\":null}",
      "{\"key\":\"mug\",\"value\":true}",
      "{\"key\":\"mug\",\"value\":[]}",
      "{\"key\":7,\"value\":\"tea\"}",
      "{\"key\":\"br\\u0065w\",\"value\":\"tea\"}",
    };
    int quick = 0;
    for (String fact : facts) {
      String ping = "{\"id\":\"00ff00ff\",\"facts\":[" + fact + "]}";
      quick += agree(bytes(ping), type, ping) ? 1 : 0;
    }
    assertThat(quick).isEqualTo(5);
  }

  @Test
  void aPseudonymThatNoHashFitsIsRefusedAsEver() {
    MessageType type =
        Dictionary.parse(
                bytes(
                    Kettle.DICTIONARY.replace(
                        "\"user\":{\"$ref\":\"#/$defs/key\"}",
                        "\"user\":{\"$ref\":\"#/$defs/key\"},\"seat\":{\"type\":\"string\","
                            + "\"x-kind\":\"pseudonym\","
                            + "\"pattern\":\"^(?:[0-9a-f]{8,40}|seat-[0-9]{8})$\","
                            + "\"maxLength\":40,\"description\":\"Seat.\",\"x-why\":\"to test\","
                            + "\"x-since\":\"1.0\",\"examples\":[\"00ff00ff00ff\"]}")))
            .message("ping");
    String ping =
        "{\"id\":\"00ff00ff\",\"users\":[{\"user\":\"00ff00ff\",\"seat\":\"seat-12345678\"}]}";
    String right = shown(slowly(bytes(ping), type, Optional.of(KEY)));
    assertThat(right).contains("/users/0/seat", "keyed hash");
    assertThat(shown(new Sieve(LIMITS, Optional.of(KEY)).sift(bytes(ping), type))).isEqualTo(right);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** White space between tokens, now and then. */
  private static String spaced(RandomGenerator random, String json) {
    if (random.nextInt(3) > 0) {
      return json;
    }
    String space = new String[] {" ", "\n", "\r\n", "\t "}[random.nextInt(4)];
    return json.replace(",\"", "," + space + "\"").replace("}", space + "}") + space;
  }

  private static byte[] spoil(RandomGenerator random, byte[] body) {
    byte[] other = body.clone();
    int at = random.nextInt(body.length);
    switch (random.nextInt(9)) {
      case 0 -> other[at] = (byte) random.nextInt(256);
      case 1 -> other[at] = (byte) "{}[]\",:\\0 a\n-".charAt(random.nextInt(13));
      case 2 -> System.arraycopy(body, at, other, random.nextInt(at + 1), body.length - at);
      case 3, 4, 5, 6, 7 -> other[at] = (byte) "0123456789abcdefxyz".charAt(random.nextInt(19));
      default -> {
        other = new byte[Math.max(1, at)];
        System.arraycopy(body, 0, other, 0, at);
      }
    }
    return other;
  }
}
