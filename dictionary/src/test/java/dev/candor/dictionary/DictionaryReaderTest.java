package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the loader takes is held, and what it does not take it names. */
class DictionaryReaderTest {
  private static final String ABOUT = ",\"description\":\"d\",\"x-why\":\"w\",\"x-since\":\"1\"";

  private static Dictionary parse(String json) {
    return Dictionary.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String replaced(String what, String by) {
    assertThat(Kettle.DICTIONARY).contains(what);
    return Kettle.DICTIONARY.replace(what, by);
  }

  /** The kettle's dictionary with one more member of its ping. */
  private static String with(String member) {
    return replaced("\"brew\":{", "\"more\":" + member + ",\"brew\":{");
  }

  private static String leaf(String keywords) {
    return with("{" + keywords.replace('\'', '"') + ABOUT + "}");
  }

  private static List<String> problems(String json) {
    try {
      parse(json);
      return List.of();
    } catch (DictionaryException e) {
      return e.problems();
    }
  }

  private static boolean whole(Dictionary dictionary, String value) {
    byte[] body = ("{\"id\":\"00ff00ff\",\"more\":" + value + "}").getBytes(StandardCharsets.UTF_8);
    Sieve sieve = new Sieve(Limits.DEFAULT, Optional.empty());
    MessageType ping = dictionary.message("ping");
    boolean slow = sieve.siftClosely(body.clone(), ping, 0) instanceof Sifted.Kept k && k.whole();
    boolean quick = sieve.sift(body.clone(), ping) instanceof Sifted.Kept k && k.whole();
    assertThat(quick).as("quick and slow: %s", value).isEqualTo(slow);
    return quick;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'type':'integer','x-kind':'count','minimum':0,'maximum':10,'enum':[1,2,3],'examples':[1] | 3 2 1.0 | 5 0 4 1.5 -1",
        "'type':'integer','x-kind':'count','minimum':0,'maximum':10,'const':1,'examples':[1] | 1 1.0 | 7 0 1.5",
        "'type':'integer','x-kind':'count','enum':[10,1],'examples':[10] | 1 10 1e1 | 5 11",
        "'type':'number','x-kind':'count','enum':[0.5,1],'examples':[1] | 0.5 1 5e-1 | 0.6 0 2",
        "'type':'number','x-kind':'count','const':0,'examples':[0] | 0 -0 0.0 -0.0 0e99 | 1 1e-9",
        "'type':'boolean','x-kind':'flag','enum':[true],'examples':[true] | true | false null",
        "'type':['boolean','null'],'x-kind':'flag','const':null,'examples':[null] | null | false true",
        "'type':'string','x-kind':'word','pattern':'^[a-z]{1,10}$','minLength':5,'maxLength':10,'examples':['abcde'] | \"abcde\" \"abcdef\" | \"ab\" \"abcd\" \"abcdefghijk\"",
        "'type':'string','x-kind':'word','pattern':'^[a-z]{1,3}$','maxLength':3,'enum':['abcdef','abc'],'examples':['abc'] | \"abc\" | \"abcdef\" \"ab\"",
        "'type':'string','x-kind':'word','minLength':4,'enum':['abcdef','abc'],'examples':['abcdef'] | \"abcdef\" | \"abc\"",
        "'type':'string','x-kind':'word','enum':['a','b'],'const':'b','examples':['b'] | \"b\" | \"a\"",
        "'type':['string','integer','null'],'x-kind':['word','count'],'enum':['a',3],'examples':['a'] | \"a\" 3 | \"b\" 4 null",
        "'$ref':'#/$defs/count','maximum':2000,'examples':[3] | 3 1000 | 1001 2000",
        "'$ref':'#/$defs/count','maximum':5,'minimum':2,'examples':[3] | 2 5 | 1 6 1000",
        "'$ref':'#/$defs/word','minLength':3,'maxLength':4,'examples':['tea'] | \"tea\" \"mate\" | \"te\" \"chaii\"",
        "'$ref':'#/$defs/word','enum':['tea','TEA'],'examples':['tea'] | \"tea\" | \"TEA\" \"mate\"",
      })
  void everyKeywordHolds(String keywords, String fitting, String others) {
    Dictionary dictionary = parse(leaf(keywords.strip()));
    for (String value : fitting.strip().split(" ")) {
      assertThat(whole(dictionary, value)).as(value).isTrue();
    }
    for (String value : others.strip().split(" ")) {
      assertThat(whole(dictionary, value)).as(value).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format",
        "minItems",
        "uniqueItems",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minProperties",
        "maxProperties",
        "required",
        "not",
        "oneOf",
        "allOf",
        "if",
        "default",
        "contentEncoding",
        "deprecated",
        "$defs",
        "$anchor",
        "$dynamicRef",
        "prefixItems",
        "contains",
        "patternProperties",
        "propertyNames",
        "dependentRequired",
        "items",
        "x-own"
      })
  void whatIsNotHeldIsRefusedByName(String keyword) {
    String json =
        leaf(
            "'type':'integer','x-kind':'count','minimum':0,'maximum':1,'examples':[1],'"
                + keyword
                + "':1");
    assertThat(problems(json))
        .anyMatch(said -> said.startsWith("/$defs/ping/properties/more/" + keyword + ": "));
    String list =
        with(
            "{\"type\":\"array\",\"maxItems\":2,\"items\":{\"$ref\":\"#/$defs/word\"},\""
                + keyword
                + "\":{}}");
    if (!keyword.equals("items")) {
      assertThat(problems(list))
          .anyMatch(said -> said.startsWith("/$defs/ping/properties/more/" + keyword + ": "));
    }
    String object =
        with(
            "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"$ref\":\"#/$defs/word\"}},\""
                + keyword
                + "\":[\"a\"]}");
    assertThat(problems(object))
        .anyMatch(said -> said.startsWith("/$defs/ping/properties/more/" + keyword + ": "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "title", "description", "$comment", "x-group", "x-why", "x-since", "x-keep", "x-otherwise",
        "x-kind", "type", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum",
        "examples", "$ref"
      })
  void aValueOfTheWrongTypeIsNamed(String keyword) {
    for (String wrong :
        List.of(
            "{}",
            "true",
            "-5.5",
            keyword.equals("examples") || keyword.equals("enum") ? "\"a\"" : "[{}]")) {
      if (wrong.equals("-5.5") && keyword.startsWith("m") && keyword.endsWith("imum")) {
        continue;
      }
      String json =
          with(
              "{\"type\":[\"string\",\"integer\"],\"x-kind\":[\"word\",\"count\"],\"pattern\":\"^[a-z]$\",\"maxLength\":1,\"minLength\":1,\"minimum\":0,\"maximum\":1,\"enum\":[\"a\"],\"x-keep\":\"^([a-z]).$\",\"x-otherwise\":\"a\",\"title\":\"t\",\"$comment\":\"c\",\"x-group\":\"g\",\"examples\":[\"a\"]"
                      .replaceFirst(
                          ",\""
                              + java.util.regex.Pattern.quote(keyword)
                              + "\":(\\[[^]]*]|\"[^\"]*\"|[0-9]+)",
                          "")
                  + ABOUT.replaceFirst(",\"" + keyword + "\":\"[^\"]*\"", "")
                  + ",\""
                  + keyword
                  + "\":"
                  + wrong
                  + "}");
      if (keyword.equals("type")) {
        json = json.replace("\"more\":{\"type\":[\"string\",\"integer\"],", "\"more\":{");
      }
      assertThat(problems(json))
          .as("%s: %s", keyword, wrong)
          .anyMatch(
              said -> said.startsWith("/$defs/ping/properties/more/" + keyword + ": must be "));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}} | /properties: an object needs at least one member",
        "{\"type\":\"array\",\"maxItems\":5,\"items\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}} | /items/properties: an object needs at least one member",
        "{\"type\":\"object\",\"additionalProperties\":false} | /properties: must be an object",
        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":[]} | /properties: must be an object",
        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"$ref\":\"#/$defs/word\"},\"A\":{\"$ref\":\"#/$defs/word\"}}} | /properties/A: differs from another member by case alone",
        "{\"type\":\"array\",\"maxItems\":5,\"items\":true} | /items: must be an object",
        "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/word\"}} | /maxItems: must bound the list",
        "{\"$ref\":\"#/$defs/nothing\"} | /$ref: must lead to a definition, such as #/$defs/count",
        "{\"$ref\":\"#/$defs/a%20b\"} | /$ref: must lead to a definition, such as #/$defs/count",
        "{\"$ref\":\"#/$defs/ping\"} | /$ref: leads back to where it stands",
        "{\"$ref\":\"#/$defs/word\",\"pattern\":\"^[b-y]$\"} | /pattern: the definition that $ref leads to has this keyword already, and both would hold: say it in one place",
      })
  void whatCannotBeStoredIsRefused(String member, String says) {
    assertThat(problems(with(member.strip())))
        .contains("/$defs/ping/properties/more" + says.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"^a|b$", "^a\\\\$", "a", "^(?:a|b)$|^c$", "^[$]"})
  void aPatternIsAnchoredAsAWhole(String pattern) {
    assertThat(
            problems(
                leaf(
                    "'type':'string','x-kind':'word','maxLength':3,'examples':['a'],'pattern':'"
                        + pattern
                        + "'")))
        .anyMatch(said -> said.contains("/pattern: must be anchored as a whole"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "temp",
        "information_schema",
        "main",
        "candor",
        "health",
        "pg_catalog",
        "metrics",
        "store",
        "memory",
        "system"
      })
  void aNameThatIsTakenIsRefused(String name) {
    assertThat(problems(replaced("\"x-product\":\"kettle\"", "\"x-product\":\"" + name + '"')))
        .containsExactly("/x-product: the name " + name + " is taken: choose another");
  }

  @Test
  void twoMessagesAtOnePathAreRefused() {
    String second =
        "\"x-messages\":{\"other\":{\"method\":\"POST\",\"path\":\"\",\"id\":\"id\","
            + "\"schema\":\"#/$defs/ping\",\"title\":\"O\",\"description\":\"o\"},";
    assertThat(problems(replaced("\"x-messages\":{", second)))
        .containsExactly("/x-messages/ping/path: \"other\" has the same method and path");
  }

  @Test
  void aRecursiveDefinitionIsRefusedAtOnce() {
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      members.append("\"m").append(i).append("\":{\"$ref\":\"#/$defs/tree\"},");
    }
    String tree =
        "\"tree\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
            + members
            + "\"leaf\":{\"$ref\":\"#/$defs/word\"}}},";
    String json = with("{\"$ref\":\"#/$defs/tree\"}").replace("\"$defs\":{", "\"$defs\":{" + tree);
    assertThat(problems(json)).anyMatch(said -> said.endsWith("leads back to where it stands"));
  }

  @Test
  void aDictionaryOfBoundlessSizeIsRefusedAtOnce() {
    StringBuilder defs = new StringBuilder();
    for (int level = 0; level < 12; level++) {
      defs.append("\"l")
          .append(level)
          .append("\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
      for (int i = 0; i < 10; i++) {
        defs.append(i == 0 ? "" : ",")
            .append("\"m")
            .append(i)
            .append("\":{\"$ref\":\"#/$defs/")
            .append(level == 0 ? "word" : "l" + (level - 1))
            .append("\"}");
      }
      defs.append("}},");
    }
    String json = with("{\"$ref\":\"#/$defs/l11\"}").replace("\"$defs\":{", "\"$defs\":{" + defs);
    assertThat(problems(json)).contains(": has more than 10000 places in all");
  }

  @Test
  void aPseudonymThatNoKeyedHashFitsIsRefused() {
    assertThat(
            problems(
                leaf(
                    "'type':'string','x-kind':'pseudonym','pattern':'^seat-[0-9]{8}$','maxLength':13,'examples':['seat-12345678']")))
        .anyMatch(said -> said.contains("keyed hashes hardly ever fit"));
  }

  @Test
  void aMessageMaySayThatItIsTheHeartbeat() {
    String other =
        "{\"other\":{\"method\":\"POST\",\"path\":\"/other\",\"id\":\"id\",\"heartbeat\":true,"
            + "\"schema\":\"#/$defs/ping\",\"title\":\"O\",\"description\":\"o\"},";
    String told = replaced("\"x-messages\":{", "\"x-messages\":" + other);
    assertThat(parse(told).heartbeat().map(MessageType::name)).contains("other");
    String twice = told.replace("\"path\":\"\"", "\"path\":\"\",\"heartbeat\":true");
    assertThat(problems(twice))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("/x-messages: one message");
    assertThat(problems(told.replaceFirst("POST", "DELETE"))).hasSize(1);
  }

  /** What is kept coarser stays JSON, whatever the pattern lets through. */
  @Test
  void whatIsKeptCoarserIsWrittenAsJson() {
    Dictionary dictionary =
        parse(
            leaf(
                "'type':'string','x-kind':'word','pattern':'^[a-z\\\"\\\\\\\\é]{1,8}$','maxLength':8,'x-keep':'^(.{1,8}),.{1,50}$','examples':['tea']"));
    byte[] body =
        "{\"id\":\"00ff00ff\",\"more\":\"\\\"é\\\\a,b c\"}".getBytes(StandardCharsets.UTF_8);
    Sifted.Kept kept =
        (Sifted.Kept)
            new Sieve(Limits.DEFAULT, Optional.empty()).sift(body, dictionary.message("ping"));
    assertThat(new String(kept.json(), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":\"00ff00ff\",\"more\":\"\\\"é\\\\a\"}");
  }

  /** DuckDB's whole numbers know no fraction, and other clients write 12.0. */
  @ParameterizedTest
  @CsvSource({
    "12.0, 12",
    "1.2e1, 12",
    "120e-1, 12",
    "-0.0, 0",
    "0e99, 0",
    "1E3, 1000",
    "12.000, 12",
    "12.5, ''",
    "1e-99, ''",
    "1e999, ''",
    "1e9999999999, ''",
    "1e-9999999999, ''",
    "12.00000000000000000000000000000001, ''"
  })
  void aWholeNumberMayBeWrittenWithAFraction(String written, String kept) {
    byte[] body =
        ("{\"id\":\"00ff00ff\",\"cups\":" + written + ",\"hot\":true}")
            .getBytes(StandardCharsets.UTF_8);
    Sifted.Kept sifted =
        (Sifted.Kept) new Sieve(Limits.DEFAULT, Optional.empty()).sift(body, Kettle.PING);
    assertThat(new String(sifted.json(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"00ff00ff\""
                + (kept.isEmpty() ? "" : ",\"cups\":" + kept)
                + ",\"hot\":true}");
    assertThat(sifted.whole()).isEqualTo(!kept.isEmpty());
  }
}
