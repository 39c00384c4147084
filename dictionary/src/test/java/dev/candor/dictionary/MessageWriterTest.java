package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class MessageWriterTest {
  private static final Sieve SIEVE = new Sieve(Limits.DEFAULT, Optional.empty());

  private record Written(String json, List<Finding> findings, Optional<String> id) {}

  private interface Script {
    void run(MessageWriter writer);
  }

  private static Written write(Script script) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageWriter writer = new MessageWriter(out, Kettle.PING, 100);
    script.run(writer);
    writer.close();
    return new Written(out.toString(StandardCharsets.UTF_8), writer.findings(), writer.id());
  }

  @Test
  void writesWhatTheDictionaryNamesAndNothingElse() {
    Written written =
        write(
            ping ->
                ping.put("id", "00ff00ff")
                    .put("maker", "LDAP_internal")
                    .put("brew", "Jane Doe")
                    .put("owner", "jane")
                    .object("host")
                    .put("name", "db1.example.com")
                    .end()
                    .put("cups", 12)
                    .put("hot", true)
                    .list("users")
                    .object()
                    .put("user", "11111111")
                    .put("cups", 1001)
                    .end()
                    .end()
                    .list("tags")
                    .add("a")
                    .add("B")
                    .add("c")
                    .end());
    assertThat(written.json())
        .isEqualTo(
            "{\"id\":\"00ff00ff\",\"maker\":\"LDAP\",\"cups\":12,\"hot\":true,"
                + "\"users\":[{\"user\":\"11111111\"}],\"tags\":[\"a\",\"c\"]}");
    assertThat(written.findings())
        .extracting(Finding::reason, Finding::pointer)
        .containsExactly(
            tuple(Reason.COARSENED, "/maker"),
            tuple(Reason.GRAMMAR, "/brew"),
            tuple(Reason.UNDECLARED, "/owner"),
            tuple(Reason.UNDECLARED, "/host"),
            tuple(Reason.GRAMMAR, "/users/0/cups"),
            tuple(Reason.GRAMMAR, "/tags/1"));
    assertThat(written.findings().toString()).doesNotContain("Jane", "internal", "example");
    assertThat(written.id()).contains("00ff00ff");
  }

  @Test
  void bothEndsAgree() {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int compared = 0;
    for (int i = 0; i < 3000; i++) {
      String ping = Kettle.ping(random).replace("\"brew\":null", "\"brew\":7");
      Written written = write(writer -> copy(ping, writer));
      Sifted sifted = SIEVE.sift(ping.getBytes(StandardCharsets.UTF_8), Kettle.PING);
      if (sifted instanceof Sifted.Kept kept) {
        assertThat(written.json())
            .as("seed %d, case %d: %s", seed, i, ping)
            .isEqualTo(new String(kept.json(), StandardCharsets.UTF_8));
        assertThat(written.findings())
            .extracting(Finding::reason, Finding::path)
            .isEqualTo(kept.findings().stream().map(f -> tuple(f.reason(), f.path())).toList());
        compared++;
      } else {
        assertThat(written.id()).isEmpty();
      }
    }
    assertThat(compared).isGreaterThan(2000);
  }

  @Test
  void whatIsWrittenIsKeptWhole() {
    Written written =
        write(ping -> ping.put("id", "00ff00ff").put("brew", "tea").list("tags").add("x").end());
    Sifted sifted = SIEVE.sift(written.json().getBytes(StandardCharsets.UTF_8), Kettle.PING);
    assertThat(sifted)
        .isInstanceOfSatisfying(Sifted.Kept.class, k -> assertThat(k.whole()).isTrue());
  }

  @Test
  void keepsListsWithinTheirBound() {
    Written written =
        write(
            ping -> {
              ping.put("id", "00ff00ff").list("tags");
              for (int i = 0; i < 7; i++) {
                ping.add("a");
              }
              ping.end();
            });
    assertThat(written.json()).endsWith("\"tags\":[\"a\",\"a\",\"a\",\"a\",\"a\"]}");
    assertThat(written.findings()).hasSize(2).allMatch(f -> f.reason() == Reason.BOUND);
  }

  @Test
  void saysWhereItIsMisused() {
    assertThatThrownBy(() -> write(ping -> ping.put("cups", 1).put("cups", 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("\"cups\" is written twice");
    assertThatThrownBy(() -> write(ping -> ping.add("tea")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(MessageWriter::end)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(ping -> ping.list("tags")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not ended");
  }

  @Test
  void aBrokenStreamIsAnIoFault() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    MessageWriter writer = new MessageWriter(full, Kettle.PING, 10);
    assertThatThrownBy(() -> writer.put("id", "00ff00ff").flush())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no space left");
  }

  /** Writes a JSON object token by token, as a program would that knows no dictionary. */
  private static void copy(String json, MessageWriter writer) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      while (parser.nextToken() != null) {
        String name = parser.currentName();
        boolean inList = parser.streamReadContext().inArray();
        JsonToken token = parser.currentToken();
        switch (token) {
          case PROPERTY_NAME -> {}
          case START_OBJECT -> {
            if (parser.streamReadContext().getParent().inArray()) {
              writer.object();
            } else {
              writer.object(name);
            }
          }
          case START_ARRAY -> {
            if (parser.streamReadContext().getParent().inArray()) {
              writer.list();
            } else {
              writer.list(name);
            }
          }
          case END_ARRAY -> writer.end();
          case END_OBJECT -> {
            if (!parser.streamReadContext().inRoot()) {
              writer.end();
            }
          }
          case VALUE_STRING -> {
            if (inList) {
              writer.add(parser.getString());
            } else {
              writer.put(name, parser.getString());
            }
          }
          case VALUE_NUMBER_INT -> {
            if (inList) {
              writer.add(parser.getLongValue());
            } else {
              writer.put(name, parser.getLongValue());
            }
          }
          case VALUE_NUMBER_FLOAT -> writer.put(name, parser.getDoubleValue());
          case VALUE_TRUE, VALUE_FALSE -> writer.put(name, token == JsonToken.VALUE_TRUE);
          default -> {}
        }
      }
    }
  }
}
