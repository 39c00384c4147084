package dev.candor.dictionary;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes one message so that only what the dictionary admits gets into it: the sieve for those who
 * make messages, by the same grammars. What the dictionary does not name is left out, what breaks
 * its grammar is coarsened as the dictionary says or left out, and each is noted as a {@link
 * Finding}, never with its value. So a {@link Sieve} keeps whole what was written here.
 *
 * <p>Streams: memory does not grow with the message. Not safe to share between threads. Every
 * method that writes throws {@link UncheckedIOException} if the stream does, and {@link
 * IllegalStateException} if it is called out of place.
 */
public final class MessageWriter implements AutoCloseable {
  /** An object or list that is open; without a node where it is being left out. */
  private static final class Open {
    private final @Nullable Node node;
    private final Set<String> seen = new HashSet<>();
    private String name = "";
    private int index = -1;
    private int items;
    private @Nullable String key;

    Open(@Nullable Node node) {
      this.node = node;
    }
  }

  private static final JsonFactory JSON =
      JsonFactory.builder().characterEscapes(new HtmlSafe()).build();

  private final MessageType type;
  private final int maxFindings;
  private final JsonGenerator json;
  private final Deque<Open> open = new ArrayDeque<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> members = new LinkedHashSet<>();
  private Optional<String> id = Optional.empty();
  private boolean closed;

  /**
   * Begins a message.
   *
   * @param out where the JSON goes, in UTF-8, without white space; closed with this writer
   * @param type what kind of message it is
   * @param maxFindings how many findings are described; further ones still take effect, unlisted
   */
  public MessageWriter(OutputStream out, MessageType type, int maxFindings) {
    this.type = type;
    this.maxFindings = maxFindings;
    this.json = JSON.createGenerator(ObjectWriteContext.empty(), out);
    json.writeStartObject();
    open.push(new Open(type.root()));
  }

  /** Begins a member that is an object. */
  public MessageWriter object(String name) {
    begin(member(name), false);
    return this;
  }

  /** Begins an element that is an object. */
  public MessageWriter object() {
    begin(element(), false);
    return this;
  }

  /** Begins a member that is a list. */
  public MessageWriter list(String name) {
    begin(member(name), true);
    return this;
  }

  /** Begins an element that is a list. */
  public MessageWriter list() {
    begin(element(), true);
    return this;
  }

  /** Ends the innermost object or list. */
  public MessageWriter end() {
    if (open.size() < 2) {
      throw new IllegalStateException("nothing is open but the message itself");
    }
    Node node = open.pop().node;
    written(
        () -> {
          if (node instanceof Node.Arr) {
            json.writeEndArray();
          } else if (node != null) {
            json.writeEndObject();
          }
        });
    return this;
  }

  /** Writes a member; nothing if the value is null. */
  public MessageWriter put(String name, @Nullable String value) {
    if (value != null) {
      string(member(name), name, value);
    }
    return this;
  }

  /** Writes a member. */
  public MessageWriter put(String name, long value) {
    Node node = member(name);
    scalar(node, name, Grammar::fits, value, () -> json.writeNumber(value));
    return this;
  }

  /** Writes a member; nothing if the value is no finite number. */
  public MessageWriter put(String name, double value) {
    Node node = member(name);
    scalar(
        node,
        name,
        (leaf, n) -> Double.isFinite(n) && Grammar.fits(leaf, n.doubleValue()),
        value,
        () -> json.writeNumber(value));
    return this;
  }

  /** Writes a member. */
  public MessageWriter put(String name, boolean value) {
    Node node = member(name);
    scalar(
        node,
        name,
        (leaf, _flag) -> leaf.types().contains(JsonType.BOOLEAN),
        value,
        () -> json.writeBoolean(value));
    return this;
  }

  /** Writes an element of a list. */
  public MessageWriter add(String value) {
    string(element(), null, value);
    return this;
  }

  /** Writes an element of a list. */
  public MessageWriter add(long value) {
    scalar(element(), null, Grammar::fits, value, () -> json.writeNumber(value));
    return this;
  }

  /** Hands on what was written so far. */
  public void flush() {
    written(json::flush);
  }

  /** What was left out or coarsened, as many as asked for. */
  public List<Finding> findings() {
    return Collections.unmodifiableList(findings);
  }

  /** Names of the top-level members written, in order. */
  public Set<String> members() {
    return Collections.unmodifiableSet(members);
  }

  /** The instance's id, if it was written. */
  public Optional<String> id() {
    return id;
  }

  /**
   * Ends the message and closes the stream.
   *
   * @throws IllegalStateException if an object or list is still open
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean ended = open.size() == 1;
    written(
        () -> {
          if (ended) {
            json.writeEndObject();
          }
          json.close();
        });
    if (!ended) {
      throw new IllegalStateException("an object or list was not ended");
    }
  }

  /** The declared node of a member about to be written; null where it is to be left out. */
  private @Nullable Node member(String name) {
    Open place = innermost();
    if (place.node instanceof Node.Arr) {
      throw new IllegalStateException("a list has elements, not members");
    }
    place.name = name;
    if (!(place.node instanceof Node.Obj object)) {
      return null;
    }
    if (!place.seen.add(name)) {
      throw new IllegalStateException("member \"" + name + "\" is written twice");
    }
    Node node = object.members().get(name);
    if (node == null) {
      note(Reason.UNDECLARED, "left out: the dictionary does not name it");
    }
    return node;
  }

