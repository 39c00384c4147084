package dev.candor.dictionary;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Compiles a dictionary file. Collects every problem instead of stopping at the first. */
final class DictionaryReader {
  private static final Set<String> ROOT =
      Set.of(
          "$schema",
          "$id",
          "$ref",
          "$defs",
          "$comment",
          "title",
          "description",
          "x-product",
          "x-messages");
  private static final Set<String> MESSAGE =
      Set.of("method", "path", "id", "schema", "title", "description");
  private static final Set<String> COMMON =
      Set.of("title", "description", "type", "$comment", "x-group");
  private static final Set<String> OBJECT =
      Set.of("properties", "required", "additionalProperties", "anyOf");
  private static final Set<String> LIST = Set.of("items", "maxItems");
  private static final Set<String> LEAF =
      Set.of(
          "enum",
          "const",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "examples",
          "x-kind",
          "x-why",
          "x-since",
          "x-keep",
          "x-otherwise");
  private static final int MAX_NESTING = 16;
  private static final int MAX_STRING = 200;
  private static final int MAX_PSEUDONYM = Rekeying.MAX_LENGTH;
  private static final double MAX_INTEGER = 1L << 53;

  /** Pseudonyms of one to seven characters, in the alphabets that are used for them. */
  private static final List<String> SHORT =
      Stream.of("0", "a", "A", "7f", "1-2")
          .flatMap(s -> IntStream.rangeClosed(1, 7 / s.length()).mapToObj(s::repeat))
          .toList();

  private static final String ROOMY = "AaIJZ0u5YFKuqqzGciTZ";

  private final List<String> problems = new ArrayList<>();
  private final Map<List<Object>, StringGrammar> grammars = new HashMap<>();
  private final Map<String, @Nullable Object> root;
  private final Map<String, @Nullable Object> defs;

  private DictionaryReader(Map<String, @Nullable Object> root) {
    this.root = root;
    this.defs = map(root.get("$defs"), "/$defs");
  }

