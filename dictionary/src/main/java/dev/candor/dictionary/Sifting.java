package dev.candor.dictionary;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The sifting of one message: walks its tokens beside the dictionary and notes which stretches of
 * its bytes to cut or replace.
 */
final class Sifting {
  /** Stops the walk: the message is refused. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Finding finding;

    Refusal(Finding finding) {
      super(null, null, false, false);
      this.finding = finding;
    }
  }

  /** Where in the message the walk stands: one for each open object or list. */
  private static final class Place {
    private final @Nullable Place parent;
    private String name = "";
    private int index = -1;
    private boolean declared = true;

    /** Whether an element of this container was kept. */
    private boolean kept;

    /** Where the elements begin that are being left out since the last one kept; -1 for none. */
    private int gap = -1;

    Place(@Nullable Place parent) {
      this.parent = parent;
    }
  }

  private final JsonFactory json;
  private final Limits limits;
  private final Optional<Rekeying> rekeying;
  private final byte[] body;
  private final MessageType type;
  private final JsonParser parser;
  private final Splice splice;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> members = new LinkedHashSet<>();
  private String id = "";

  /** So many pseudonyms, counted from the first, have been replaced in the message already. */
  private int rekeyed;

  /** Whether an escaped surrogate stands somewhere, so that every string must be looked at. */
  private final boolean surrogates;

  Sifting(
      JsonFactory json,
      Limits limits,
      Optional<Rekeying> rekeying,
      byte[] body,
      MessageType type,
      int rekeyed) {
    this.json = json;
    this.limits = limits;
    this.rekeying = rekeying;
    this.body = body;
    this.type = type;
    this.rekeyed = rekeyed;
    this.parser = json.createParser(ObjectReadContext.empty(), body);
    this.splice = new Splice(body);
    this.surrogates = Utf8.hasEscapedSurrogate(body);
  }

  Sifted run() {
    try {
      int bad = Utf8.malformedAt(body);
      if (bad >= 0) {
        throw refusal(Reason.MALFORMED, null, "expected UTF-8", bad);
      }
      int start = Utf8.skipSpace(body, 0);
      if (start == body.length || body[start] != '{') {
        throw refusal(Reason.MALFORMED, null, "expected a JSON object", start);
      }
      parser.nextToken();
      object(type.root(), new Place(null));
      int end = offset();
      if (parser.nextToken() != null) {
        throw refusal(Reason.MALFORMED, null, "expected nothing after the object", offset());
      }
      if (id.isEmpty()) {
        throw refusal(
            Reason.MISSING,
            null,
            "expected the member \"" + type.id() + "\", the instance's id",
            -1);
      }
      return new Sifted.Kept(
          type, id, splice.result(start, end + 1, true), members, List.copyOf(findings));
    } catch (Refusal refusal) {
      List<Finding> all = new ArrayList<>(List.of(refusal.finding));
      all.addAll(findings);
      return new Sifted.Refused(List.copyOf(all));
    } catch (StreamConstraintsException e) {
      return malformed(
          Reason.BOUND,
          "expected at most "
              + limits.maxDepth()
              + " levels, and names and numbers of at most 1000"
              + " characters");
    } catch (UnexpectedEndOfInputException e) {
      return malformed(
          Reason.MALFORMED, "expected the rest of the object: the message is truncated");
    } catch (JacksonException e) {
      return malformed(Reason.MALFORMED, wellFormed());
    } finally {
      parser.close();
    }
  }

  private Sifted malformed(Reason reason, String expected) {
    int at = here(body.length);
    return new Sifted.Refused(List.of(refusal(reason, null, expected, at).finding));
  }

  /** The byte that the parser read last. */
  private int here(int last) {
    return Math.max(0, Math.min((int) parser.currentLocation().getByteOffset() - 1, last));
  }

  /** Names the commonest slip; for the rest the place must do. */
  private String wellFormed() {
    int at = here(body.length - 1);
    boolean closes = body[at] == '}' || body[at] == ']';
    int before = Utf8.skipSpaceBack(body, at);
    return closes && before > 0 && body[before - 1] == ','
        ? "expected a value or member after the comma: no trailing commas in JSON"
        : "expected well-formed JSON";
  }