  /** The declared node of an element about to be written; null where it is to be left out. */
  private @Nullable Node element() {
    Open place = innermost();
    if (place.node instanceof Node.Obj) {
      throw new IllegalStateException("an object has members, not elements");
    }
    place.index++;
    if (!(place.node instanceof Node.Arr list)) {
      return null;
    }
    if (place.items >= list.maxItems()) {
      note(Reason.BOUND, "left out: expected at most " + list.maxItems() + " elements");
      return null;
    }
    return list.items();
  }

  private void begin(@Nullable Node node, boolean list) {
    boolean fits = list ? node instanceof Node.Arr : node instanceof Node.Obj;
    if (node != null && !fits) {
      note(Reason.GRAMMAR, list ? "left out: it is a list" : "left out: it is an object");
    }
    String name = innermost().node instanceof Node.Obj ? innermost().name : null;
    if (fits) {
      write(name, list ? json::writeStartArray : json::writeStartObject);
    }
    open.push(new Open(fits ? node : null));
  }

  private interface Fits<T> {
    boolean test(Node.Leaf leaf, T value);
  }

  private <T> void scalar(
      @Nullable Node node, @Nullable String name, Fits<T> grammar, T value, Runnable writing) {
    Node judged = node == null ? null : judged(node, name, null);
    if (judged instanceof Node.Leaf leaf && grammar.test(leaf, value)) {
      write(name, writing);
    } else if (judged != null) {
      note(Reason.GRAMMAR, expected(judged));
    }
  }

  private void string(@Nullable Node node, @Nullable String name, String value) {
    if (node == null) {
      return;
    }
    Node judged = judged(node, name, value);
    if (!(judged instanceof Node.Leaf leaf) || !leaf.types().contains(JsonType.STRING)) {
      note(Reason.GRAMMAR, expected(judged));
      return;
    }
    boolean isId = open.size() == 1 && type.id().equals(name);
    Optional<String> admitted =
        Grammar.fits(leaf, value)
            ? Optional.of(value)
            : isId ? Optional.empty() : Grammar.coarsened(leaf, value);
    if (admitted.isEmpty()) {
      note(Reason.GRAMMAR, expected(leaf));
      return;
    }
    if (!admitted.get().equals(value)) {
      note(Reason.COARSENED, "kept coarser: " + Grammar.expected(leaf));
    }
    if (isId) {
      id = admitted;
    }
    write(name, () -> json.writeString(admitted.get()));
  }

  /** The grammar that holds here: in an object with a choice it follows from another's value. */
  private Node judged(Node node, @Nullable String name, @Nullable String value) {
    Open place = innermost();
    if (name == null || !(place.node instanceof Node.Obj object) || object.choice().isEmpty()) {
      return node;
    }
    Node.Choice choice = object.choice().get();
    if (value != null && name.equals(choice.key())) {
      place.key = value;
    }
    if (!name.equals(choice.value())) {
      return node;
    }
    Node.Leaf declared = value == null || place.key == null ? null : choice.cases().get(place.key);
    return declared == null ? choice.otherwise() : declared;
  }

  private void write(@Nullable String name, Runnable writing) {
    Open place = innermost();
    if (place.node instanceof Node.Arr) {
      place.items++;
    } else if (open.size() == 1 && name != null) {
      members.add(name);
    }
    written(
        () -> {
          if (name != null) {
            json.writeName(name);
          }
          writing.run();
        });
  }

  private static void written(Runnable writing) {
    try {
      writing.run();
    } catch (JacksonIOException e) {
      throw new UncheckedIOException(e.getCause());
    }
  }

  private Open innermost() {
    return open.getFirst();
  }

  private static String expected(Node node) {
    return "left out: "
        + (node instanceof Node.Leaf leaf
            ? Grammar.expected(leaf)
            : node instanceof Node.Arr ? "expected a list" : "expected an object");
  }

  private void note(Reason reason, String expected) {
    if (findings.size() >= maxFindings) {
      return;
    }
    StringBuilder pointer = new StringBuilder();
    StringBuilder path = new StringBuilder();
    for (Open at : (Iterable<Open>) open::descendingIterator) {
      if (at.node instanceof Node.Arr) {
        pointer.append('/').append(at.index);
        path.append("/*");
      } else {
        boolean declared =
            at.node instanceof Node.Obj object && object.members().containsKey(at.name);
        pointer.append(Finding.step(at.name));
        path.append(Finding.plainStep(at.name, declared));
      }
    }
    findings.add(new Finding(reason, pointer.toString(), path.toString(), expected, 0, 0));
  }

  /** So that a ping can stand in a web page as it is, and reads as SonarQube's own. */
  private static final class HtmlSafe extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private final int[] ascii = standardAsciiEscapesForJSON();

    HtmlSafe() {
      for (char c : new char[] {'<', '>', '&', '=', '\''}) {
        ascii[c] = ESCAPE_CUSTOM;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return new SerializedString(String.format("\\u%04x", c));
    }
  }
}
