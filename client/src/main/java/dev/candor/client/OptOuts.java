package dev.candor.client;

import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * The opt-outs of a state directory. Before a ping leaves under an id, a debt is noted in a file of
 * its own: that id, and where to. Once telemetry is off, each debt gets a message, which is tried
 * until a receiver takes it or somebody carries it there as a file; only that ends the debt. So
 * none is made for an id under which nothing left, and no refusal, age or bound of the outbox ends
 * one.
 *
 * <p>A kill at any step neither loses nor doubles one: the debt has the message's key before there
 * is a message, and a message of that key that was taken ends the debt.
 */
final class OptOuts {
  static final String FILE = "opt-outs";

  /**
   * What is owed.
   *
   * @param id under which pings left
   * @param address where the last of them went; empty for the one that is set
   * @param key of the message; empty while telemetry is on
   */
  record Debt(String id, String address, String key) {
    private String line() {
      String text = id + "\t" + address + "\t" + key;
      return text + "\t" + sum(text) + "\n";
    }

    private static Optional<Debt> read(String line) {
      String[] parts = line.split("\t", -1);
      boolean whole =
          parts.length == 4
              && !parts[0].isEmpty()
              && parts[3].equals(sum(line.substring(0, line.lastIndexOf('\t'))));
      return whole ? Optional.of(new Debt(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    /** A damaged id might be somebody else's. */
    private static String sum(String text) {
      CRC32 sum = new CRC32();
      sum.update(text.getBytes(StandardCharsets.UTF_8));
      return String.format(Locale.ROOT, "%08x", sum.getValue());
    }
  }

  private final Path file;
  private final Outbox outbox;
  private final Optional<MessageType> type;
  private final RandomGenerator random;

  /**
   * The opt-outs of a state directory.
   *
   * @param type the product's opt-out; where it has none, nothing is owed
   */
  OptOuts(Path state, Outbox outbox, Optional<MessageType> type, RandomGenerator random) {
    this.file = state.resolve(FILE);
    this.outbox = outbox;
    this.type = type;
    this.random = random;
  }

  /** Whether it is one. */
  boolean is(Message message) {
    return type.isPresent() && message.type().equals(type.get().name());
  }

  /**
   * Writes the file where there is none yet, or a damaged one, which is put aside.
   *
   * @return whether it was damaged
   */
  boolean open() throws IOException {
    if (type.isEmpty()) {
      return false;
    }
    boolean there = Files.exists(file);
    Map<String, Debt> debts = new LinkedHashMap<>();
    boolean whole = there && read(debts);
    if (!whole) {
      fromTheLog().forEach(debts::putIfAbsent);
      if (there) {
        Path broken = file.resolveSibling(FILE + ".broken");
        Files.copy(file, broken, StandardCopyOption.REPLACE_EXISTING);
      }
      write(debts.values());
    }
    return there && !whole;
  }

  /** What is owed, in the order in which it came to be; also from a directory just to be read. */
  List<Debt> debts() throws IOException {
    Map<String, Debt> debts = new LinkedHashMap<>();
    if (type.isPresent() && !read(debts)) {
      fromTheLog().forEach(debts::putIfAbsent);
    }
    return new ArrayList<>(debts.values());
  }

  /** Reads the file; false if it is not there or not whole. */
  private boolean read(Map<String, Debt> into) throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return false;
    }
    boolean whole = text.isEmpty() || text.endsWith("\n");
    for (String line : text.split("\n", -1)) {
      Optional<Debt> debt = Debt.read(line);
      debt.ifPresent(one -> into.put(one.id(), one));
      whole &= debt.isPresent() || line.isEmpty();
    }
    return whole;
  }

  /** As it follows from the messages themselves: earlier versions kept no such file. */
  private Map<String, Debt> fromTheLog() throws IOException {
    Map<String, Debt> debts = new LinkedHashMap<>();
    for (Message message : outbox.all()) {
      if (is(message)) {
        if (ended(message)) {
          debts.remove(message.id());
        }
      } else if (message.tried() || message.outcome() == Message.Outcome.EXPORTED) {
        // An address with a key in it is not in the log.
        String address = message.to().contains("…") ? "" : message.to();
        debts.put(message.id(), new Debt(message.id(), address, ""));
      }
    }
    return debts;
  }

  private static boolean ended(Message message) {
    return message.outcome() == Message.Outcome.ACCEPTED
        || message.outcome() == Message.Outcome.EXPORTED;
  }

  private void write(Collection<Debt> debts) throws IOException {
    StringBuilder text = new StringBuilder();
    debts.forEach(debt -> text.append(debt.line()));
    StateFiles.replace(file, text.toString());
  }

  /**
   * A ping is about to leave under this id; nothing may leave if this fails.
   *
   * @return what was owed for this id before
   */
  Optional<Debt> leaving(String id, String address) throws IOException {
    if (type.isEmpty()) {
      return Optional.empty();
    }
    List<Debt> debts = debts();
    Optional<Debt> before = debts.stream().filter(debt -> debt.id().equals(id)).findFirst();
    if (before.filter(debt -> debt.address().equals(address)).isEmpty()) {
      put(debts, new Debt(id, address, ""));
    }
    return before;
  }

