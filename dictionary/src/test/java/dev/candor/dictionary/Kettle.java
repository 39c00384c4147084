package dev.candor.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A small product: its dictionary, and pings of it, mostly valid. */
final class Kettle {
  static final String DICTIONARY =
      """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Kettle",
       "description":"A kettle's pings.","x-product":"kettle",
       "x-messages":{"ping":{"method":"POST","path":"","id":"id","schema":"#/$defs/ping",
         "title":"Ping","description":"Sent daily."}},
       "$ref":"#/$defs/ping",
       "$defs":{
        "word":{"type":"string","x-kind":"word","pattern":"^[a-z]{1,10}$","maxLength":10,
          "description":"A word.","x-why":"to test","x-since":"1.0","examples":["tea"]},
        "key":{"type":"string","x-kind":"pseudonym","pattern":"^[0-9a-f]{8}$","maxLength":8,
          "description":"An id.","x-why":"to test","x-since":"1.0","examples":["00ff00ff"]},
        "count":{"type":"integer","x-kind":"count","minimum":0,"maximum":1000,
          "description":"A count.","x-why":"to test","x-since":"1.0","examples":[3]},
        "ping":{"type":"object","additionalProperties":false,"required":["id"],"properties":{
          "id":{"$ref":"#/$defs/key"},
          "brew":{"$ref":"#/$defs/word"},
          "maker":{"type":"string","x-kind":"word","enum":["acme","LDAP","other"],
            "x-keep":"^(LDAP)_.{1,50}$","x-otherwise":"other",
            "description":"Maker.","x-why":"to test","x-since":"1.0","examples":["acme"]},
          "cups":{"$ref":"#/$defs/count"},
          "hot":{"type":"boolean","x-kind":"flag","description":"Hot.","x-why":"to test",
            "x-since":"1.0","examples":[true]},
          "users":{"type":"array","maxItems":5,"items":{"type":"object",
            "additionalProperties":false,"properties":{
              "user":{"$ref":"#/$defs/key"},"cups":{"$ref":"#/$defs/count"}}}},
          "tags":{"type":"array","maxItems":5,"items":{"$ref":"#/$defs/word"}}}}}}
      """;
  static final MessageType PING =
      Dictionary.parse(DICTIONARY.getBytes(StandardCharsets.UTF_8)).message("ping");

  private Kettle() {}

  /** A ping in which now and then a value breaks its grammar or is not declared. */
  static String ping(RandomGenerator random) {
    List<String> members = new ArrayList<>();
    members.add("\"id\":" + pick(random, 30, "\"00ff00ff\"", "\"0\"", "7"));
    if (random.nextBoolean()) {
      members.add("\"brew\":" + pick(random, 15, "\"tea\"", "\"Tea\"", "null", "\"a b\""));
    }
    if (random.nextBoolean()) {
      members.add("\"maker\":" + pick(random, 15, "\"acme\"", "\"LDAP_x\"", "\"nobody\"", "{}"));
    }
    if (random.nextBoolean()) {
      members.add("\"cups\":" + pick(random, 15, "12", "-1", "1001", "1.5", "true", "1e999"));
    }
    if (random.nextBoolean()) {
      String user = pick(random, 15, "{\"user\":\"11111111\",\"cups\":3}", "{\"name\":1}", "[]");
      members.add("\"users\":" + pick(random, 15, "[" + user + "]", "[]", "{}"));
    }
    if (random.nextInt(12) == 0) {
      members.add("\"" + pick(random, 2, "other", "a/b", "a~b") + "\":{\"a\":[1,\"b\",null]}");
    }
    return "{" + String.join(",", members) + "}";
  }

  /** The first, mostly; once in so many times one of the others. */
  private static String pick(RandomGenerator random, int oneIn, String usual, String... odd) {
    return random.nextInt(oneIn) == 0 ? odd[random.nextInt(odd.length)] : usual;
  }
}
