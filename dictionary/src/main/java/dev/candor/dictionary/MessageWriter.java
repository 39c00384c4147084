package dev.candor.dictionary;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
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
    /** Declared members that were written: few, so that looking at each is quicker than a hash. */
    private final List<String> seen = new ArrayList<>();

    private @Nullable Node node;
    private String name = "";
    private int index;
    private int items;
    private @Nullable String key;

    Open at(@Nullable Node place) {
      node = place;
      seen.clear();
      name = "";
      index = -1;
      items = 0;
      key = null;
      return this;
    }
  }

  private static final JsonFactory JSON =
      JsonFactory.builder().characterEscapes(new HtmlSafe()).build();

  private final MessageType type;
  private final int maxFindings;
  private final JsonGenerator json;
  private final Deque<Open> open = new ArrayDeque<>();

  /** Used again: a list of a hundred thousand objects needs no more of them than a list of one. */
  private final Deque<Open> closed = new ArrayDeque<>();

  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> members = new LinkedHashSet<>();
  private Optional<String> id = Optional.empty();
  private boolean ended;

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
    this.json = JSON.createGenerator(ObjectWriteContext.empty(), new Unchecked(out));
    json.writeStartObject();
    push(type.root());
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
    Open last = open.pop();
    closed.push(last);
    if (last.node instanceof Node.Arr) {
      json.writeEndArray();
    } else if (last.node != null) {
      json.writeEndObject();
    }
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
    number(member(name), name, value);
    return this;
  }

  /** Writes a member; nothing if the value is no finite number. */
  public MessageWriter put(String name, double value) {
    Node node = judged(member(name), name, null);
    boolean fits =
        node instanceof Node.Leaf leaf && Double.isFinite(value) && Grammar.fits(leaf, value);
    if (admitted(node, name, fits)) {
      json.writeNumber(value);
    }
    return this;
  }

  /** Writes a member. */
  public MessageWriter put(String name, boolean value) {
    Node node = judged(member(name), name, null);
    boolean fits = node instanceof Node.Leaf leaf && Grammar.fits(leaf, value);
    if (admitted(node, name, fits)) {
      json.writeBoolean(value);
    }
    return this;
  }

  /** Writes an element of a list. */
  public MessageWriter add(String value) {
    string(element(), null, value);
    return this;
  }

  /** Writes an element of a list. */
  public MessageWriter add(long value) {
    number(element(), null, value);
    return this;
  }

  /** Hands on what was written so far. */
  public void flush() {
    json.flush();
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
    if (ended) {
      return;
    }
    ended = true;
    boolean whole = open.size() == 1;
    if (whole) {
      json.writeEndObject();
    }
    json.close();
    if (!whole) {
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
    Node node = object.members().get(name);
    if (node == null) {
      note(Reason.UNDECLARED, "left out: the dictionary does not name it");
      return null;
    }
    if (place.seen.contains(name)) {
      throw new IllegalStateException("member \"" + name + "\" is written twice");
    }
    place.seen.add(name);
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
      count(name);
      if (list) {
        json.writeStartArray();
      } else {
        json.writeStartObject();
      }
    }
    push(fits ? node : null);
  }

  private void push(@Nullable Node node) {
    Open used = closed.poll();
    open.push((used == null ? new Open() : used).at(node));
  }

  private void number(@Nullable Node declared, @Nullable String name, long value) {
    Node node = judged(declared, name, null);
    if (admitted(node, name, node instanceof Node.Leaf leaf && Grammar.fits(leaf, value))) {
      json.writeNumber(value);
    }
  }

  /** Whether a value is to be written next; its name is then, and what does not fit is noted. */
  private boolean admitted(@Nullable Node node, @Nullable String name, boolean fits) {
    if (fits) {
      count(name);
    } else if (node != null) {
      note(Reason.GRAMMAR, expected(node));
    }
    return fits;
  }

  private void string(@Nullable Node declared, @Nullable String name, String value) {
    Node judged = judged(declared, name, value);
    if (judged == null) {
      return;
    }
    if (!(judged instanceof Node.Leaf leaf) || !leaf.types().contains(JsonType.STRING)) {
      note(Reason.GRAMMAR, expected(judged));
      return;
    }
    boolean isId = open.size() == 1 && type.id().equals(name);
    String kept = value;
    if (!Grammar.fits(leaf, value)) {
      Optional<String> coarser = isId ? Optional.empty() : Grammar.coarsened(leaf, value);
      if (coarser.isEmpty()) {
        note(Reason.GRAMMAR, expected(leaf));
        return;
      }
      kept = coarser.get();
      note(Reason.COARSENED, "kept coarser: " + Grammar.expected(leaf));
    }
    if (isId) {
      id = Optional.of(kept);
    }
    count(name);
    json.writeString(kept);
  }

  /** The grammar that holds here: in an object with a choice it follows from another's value. */
  private @Nullable Node judged(
      @Nullable Node node, @Nullable String name, @Nullable String value) {
    Open place = innermost();
    if (node == null
        || name == null
        || !(place.node instanceof Node.Obj object)
        || object.choice().isEmpty()) {
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

  /** Counts what is written next, and writes its name. */
  private void count(@Nullable String name) {
    Open place = innermost();
    if (place.node instanceof Node.Arr) {
      place.items++;
    } else if (name != null) {
      if (open.size() == 1) {
        members.add(name);
      }
      json.writeName(name);
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

  /** Its failures pass through the JSON library as they are promised here. */
  private static final class Unchecked extends OutputStream {
    private final OutputStream out;

    Unchecked(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
      return new SerializedString(String.format(Locale.ROOT, "\\u%04x", c));
    }
  }
}