  /** It did not leave after all. */
  void stayed(String id, Optional<Debt> before) throws IOException {
    if (before.isPresent()) {
      put(debts(), before.get());
    } else {
      end(id);
    }
  }

  private void put(List<Debt> debts, Debt debt) throws IOException {
    debts.removeIf(other -> other.id().equals(debt.id()));
    debts.add(debt);
    write(debts);
  }

  /** The receiver has its opt-out. */
  void end(String id) throws IOException {
    List<Debt> debts = debts();
    if (debts.removeIf(debt -> debt.id().equals(id))) {
      write(debts);
    }
  }

  /** Where the opt-out of this id goes; empty for the address that is set. */
  String address(String id) throws IOException {
    return debts().stream()
        .filter(debt -> debt.id().equals(id))
        .map(Debt::address)
        .findFirst()
        .orElse("");
  }

  /** Telemetry is off: each debt has its message from now on, and no other opt-out waits. */
  void raise() throws IOException {
    List<Debt> owed = unended();
    List<Message> waiting = outbox.waiting();
    for (Message message : waiting) {
      boolean meant = owed.stream().anyMatch(debt -> debt.id().equals(message.id()));
      if (is(message) && !meant) {
        outbox.withdraw(message);
      }
    }
    for (Debt debt : owed) {
      Optional<Message> there = of(debt, waiting);
      String key = debt.key();
      if (key.isEmpty()) {
        key = there.map(Message::key).orElseGet(() -> Names.key(random));
        put(debts(), new Debt(debt.id(), debt.address(), key));
      }
      if (there.isEmpty()) {
        byte[] body = body(debt.id());
        outbox.put(type().name(), debt.id(), key, false, out -> out.write(body));
      }
    }
  }

  /** Telemetry is on again: what is owed stays so, and what was to say it is not meant any more. */
  void withdraw() throws IOException {
    for (Debt debt : unended()) {
      if (!debt.key().isEmpty()) {
        put(debts(), new Debt(debt.id(), debt.address(), ""));
      }
    }
    for (Message message : outbox.waiting()) {
      if (is(message)) {
        outbox.giveUp(message, "telemetry was switched on again");
      }
    }
  }

  /** Ends what was settled before a kill could be noted, and says what is left. */
  private List<Debt> unended() throws IOException {
    List<Debt> debts = debts();
    if (debts.stream().allMatch(debt -> debt.key().isEmpty())) {
      return debts;
    }
    List<Message> sent = outbox.sent();
    for (Debt debt : debts) {
      boolean over =
          sent.stream().anyMatch(message -> message.key().equals(debt.key()) && ended(message));
      if (over) {
        end(debt.id());
      }
    }
    return debts();
  }

  private Optional<Message> of(Debt debt, List<Message> waiting) {
    return waiting.stream()
        .filter(message -> is(message) && message.id().equals(debt.id()))
        .findFirst();
  }

  private MessageType type() {
    return type.orElseThrow();
  }

  /**
   * The opt-out itself: the id and nothing else. The id left in a ping, so that it may leave here,
   * also where the dictionary has another grammar for ids by now.
   */
  private byte[] body(String id) {
    StringBuilder json = new StringBuilder("{\"").append(type().id()).append("\":\"");
    for (char c : id.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What waits for a receiver. */
  List<Message> waiting() throws IOException {
    List<Message> waiting = new ArrayList<>();
    for (Message message : outbox.waiting()) {
      if (is(message)) {
        waiting.add(message);
      }
    }
    return waiting;
  }

  /**
   * Writes one to a file, as {@code candor import} reads it: that it is an opt-out stands in it.
   *
   * @param message one that waits
   */
  Message export(Message message, Path to) throws IOException {
    byte[] body = Files.readAllBytes(message.body());
    String json = new String(body, StandardCharsets.UTF_8);
    byte[] line =
        ("{\"message\":\"" + message.type() + "\",\"body\":" + json + "}\n")
            .getBytes(StandardCharsets.UTF_8);
    Message exported =
        outbox.export(
            message.type(),
            message.id(),
            message.key(),
            out -> out.write(body),
            to,
            out -> out.write(line));
    end(message.id());
    outbox.withdraw(message);
    return exported;
  }

  /** How each stands; nothing while telemetry is on. */
  List<OptOut> owed(Transport transport) throws IOException {
    List<OptOut> all = new ArrayList<>();
    List<Message> waiting = outbox.waiting();
    List<Message> sent = outbox.sent();
    for (Debt debt : debts()) {
      boolean over =
          !debt.key().isEmpty()
              && sent.stream().anyMatch(one -> one.key().equals(debt.key()) && ended(one));
      if (!over) {
        all.add(
            new OptOut(debt.id(), transport.toward(debt.address()).address(), of(debt, waiting)));
      }
    }
    return all;
  }
}
