package dev.candor.dictionary;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
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
      Set.of("method", "path", "id", "schema", "title", "description", "heartbeat");
  private static final Set<String> COMMON =
      Set.of(
          "title",
          "description",
          "type",
          "$comment",
          "$ref",
          "x-group",
          "x-name",
          "x-report",
          "x-fact");
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

  /** Of a branch of open keys. */
  private static final Set<String> BRANCH = Set.of("properties", "required", "$comment");

  /** Of the words for which a branch holds. */
  private static final Set<String> BRANCH_KEY = Set.of("enum", "const", "$comment");

  private static final Set<String> OF_STRINGS =
      Set.of("pattern", "minLength", "maxLength", "x-keep", "x-otherwise");
  private static final Set<String> OF_NUMBERS = Set.of("minimum", "maximum");

  /**
   * A product is a path of the receiver and a schema of the database, and these are taken: by the
   * receiver's own paths, the database's own schemas and the names of the databases in it.
   */
  private static final Set<String> TAKEN =
      Set.of(
          "health",
          "metrics",
          "candor",
          "store",
          "main",
          "temp",
          "system",
          "memory",
          "information_schema",
          "pg_catalog");

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final int MAX_NESTING = 16;
  private static final int MAX_NODES = 10_000;
  private static final int MAX_STRING = 200;
  private static final Pattern DEFINITION = Pattern.compile("#/\\$defs/[A-Za-z0-9_.-]+");
  private static final int MAX_PSEUDONYM = Rekeying.MAX_LENGTH;
  private static final double MAX_INTEGER = 1L << 53;

  /** Far from where a sum of many, or of their squares, would be infinite. */
  private static final double MAX_NUMBER = 1e100;

  /** Pseudonyms of one to seven characters, in the alphabets that are used for them. */
  private static final List<String> SHORT =
      Stream.of("0", "a", "A", "7f", "1-2")
          .flatMap(s -> IntStream.rangeClosed(1, 7 / s.length()).mapToObj(s::repeat))
          .toList();

  /** What keyed hashes of any secret look like. */
  private static final Rekeying ANY_SECRET = Rekeying.of(new byte[32]);

  private static final int SAMPLES = 8;

  private static final String ROOMY = "AaIJZ0u5YFKuqqzGciTZ";

  /** Each once, though a definition is read wherever it is used. */
  private final Set<String> problems = new LinkedHashSet<>();

  private final Map<List<Object>, StringGrammar> grammars = new HashMap<>();
  private final Map<String, @Nullable Object> root;
  private final Map<String, @Nullable Object> defs;

  /** Definitions in which the reader stands. */
  private final Deque<String> open = new ArrayDeque<>();

  private int nodes;

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
    } else if (TAKEN.contains(product)) {
      problems.add("/x-product: the name " + product + " is taken: choose another");
    }
    if (root.get("$schema") instanceof String dialect && !dialect.equals(DIALECT)) {
      problems.add("/$schema: must be " + DIALECT);
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
    Optional<MessageType> heartbeat = heartbeat(messages);
    checkPaths(messages);
    checkRef();
    String title = text(root, "title", "");
    String description = text(root, "description", "");
    if (!problems.isEmpty()) {
      throw new DictionaryException(List.copyOf(problems));
    }
    return new Dictionary(product, title, description, messages, heartbeat);
  }

  /** The message that says so. */
  private Optional<MessageType> heartbeat(List<MessageType> messages) {
    List<MessageType> told = messages.stream().filter(type -> isHeartbeat(type.name())).toList();
    if (told.size() > 1 || (!told.isEmpty() && told.get(0).isOptOut())) {
      problems.add(
          "/x-messages: one message may say \"heartbeat\": true, and it must be no opt-out");
    }
    return told.stream().findFirst();
  }

  private boolean isHeartbeat(String message) {
    return map(root.get("x-messages"), "/x-messages").get(message) instanceof Map<?, ?> raw
        && Boolean.TRUE.equals(raw.get("heartbeat"));
  }

  private void checkPaths(List<MessageType> messages) {
    Map<String, String> taken = new HashMap<>();
    String optOut = null;
    for (MessageType type : messages) {
      String at = "/x-messages/" + escape(type.name());
      String other = taken.putIfAbsent(type.method() + " " + type.path(), type.name());
      if (other != null) {
        problems.add(at + "/path: \"" + other + "\" has the same method and path");
      }
      if (type.isOptOut() && optOut != null) {
        problems.add(at + "/method: \"" + optOut + "\" is the opt-out already, sent by DELETE");
      }
      optOut = type.isOptOut() ? type.name() : optOut;
    }
  }

  /** A validator that is given the file judges by the root: it must be one of the messages. */
  private void checkRef() {
    Object ref = root.get("$ref");
    if (ref == null) {
      return;
    }
    boolean isMessage = false;
    for (Object raw : map(root.get("x-messages"), "/x-messages").values()) {
      isMessage |= raw instanceof Map<?, ?> message && ref.equals(message.get("schema"));
    }
    if (!isMessage) {
      problems.add("/$ref: must lead to the schema of one of the x-messages");
    }
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
    Node node = node(target, 0);
    if (target == null || !(node instanceof Node.Obj object)) {
      problems.add(at + "/schema: must lead to an object");
      return Optional.empty();
    }
    if (!(object.members().get(id) instanceof Node.Leaf leaf)
        || !leaf.types().equals(Set.of(JsonType.STRING))) {
      problems.add(at + "/id: must name a string member of the message");
    }
    object
        .members()
        .forEach(
            (member, inside) -> {
              if (!member.equals(id)) {
                checkRekeying(inside, target.at() + "/properties/" + escape(member));
              }
            });
    if (!List.of(id).equals(target.schema().get("required"))) {
      problems.add(target.at() + "/required: must name the id alone, [\"" + id + "\"]");
    }
    return Optional.of(
        new MessageType(
            name, method, path, id, text(raw, "title", at), text(raw, "description", at), object));
  }

  /** A schema with its references followed, where it stands, and the definitions it came by. */
  private record Resolved(Map<String, @Nullable Object> schema, String at, List<String> through) {}

  private @Nullable Resolved resolve(Map<String, @Nullable Object> raw, String at) {
    Map<String, @Nullable Object> schema = raw;
    String place = at;
    List<String> through = new ArrayList<>();
    while (schema.get("$ref") instanceof String ref) {
      String name = DEFINITION.matcher(ref).matches() ? ref.substring("#/$defs/".length()) : "";
      if (!(defs.get(name) instanceof Map<?, ?> target)) {
        problems.add(place + "/$ref: must lead to a definition, such as #/$defs/count");
        return null;
      }
      if (open.contains(name) || through.contains(name)) {
        problems.add(place + "/$ref: leads back to where it stands");
        return null;
      }
      through.add(name);
      Map<String, @Nullable Object> beside = new LinkedHashMap<>(schema);
      beside.remove("$ref");
      Map<String, @Nullable Object> definition = new LinkedHashMap<>(cast(target));
      Object next = definition.remove("$ref");
      schema = Keywords.both(definition, beside, place, problems);
      if (next != null) {
        schema.put("$ref", next);
      }
      if (beside.isEmpty()) {
        place = "/$defs/" + escape(name);
      }
    }
    return new Resolved(schema, place, through);
  }

  private @Nullable Node node(Map<String, @Nullable Object> raw, String at, int depth) {
    return node(resolve(raw, at), depth);
  }

  private @Nullable Node node(@Nullable Resolved resolved, int depth) {
    if (resolved == null) {
      return null;
    }
    Map<String, @Nullable Object> schema = resolved.schema();
    String at = resolved.at();
    if (depth > MAX_NESTING) {
      problems.add(at + ": nests deeper than " + MAX_NESTING);
      return null;
    }
    if (++nodes > MAX_NODES) {
      problems.add(": has more than " + MAX_NODES + " places in all");
      return null;
    }
    resolved.through().forEach(open::push);
    try {
      Object type = schema.get("type");
      if ("object".equals(type)) {
        return object(schema, at, depth);
      }
      return "array".equals(type) ? list(schema, at, depth) : leaf(schema, at);
    } finally {
      resolved.through().forEach(_name -> open.pop());
    }
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
    Map<String, @Nullable Object> properties = map(schema.get("properties"), at + "/properties");
    if (properties.isEmpty()) {
      problems.add(at + "/properties: an object needs at least one member");
    }
    properties.forEach(
        (name, raw) -> {
          String place = at + "/properties/" + escape(name);
          if (!folded.add(name.toLowerCase(Locale.ROOT))) {
            problems.add(place + ": differs from another member by case alone");
          }
          if (name.startsWith("_") || !name.matches("[A-Za-z][A-Za-z0-9_-]{0,63}")) {
            problems.add(place + ": a member's name is a letter and up to 63 of A-Za-z0-9_-");
          }
          if (choice.isPresent() && choice.get().value().equals(name)) {
            if (!Boolean.TRUE.equals(raw)) {
              problems.add(place + ": must be true: anyOf says what it may be");
            }
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
      String decides = key;
      for (String name : branch.keySet()) {
        decides = name.equals(value) ? decides : name;
      }
      boolean other = key != null && !key.equals(decides);
      key = decides;
      if (key == null || other || branch.size() != 2 || !branch.containsKey(value)) {
        problems.add(branchAt + "/properties: must have the key and the judged member");
        continue;
      }
      String keyAt = branchAt + "/properties/" + escape(key);
      String valueAt = branchAt + "/properties/" + escape(value);
      Node node = node(map(branch.get(value), valueAt), valueAt, 1);
      if (node instanceof Node.Leaf leaf && leaf.types().equals(Set.of(JsonType.STRING))) {
        for (String word : keys(map(branch.get(key), keyAt), keyAt)) {
          if (cases.put(word, leaf) != null) {
            problems.add(keyAt + ": an earlier branch has " + word + " already");
          }
        }
      } else {
        problems.add(valueAt + ": must be a string: what else it may be, the first branch says");
      }
    }
    if (key == null || !(otherwise instanceof Node.Leaf leaf)) {
      problems.add(at + ": must have an open leaf and at least one branch with declared keys");
      return Optional.empty();
    }
    if (leaf.types().contains(JsonType.STRING)) {
      problems.add(openAt + "/type: open keys have no text: declare the keys that have");
    }
    return Optional.of(new Node.Choice(key, value, cases, leaf));
  }

  /** The words for which a branch holds. */
  private List<String> keys(Map<String, @Nullable Object> schema, String at) {
    keywords(schema, at, BRANCH_KEY);
    List<@Nullable Object> values = Enumerated.of(schema).orElse(List.of());
    if (values.isEmpty() || !values.stream().allMatch(String.class::isInstance)) {
      problems.add(at + "/enum: must list the keys that this branch declares");
      return List.of();
    }
    return values.stream().map(String::valueOf).toList();
  }

  private Map<String, @Nullable Object> properties(@Nullable Object raw, String at) {
    Map<String, @Nullable Object> branch = map(raw, at);
    keywords(branch, at, BRANCH);
    Map<String, @Nullable Object> properties = map(branch.get("properties"), at + "/properties");
    if (branch.containsKey("required")
        && !properties.keySet().containsAll(Keywords.texts(branch.get("required")))) {
      problems.add(at + "/required: must be among the branch's own properties");
    }
    return properties;
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
        open.minLength(),
        open.maxLength(),
        open.strings(),
        open.minimum(),
        open.maximum(),
        open.numbers(),
        open.flags(),
        open.keep(),
        open.otherwise(),
        open.examples(),
        open.label());
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
        maxItems,
        label(schema, at));
  }

  private Label label(Map<String, @Nullable Object> schema, String at) {
    String name = word(schema, "x-name");
    if (schema.containsKey("x-name") && !name.matches("[a-z][a-z0-9_]{0,59}")) {
      problems.add(at + "/x-name: must be a column's name of a-z, 0-9 and _, after a letter");
    }
    Optional<Fact.Keep> keep =
        Stream.of(Fact.Keep.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(schema.get("x-fact")))
            .findFirst();
    if (schema.containsKey("x-fact") && keep.isEmpty()) {
      problems.add(at + "/x-fact: must be version, filter, size, daily, latest, sequence or none");
    }
    String report = word(schema, "x-report");
    if (schema.containsKey("x-report") && !report.matches("[a-z][a-z0-9-]{0,59}")) {
      problems.add(at + "/x-report: must be a report's name of a-z, 0-9 and -, after a letter");
    }
    return new Label(word(schema, "title"), name, report, keep);
  }

  private Node leaf(Map<String, @Nullable Object> schema, String at) {
    keywords(schema, at, COMMON, LEAF);
    Set<JsonType> declared = types(schema, at);
    List<Kind> kinds = kinds(schema, declared, at);
    Optional<Pattern> pattern = pattern(schema, "pattern", at);
    Optional<Pattern> keep = pattern(schema, "x-keep", at);
    Optional<String> otherwise = Optional.of(word(schema, "x-otherwise")).filter(w -> !w.isEmpty());
    int minLength = whole(schema.get("minLength"), 0);
    int maxLength = whole(schema.get("maxLength"), 0);
    double minimum = number(schema.get("minimum"), Double.NEGATIVE_INFINITY);
    double maximum = number(schema.get("maximum"), Double.POSITIVE_INFINITY);
    Optional<Enumerated> enumerated =
        Enumerated.of(schema)
            .map(
                values ->
                    Enumerated.fitting(
                        values,
                        declared,
                        pattern,
                        minLength,
                        schema.containsKey("maxLength") ? maxLength : Integer.MAX_VALUE,
                        minimum,
                        maximum));
    Set<JsonType> types = enumerated.map(Enumerated::types).orElse(declared);
    Set<String> words = enumerated.map(Enumerated::words).orElse(Set.of());
    Set<Double> numbers = enumerated.map(Enumerated::numbers).orElse(Set.of());
    if (types.isEmpty() && !declared.isEmpty()) {
      problems.add(at + "/enum: no value of enum and const fits the other keywords");
    }
    for (String keyword : schema.keySet()) {
      boolean number = declared.contains(JsonType.INTEGER) || declared.contains(JsonType.NUMBER);
      if ((OF_STRINGS.contains(keyword) && !declared.contains(JsonType.STRING))
          || (OF_NUMBERS.contains(keyword) && !number)) {
        problems.add(at + "/" + keyword + ": does not go with the leaf's type");
      }
    }
    if (types.contains(JsonType.STRING)) {
      int longest = kinds.contains(Kind.PSEUDONYM) ? MAX_PSEUDONYM : MAX_STRING;
      if (words.isEmpty() && pattern.isEmpty()) {
        problems.add(at + ": a string needs an enum, or a pattern and a maxLength");
      } else if (words.isEmpty() && (maxLength < 1 || maxLength > longest)) {
        problems.add(at + "/maxLength: must be from 1 to " + longest);
      } else if (words.isEmpty() && minLength > maxLength) {
        problems.add(at + "/minLength: is more than the maxLength");
      }
      if (keep.isPresent() && keep.get().matcher("").groupCount() != 1) {
        problems.add(at + "/x-keep: must have exactly one group");
      }
      if (otherwise.isPresent() && !words.contains(otherwise.get())) {
        problems.add(at + "/x-otherwise: must be one of the enum");
      }
    }
    boolean integer = types.contains(JsonType.INTEGER) && !types.contains(JsonType.NUMBER);
    if ((integer || types.contains(JsonType.NUMBER)) && numbers.isEmpty()) {
      if (Double.isInfinite(minimum) || Double.isInfinite(maximum)) {
        problems.add(at + ": a number needs a minimum and a maximum");
      } else if (minimum > maximum) {
        problems.add(at + "/minimum: is more than the maximum");
      }
    }
    double least = numbers.stream().reduce(Math::min).orElse(minimum);
    double most = numbers.stream().reduce(Math::max).orElse(maximum);
    if (integer && (least < -MAX_INTEGER || most > MAX_INTEGER)) {
      problems.add(at + ": an integer's bounds must lie within 2^53, so that every reader agrees");
    }
    if (types.contains(JsonType.NUMBER)
        && numbers.isEmpty()
        && !Double.isInfinite(minimum)
        && !Double.isInfinite(maximum)
        && (minimum < -MAX_NUMBER || maximum > MAX_NUMBER)) {
      problems.add(at + ": a number's bounds must lie within 1e100, so that sums stay finite");
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
            words.isEmpty() ? pattern : Optional.empty(),
            words.isEmpty() ? minLength : 0,
            maxLength,
            strings(words, pattern, minLength, maxLength, kinds.contains(Kind.VERSION)),
            least,
            most,
            numbers,
            enumerated
                .map(Enumerated::flags)
                .orElse(declared.contains(JsonType.BOOLEAN) ? Set.of(true, false) : Set.of()),
            keep,
            otherwise,
            examples,
            label(schema, at));
    checkGrammar(leaf, at);
    checkExamples(leaf, schema, examples, at);
    return leaf;
  }

  private StringGrammar strings(
      Set<String> words,
      Optional<Pattern> pattern,
      int minLength,
      int maxLength,
      boolean noAddress) {
    List<Object> key =
        List.of(List.copyOf(words), pattern.map(Pattern::pattern), minLength, maxLength, noAddress);
    return grammars.computeIfAbsent(
        key, _key -> new StringGrammar(words, pattern, minLength, maxLength, noAddress));
  }

  /**
   * Pseudonyms but the instance's own id are replaced by keyed hashes on arrival: one that no hash
   * could take the place of would have its whole message refused.
   */
  private void checkRekeying(Node node, String at) {
    if (node instanceof Node.Obj object) {
      object.members().forEach((name, member) -> checkRekeying(member, at + "/" + escape(name)));
    } else if (node instanceof Node.Arr list) {
      checkRekeying(list.items(), at + "/*");
    } else if (node instanceof Node.Leaf leaf
        && leaf.is(Kind.PSEUDONYM)
        && leaf.pattern().isPresent()
        && !Stream.concat(
                leaf.strings().samples(SAMPLES).stream(),
                leaf.examples().stream().map(json -> json.substring(1, json.length() - 1)))
            .allMatch(s -> ANY_SECRET.rekey(s, leaf.strings()::fits).isPresent())) {
      problems.add(
          at
              + ": keyed hashes hardly ever fit this pseudonym's pattern, so that messages with it"
              + " would be refused: let through [0-9a-f] or [A-Za-z0-9_-] of the same length");
    }
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
    if (!isAnchored(regex)) {
      problems.add(
          at + "/" + keyword + ": must be anchored as a whole, ^…$; alternatives in ^(?:…|…)$");
    }
    try {
      return Optional.of(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      problems.add(at + "/" + keyword + ": is not a regular expression: " + e.getDescription());
      return Optional.empty();
    }
  }

  /** Whether both ends hold for each of its alternatives. */
  private static boolean isAnchored(String regex) {
    int depth = 0;
    boolean inSet = false;
    int last = -1;
    for (int at = 0; at < regex.length(); at++) {
      char c = regex.charAt(at);
      last = at;
      if (c == '\\') {
        at++;
      } else if (inSet) {
        inSet = c != ']';
      } else if (c == '[') {
        inSet = true;
      } else if (c == '(' || c == ')') {
        depth += c == '(' ? 1 : -1;
      } else if (c == '|' && depth == 0) {
        return false;
      }
    }
    return regex.startsWith("^") && last > 0 && last == regex.length() - 1 && regex.endsWith("$");
  }

  @SafeVarargs
  private void keywords(Map<String, @Nullable Object> schema, String at, Set<String>... known) {
    Keywords.check(schema, at, problems, List.of(known));
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

  private static int whole(@Nullable Object raw, int otherwise) {
    return raw instanceof Long n ? (int) Math.max(0, Math.min(n, 1 << 20)) : otherwise;
  }

  private static String escape(String name) {
    return Keywords.escape(name);
  }
}