  private void object(Node.Obj shape, Place place) {
    Set<String> seen = new HashSet<>();
    int objectStart = shape.choice().isPresent() ? offset() : -1;
    String key = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      place.name = name;
      Node node = shape.members().get(name);
      place.declared = node != null;
      checkName(name, seen, place);
      int start = place.gap >= 0 || node == null ? offset() : -1;
      JsonToken token = parser.nextToken();
      if (node == null) {
        drop(place, start, Reason.UNDECLARED, "left out: the dictionary does not name it");
        skip(place, token);
        continue;
      }
      Node.Leaf judged = null;
      if (shape.choice().isPresent() && token == JsonToken.VALUE_STRING) {
        Node.Choice choice = shape.choice().get();
        if (name.equals(choice.key())) {
          key = parser.getString();
        } else if (name.equals(choice.value())) {
          String word = key != null ? key : peekKey(objectStart, choice.key());
          judged = choice.cases().getOrDefault(word, choice.otherwise());
        }
      } else if (shape.choice().isPresent() && name.equals(shape.choice().get().value())) {
        judged = shape.choice().get().otherwise();
      }
      element(judged == null ? node : judged, token, place, start);
      if (place.parent == null && place.gap < 0) {
        members.add(name);
      }
    }
    close(place);
  }

  private void list(Node.Arr shape, Place place) {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      place.index++;
      if (place.index >= shape.maxItems()) {
        throw refusal(
            Reason.BOUND, place, "expected at most " + shape.maxItems() + " elements", offset());
      }
      element(shape.items(), token, place, place.gap >= 0 ? offset() : -1);
    }
    place.index = -1;
    close(place);
  }

  /**
   * Judges the value at hand. {@code start} is where its element begins, if that is known already.
   */
  private void element(Node node, JsonToken token, Place place, int start) {
    if (node instanceof Node.Obj object && token == JsonToken.START_OBJECT) {
      keep(place, start);
      object(object, new Place(place));
    } else if (node instanceof Node.Arr list && token == JsonToken.START_ARRAY) {
      keep(place, start);
      list(list, new Place(place));
    } else if (node instanceof Node.Leaf leaf && token.isScalarValue()) {
      leaf(leaf, token, place, start);
    } else {
      drop(place, elementStart(place, start), Reason.GRAMMAR, expected(node));
      skip(place, token);
    }
  }

  private static String expected(Node node) {
    if (node instanceof Node.Leaf leaf) {
      return Grammar.expected(leaf);
    }
    return node instanceof Node.Arr ? "expected a list" : "expected an object";
  }

  private void leaf(Node.Leaf leaf, JsonToken token, Place place, int start) {
    boolean fits =
        switch (token) {
          case VALUE_STRING -> {
            string(leaf, place, start);
            yield true;
          }
          case VALUE_NUMBER_INT -> fitsInteger(leaf);
          case VALUE_NUMBER_FLOAT -> fitsFraction(leaf);
          case VALUE_TRUE, VALUE_FALSE -> Grammar.fits(leaf, token == JsonToken.VALUE_TRUE);
          default -> leaf.types().contains(JsonType.NULL);
        };
    if (!fits) {
      refuseOrDrop(leaf, place, start);
    } else if (token != JsonToken.VALUE_STRING) {
      keep(place, start);
      if (token == JsonToken.VALUE_NUMBER_FLOAT && !leaf.types().contains(JsonType.NUMBER)) {
        long whole = (long) parser.getDoubleValue();
        splice.replace(offset(), valueEnd(), StringGrammar.bytes(Long.toString(whole)));
      }
    }
  }

  /** An integer may be written as 12.0 or 1.2e1; it is kept as 12. */
  private boolean fitsFraction(Node.Leaf leaf) {
    double value = parser.getDoubleValue();
    if (leaf.types().contains(JsonType.NUMBER)) {
      return Grammar.fits(leaf, value);
    }
    long whole = (long) value;
    try {
      return value == whole
          && Grammar.fits(leaf, whole)
          && parser.getDecimalValue().compareTo(BigDecimal.valueOf(whole)) == 0;
    } catch (NumberFormatException e) {
      return false; // an exponent of ten digits
    }
  }

  private boolean fitsInteger(Node.Leaf leaf) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> Grammar.fits(leaf, parser.getLongValue());
      default -> Grammar.fits(leaf, parser.getDoubleValue());
    };
  }

  private void string(Node.Leaf leaf, Place place, int start) {
    int valueStart = leaf.is(Kind.PSEUDONYM) && rekeying.isPresent() ? offset() : -1;
    String value = parser.getString();
    checkSurrogates(value, place);
    if (!leaf.types().contains(JsonType.STRING)) {
      refuseOrDrop(leaf, place, start);
      return;
    }
    boolean isId = place.parent == null && place.name.equals(type.id());
    if (Grammar.fits(leaf, value)) {
      keep(place, start);
      if (isId) {
        id = value;
      } else if (valueStart >= 0 && leaf.is(Kind.PSEUDONYM) && leaf.words().isEmpty()) {
        rekey(leaf, value, valueStart, place);
      }
      return;
    }
    Optional<String> coarser = isId ? Optional.empty() : Grammar.coarsened(leaf, value);
    if (coarser.isEmpty()) {
      refuseOrDrop(leaf, place, start);
      return;
    }
    int at = offset();
    keep(place, start);
    splice.replace(
        at + 1, valueEnd() - 1, JsonStringEncoder.getInstance().quoteAsUTF8(coarser.get()));
    note(Reason.COARSENED, place, Grammar.coarser(leaf), at);
  }

  private void rekey(Node.Leaf leaf, String value, int at, Place place) {
    if (rekeyed > 0) {
      rekeyed--;
      return;
    }
    Optional<String> other = rekeying.orElseThrow().rekey(value, s -> Grammar.fits(leaf, s));
    if (other.isEmpty()) {
      throw refusal(
          Reason.MISSING, place, "expected a pseudonym whose grammar a keyed hash can meet", at);
    }
    splice.replace(at + 1, valueEnd() - 1, StringGrammar.bytes(other.get()));
  }

  private void refuseOrDrop(Node.Leaf leaf, Place place, int start) {
    if (place.parent == null && place.name.equals(type.id())) {
      throw refusal(Reason.MISSING, place, Grammar.expected(leaf), offset());
    }
    drop(place, elementStart(place, start), Reason.GRAMMAR, Grammar.expected(leaf));
  }

  /** Where the element at hand begins: at its name in an object, at its value in a list. */
  private int elementStart(Place place, int known) {
    if (known >= 0) {
      return known;
    }
    int at = offset();
    return place.index >= 0 ? at : splice.nameStart(at);
  }

  private void keep(Place place, int start) {
    if (place.gap >= 0) {
      splice.cut(place.gap, elementStart(place, start), place.kept ? "," : "");
      place.gap = -1;
    }
    place.kept = true;
  }

  private void drop(Place place, int start, Reason reason, String expected) {
    if (place.gap < 0) {
      place.gap = splice.gapBefore(start);
    }
    note(reason, place, expected, start);
  }

  private void close(Place place) {
    if (place.gap >= 0) {
      splice.cut(place.gap, offset(), "");
      place.gap = -1;
    }
  }

  /** Passes over a value, holding it to the same strictness as any other. */
  private void skip(Place place, JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      Place inner = new Place(place);
      inner.declared = false;
      Set<String> seen = new HashSet<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        inner.name = parser.currentName();
        checkName(inner.name, seen, inner);
        skip(inner, parser.nextToken());
      }
    } else if (token == JsonToken.START_ARRAY) {
      Place inner = new Place(place);
      JsonToken next;
      while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
        inner.index++;
        skip(inner, next);
      }
    } else if (token == JsonToken.VALUE_STRING) {
      parser.finishToken();
      if (surrogates) {
        checkSurrogates(parser.getString(), place);
      }
    }
  }

  private void checkName(String name, Set<String> seen, Place place) {
    if (!seen.add(name)) {
      throw refusal(
          Reason.MALFORMED, place, "expected each member once: it is a duplicate", offset());
    }
    checkSurrogates(name, place);
  }

  private void checkSurrogates(String text, Place place) {
    if (surrogates && Utf8.hasLoneSurrogate(text)) {
      throw refusal(
          Reason.MALFORMED,
          place,
          "expected Unicode: half of a surrogate pair stands alone",
          offset());
    }
  }

  /** The word that decides, where it stands after the value that it decides about. */
  private String peekKey(int objectStart, String key) {
    try (JsonParser ahead =
        json.createParser(
            ObjectReadContext.empty(), body, objectStart, body.length - objectStart)) {
      ahead.nextToken();
      while (ahead.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = key.equals(ahead.currentName());
        if (ahead.nextToken() == JsonToken.VALUE_STRING && found) {
          return ahead.getString();
        }
        ahead.skipChildren();
      }
    } catch (JacksonException e) {
      // The walk itself will come to this place and refuse the message with the place's own words.
      return "";
    }
    return "";
  }

  private int offset() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private int valueEnd() {
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  private void note(Reason reason, Place place, String expected, int at) {
    if (findings.size() < limits.maxFindings()) {
      findings.add(finding(reason, place, expected, at));
    }
  }

  private Refusal refusal(Reason reason, @Nullable Place place, String expected, int at) {
    return new Refusal(finding(reason, place, expected, at));
  }

  private Finding finding(Reason reason, @Nullable Place place, String expected, int at) {
    StringBuilder pointer = new StringBuilder();
    StringBuilder path = new StringBuilder();
    describe(place, pointer, path);
    int[] lineAndColumn = at < 0 ? new int[2] : splice.lineAndColumn(at);
    return new Finding(
        reason, pointer.toString(), path.toString(), expected, lineAndColumn[0], lineAndColumn[1]);
  }

  private static void describe(@Nullable Place place, StringBuilder pointer, StringBuilder path) {
    if (place == null) {
      return;
    }
    describe(place.parent, pointer, path);
    if (place.index >= 0) {
      pointer.append('/').append(place.index);
      path.append("/*");
    } else {
      pointer.append(Finding.step(place.name));
      path.append(Finding.plainStep(place.name, place.declared));
    }
  }
}