  static Dictionary read(byte[] json) {
    Object tree;
    try {
      tree = JsonTree.read(json);
    } catch (JacksonException e) {
      throw new DictionaryException(
          List.of(
              ": not a JSON text: "
                  + e.getOriginalMessage()
                  + " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")"));
    }
    if (!(tree instanceof Map<?, ?>)) {
      throw new DictionaryException(List.of(": not a JSON object"));
    }
    return new DictionaryReader(cast(tree)).dictionary();
  }

  private Dictionary dictionary() {
    keywords(root, "", ROOT);
    String product = text(root, "x-product", "");
    if (!product.matches("[a-z][a-z0-9_]{0,39}")) {
      problems.add("/x-product: must be a short name of a-z, 0-9 and _ that starts with a letter");
    }
    List<MessageType> messages = new ArrayList<>();
    map(root.get("x-messages"), "/x-messages")
        .forEach(
            (name, raw) -> {
              String at = "/x-messages/" + escape(name);
              message(name, map(raw, at), at).ifPresent(messages::add);
            });
    if (messages.isEmpty() && problems.isEmpty()) {
      problems.add("/x-messages: must name at least one kind of message");
    }
    String title = text(root, "title", "");
    String description = text(root, "description", "");
    if (!problems.isEmpty()) {
      throw new DictionaryException(problems);
    }
    return new Dictionary(product, title, description, messages);
  }

  private Optional<MessageType> message(String name, Map<String, @Nullable Object> raw, String at) {
    keywords(raw, at, MESSAGE);
    if (!name.matches("[a-z]+(-[a-z]+)*")) {
      problems.add(at + ": a message's name is made of lower-case words and hyphens");
    }
    String method = text(raw, "method", at);
    if (!Set.of("POST", "PUT", "DELETE").contains(method)) {
      problems.add(at + "/method: must be POST, PUT or DELETE");
    }
    String path = raw.get("path") instanceof String p ? p : "?";
    if (!path.matches("(/[a-z][a-z0-9-]*)*")) {
      problems.add(at + "/path: must be empty or such as /metrics");
    }
    String id = text(raw, "id", at);
    String schema = text(raw, "schema", at);
    Resolved target = resolve(Map.of("$ref", schema), at + "/schema");
    Node node = node(target.schema(), target.at(), 0);
    if (!(node instanceof Node.Obj object)) {
      problems.add(at + "/schema: must lead to an object");
      return Optional.empty();
    }
    if (!(object.members().get(id) instanceof Node.Leaf leaf)
        || !leaf.types().equals(Set.of(JsonType.STRING))) {
      problems.add(at + "/id: must name a string member of the message");
    }
    if (!List.of(id).equals(target.schema().get("required"))) {
      problems.add(target.at() + "/required: must name the id alone, [\"" + id + "\"]");
    }
    return Optional.of(
        new MessageType(
            name, method, path, id, text(raw, "title", at), text(raw, "description", at), object));
  }

  /** A schema with its references followed, and where it stands. */
  private record Resolved(Map<String, @Nullable Object> schema, String at) {}

  private Resolved resolve(Map<String, @Nullable Object> raw, String at) {
    Map<String, @Nullable Object> schema = raw;
    String place = at;
    for (int hops = 0; schema.get("$ref") instanceof String ref; hops++) {
      String name = ref.startsWith("#/$defs/") ? ref.substring("#/$defs/".length()) : "";
      if (!(defs.get(name) instanceof Map<?, ?> target) || hops > MAX_NESTING) {
        problems.add(place + "/$ref: must lead to a definition, such as #/$defs/count");
        return new Resolved(Map.of(), place);
      }
      Map<String, @Nullable Object> merged = new LinkedHashMap<>(cast(target));
      Map<String, @Nullable Object> siblings = new LinkedHashMap<>(schema);
      siblings.remove("$ref");
      merged.putAll(siblings);
      if (siblings.isEmpty()) {
        place = "/$defs/" + escape(name);
      }
      schema = merged;
    }
    return new Resolved(schema, place);
  }

  private @Nullable Node node(Map<String, @Nullable Object> raw, String at, int depth) {
    if (depth > MAX_NESTING) {
      problems.add(at + ": nests deeper than " + MAX_NESTING);
      return null;
    }
    Resolved resolved = resolve(raw, at);
    Map<String, @Nullable Object> schema = resolved.schema();
    Object type = schema.get("type");
    if ("object".equals(type)) {
      return object(schema, resolved.at(), depth);
    }
    return "array".equals(type) ? list(schema, resolved.at(), depth) : leaf(schema, resolved.at());
  }

  private Node object(Map<String, @Nullable Object> schema, String at, int depth) {
    keywords(schema, at, COMMON, OBJECT);
    if (!Boolean.FALSE.equals(schema.get("additionalProperties"))) {
      problems.add(at + "/additionalProperties: must be false: the dictionary is an allow-list");
    }
    if (depth > 0 && schema.containsKey("required")) {
      problems.add(at + "/required: only a message's id may be required");
    }
    Optional<Node.Choice> choice =
        schema.containsKey("anyOf") ? choice(schema.get("anyOf"), at + "/anyOf") : Optional.empty();
    Map<String, Node> members = new LinkedHashMap<>();
    Set<String> folded = new HashSet<>();
    map(schema.get("properties"), at + "/properties")
        .forEach(
            (name, raw) -> {
              String place = at + "/properties/" + escape(name);
              if (!folded.add(name.toLowerCase(Locale.ROOT))) {
                problems.add(place + ": differs from another member by case alone");
              }
              if (name.startsWith("_") || !name.matches("[A-Za-z][A-Za-z0-9_-]{0,63}")) {
                problems.add(place + ": a member's name is a letter and up to 63 of A-Za-z0-9_-");
              }
              if (choice.isPresent() && choice.get().value().equals(name)) {
                members.put(name, union(choice.get()));
              } else {
                Node node = node(map(raw, place), place, depth + 1);
                if (node != null) {
                  members.put(name, node);
                }
              }
            });
    choice.ifPresent(
        c -> {
          if (!members.containsKey(c.key()) || !members.containsKey(c.value())) {
            problems.add(at + "/anyOf: its members must be among the object's properties");
          }
        });
    return new Node.Obj(word(schema, "description"), word(schema, "x-group"), members, choice);
  }

  /** The one form of anyOf: what is open to every key, then one branch for each set of keys. */
  private Optional<Node.Choice> choice(@Nullable Object raw, String at) {
    if (!(raw instanceof List<?> branches) || branches.isEmpty()) {
      problems.add(at + ": must list what is open to every key, then a branch for declared keys");
      return Optional.empty();
    }
    Map<String, @Nullable Object> open = properties(branches.get(0), at + "/0");
    if (open.size() != 1) {
      problems.add(at + "/0/properties: must have the judged member alone");
      return Optional.empty();
    }
    String value = open.keySet().iterator().next();
    String openAt = at + "/0/properties/" + escape(value);
    Node otherwise = node(map(open.get(value), openAt), openAt, 1);
    String key = null;
    Map<String, Node.Leaf> cases = new LinkedHashMap<>();
    for (int i = 1; i < branches.size(); i++) {
      String branchAt = at + "/" + i;
      Map<String, @Nullable Object> branch = properties(branches.get(i), branchAt);
      for (String name : branch.keySet()) {
        key = name.equals(value) ? key : name;
      }
      if (key == null || branch.size() != 2 || !branch.containsKey(value)) {
        problems.add(branchAt + "/properties: must have the key and the judged member");
        continue;
      }
      Map<String, @Nullable Object> keySchema =
          map(branch.get(key), branchAt + "/properties/" + key);
      String valueAt = branchAt + "/properties/" + escape(value);
      if (node(map(branch.get(value), valueAt), valueAt, 1) instanceof Node.Leaf leaf) {
        words(keySchema).forEach(w -> cases.put(w, leaf));
      } else {
        problems.add(valueAt + ": must be a leaf");
      }
    }
    if (key == null || !(otherwise instanceof Node.Leaf open2)) {
      problems.add(at + ": must have an open leaf and at least one branch with declared keys");
      return Optional.empty();
    }
    return Optional.of(new Node.Choice(key, value, cases, open2));
  }

  private Map<String, @Nullable Object> properties(@Nullable Object branch, String at) {
    return map(map(branch, at).get("properties"), at + "/properties");
  }

  /** What the store and the page see of a judged member: everything that it may be. */
  private static Node.Leaf union(Node.Choice choice) {
    Node.Leaf open = choice.otherwise();
    Set<JsonType> types = EnumSet.copyOf(open.types());
    Set<Kind> kinds = new LinkedHashSet<>(open.kinds());
    choice.cases().values().forEach(leaf -> types.addAll(leaf.types()));
    choice.cases().values().forEach(leaf -> kinds.addAll(leaf.kinds()));
    return new Node.Leaf(
        open.description(),
        open.why(),
        open.since(),
        open.group(),
        List.copyOf(kinds),
        types,
        open.words(),
        open.pattern(),
        open.maxLength(),
        open.strings(),
        open.minimum(),
        open.maximum(),
        open.keep(),
        open.otherwise(),
        open.examples());
  }

  private Node list(Map<String, @Nullable Object> schema, String at, int depth) {
    keywords(schema, at, COMMON, LIST);
    int maxItems =
        schema.get("maxItems") instanceof Long n && n > 0 && n < 10_000_000 ? n.intValue() : 0;
    if (maxItems == 0) {
      problems.add(at + "/maxItems: must bound the list");
    }
    Node items = node(map(schema.get("items"), at + "/items"), at + "/items", depth + 1);
    return new Node.Arr(
        word(schema, "description"),
        word(schema, "x-group"),
        items == null ? new Node.Obj("", "", Map.of(), Optional.empty()) : items,
        maxItems);
  }

  private Node leaf(Map<String, @Nullable Object> schema, String at) {
    keywords(schema, at, COMMON, LEAF);
    Set<JsonType> types = types(schema, at);
    List<Kind> kinds = kinds(schema, types, at);
    boolean string = types.contains(JsonType.STRING);
    Set<String> words = words(schema);
    Optional<Pattern> pattern = pattern(schema, "pattern", at);
    Optional<Pattern> keep = pattern(schema, "x-keep", at);
    Optional<String> otherwise = Optional.ofNullable((String) schema.get("x-otherwise"));
    int maxLength = schema.get("maxLength") instanceof Long n ? (int) Math.min(n, 1 << 20) : 0;
    double minimum = number(schema.get("minimum"), Double.NEGATIVE_INFINITY);
    double maximum = number(schema.get("maximum"), Double.POSITIVE_INFINITY);
    if (string) {
      int longest = kinds.contains(Kind.PSEUDONYM) ? MAX_PSEUDONYM : MAX_STRING;
      if (words.isEmpty() && pattern.isEmpty()) {
        problems.add(at + ": a string needs an enum, or a pattern and a maxLength");
      } else if (words.isEmpty() && (maxLength < 1 || maxLength > longest)) {
        problems.add(at + "/maxLength: must be from 1 to " + longest);
      }
      if (keep.isPresent() && keep.get().matcher("").groupCount() != 1) {
        problems.add(at + "/x-keep: must have exactly one group");
      }
      if (otherwise.isPresent() && !words.contains(otherwise.get())) {
        problems.add(at + "/x-otherwise: must be one of the enum");
      }
    }
    if ((types.contains(JsonType.INTEGER) || types.contains(JsonType.NUMBER))
        && (Double.isInfinite(minimum) || Double.isInfinite(maximum))) {
      problems.add(at + ": a number needs a minimum and a maximum");
    }
    if (types.contains(JsonType.INTEGER)
        && !types.contains(JsonType.NUMBER)
        && (minimum < -MAX_INTEGER || maximum > MAX_INTEGER)) {
      problems.add(at + ": an integer's bounds must lie within 2^53, so that every reader agrees");
    }
    for (String needed : List.of("description", "x-why", "x-since")) {
      if (word(schema, needed).isBlank()) {
        problems.add(at + "/" + needed + ": every leaf says what it is, why and since when");
      }
    }
    List<String> examples = new ArrayList<>();
    Node.Leaf leaf =
        new Node.Leaf(
            word(schema, "description"),
            word(schema, "x-why"),
            word(schema, "x-since"),
            word(schema, "x-group"),
            kinds,
            types,
            words,
            pattern,
            maxLength,
            strings(words, pattern, maxLength, kinds.contains(Kind.VERSION)),
            minimum,
            maximum,
            keep,
            otherwise,
            examples);
    checkGrammar(leaf, at);
    checkExamples(leaf, schema, examples, at);
    return leaf;
  }

  private StringGrammar strings(
      Set<String> words, Optional<Pattern> pattern, int maxLength, boolean noAddress) {
    List<Object> key =
        List.of(List.copyOf(words), pattern.map(Pattern::pattern), maxLength, noAddress);
    return grammars.computeIfAbsent(
        key, _key -> new StringGrammar(words, pattern, maxLength, noAddress));
  }

  private void checkGrammar(Node.Leaf leaf, String at) {
    if (!leaf.types().contains(JsonType.STRING) || leaf.kinds().isEmpty()) {
      return;
    }
    for (String word : leaf.words()) {
      if (!word.matches("[ -~&&[^\"\\\\/@:]]{1,60}")) {
        problems.add(at + "/enum: a word has at most 60 plain characters, none of \"\\/@:");
      }
    }
    if (leaf.words().isEmpty() && leaf.pattern().isPresent()) {
      boolean cramped =
          SHORT.stream().anyMatch(s -> Grammar.fits(leaf, s)) && !Grammar.fits(leaf, ROOMY);
      if (leaf.is(Kind.PSEUDONYM) && cramped) {
        problems.add(
            at
                + "/pattern: lets through pseudonyms of fewer than 8 characters and none of 20,"
                + " so that keyed hashes have no room to stay apart");
      }
      for (Kind kind : leaf.kinds()) {
        Hostile.passing(kind, s -> Grammar.fits(leaf, s))
            .ifPresent(what -> problems.add(at + "/pattern: lets through " + what));
      }
    }
  }

  private void checkExamples(
      Node.Leaf leaf, Map<String, @Nullable Object> schema, List<String> examples, String at) {
    if (!(schema.get("examples") instanceof List<?> raw) || raw.isEmpty()) {
      problems.add(at + "/examples: every leaf shows at least one value");
      return;
    }
    for (Object example : raw) {
      examples.add(example instanceof String s ? "\"" + s + "\"" : String.valueOf(example));
      boolean fits =
          example instanceof String s
              ? leaf.types().contains(JsonType.STRING) && Grammar.fits(leaf, s)
              : Grammar.fits(leaf, example);
      if (!fits) {
        problems.add(at + "/examples: an example does not fit the leaf's own grammar");
      }
    }
  }

  private Set<JsonType> types(Map<String, @Nullable Object> schema, String at) {
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    Object raw = schema.get("type");
    Collection<?> names =
        raw instanceof Collection<?> many ? many : raw == null ? List.of() : List.of(raw);
    for (Object name : names) {
      for (JsonType type : JsonType.values()) {
        if (type.word().equals(name)) {
          types.add(type);
        }
      }
    }
    if (types.isEmpty() || types.size() != names.size()) {
      problems.add(
          at + "/type: must be object, array, or some of string, integer, number, boolean, null");
    }
    return types;
  }

  private List<Kind> kinds(Map<String, @Nullable Object> schema, Set<JsonType> types, String at) {
    Object raw = schema.get("x-kind");
    Collection<?> names =
        raw instanceof Collection<?> many ? many : raw == null ? List.of() : List.of(raw);
    List<Kind> kinds = new ArrayList<>();
    Set<JsonType> explained = EnumSet.of(JsonType.NULL);
    for (Object name : names) {
      for (Kind kind : Kind.values()) {
        if (kind.word().equals(name)) {
          kinds.add(kind);
          explained.addAll(
              switch (kind) {
                case PSEUDONYM, VERSION, WORD -> Set.of(JsonType.STRING);
                case COUNT -> Set.of(JsonType.INTEGER, JsonType.NUMBER);
                case FLAG -> Set.of(JsonType.BOOLEAN);
                case DATE -> Set.of(JsonType.STRING, JsonType.INTEGER);
              });
        }
      }
    }
    if (kinds.isEmpty() || kinds.size() != names.size()) {
      problems.add(
          at
              + "/x-kind: every leaf is a pseudonym, version, word, count, flag or date; there is no free text");
    } else if (!explained.containsAll(types)) {
      problems.add(at + "/x-kind: does not go with the leaf's type");
    }
    return kinds;
  }

  private Optional<Pattern> pattern(
      Map<String, @Nullable Object> schema, String keyword, String at) {
    if (!(schema.get(keyword) instanceof String regex)) {
      return Optional.empty();
    }
    if (!regex.startsWith("^") || !regex.endsWith("$")) {
      problems.add(at + "/" + keyword + ": must be anchored, ^…$");
    }
    try {
      return Optional.of(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      problems.add(at + "/" + keyword + ": is not a regular expression: " + e.getDescription());
      return Optional.empty();
    }
  }

  private static Set<String> words(Map<String, @Nullable Object> schema) {
    Set<String> words = new LinkedHashSet<>();
    if (schema.get("const") instanceof String word) {
      words.add(word);
    }
    if (schema.get("enum") instanceof List<?> many) {
      many.forEach(w -> words.add(String.valueOf(w)));
    }
    return words;
  }

  @SafeVarargs
  private void keywords(Map<String, @Nullable Object> schema, String at, Set<String>... known) {
    for (String keyword : schema.keySet()) {
      boolean found = false;
      for (Set<String> some : known) {
        found |= some.contains(keyword);
      }
      if (!found) {
        problems.add(at + "/" + escape(keyword) + ": this keyword is not supported here");
      }
    }
  }

  private String text(Map<String, @Nullable Object> schema, String keyword, String at) {
    if (schema.get(keyword) instanceof String text && !text.isBlank()) {
      return text;
    }
    problems.add(at + "/" + keyword + ": must be a text");
    return "?";
  }

  private static String word(Map<String, @Nullable Object> schema, String keyword) {
    return schema.get(keyword) instanceof String text ? text : "";
  }

  private static double number(@Nullable Object raw, double otherwise) {
    return raw instanceof Number n ? n.doubleValue() : otherwise;
  }

  private Map<String, @Nullable Object> map(@Nullable Object raw, String at) {
    if (raw instanceof Map<?, ?>) {
      return cast(raw);
    }
    problems.add(at + ": must be an object");
    return Map.of();
  }

  @SuppressWarnings("unchecked") // JsonTree makes maps with string keys only
  private static Map<String, @Nullable Object> cast(@Nullable Object raw) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(raw);
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
