package dev.candor.dictionary;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A product's data dictionary: everything that its messages may hold, what kind of fact each is and
 * why it is collected. Read from a JSON Schema (2020-12) file with annotations; the format is in
 * {@code docs/dictionary.md}.
 */
public final class Dictionary {
  private final String product;
  private final String title;
  private final String description;
  private final List<MessageType> messages;
  private final Optional<MessageType> toldHeartbeat;

  Dictionary(
      String product,
      String title,
      String description,
      List<MessageType> messages,
      Optional<MessageType> toldHeartbeat) {
    this.product = product;
    this.title = title;
    this.description = description;
    this.messages = List.copyOf(messages);
    this.toldHeartbeat = toldHeartbeat;
  }

  /**
   * Reads and checks a dictionary.
   *
   * @param json the file's bytes
   * @throws DictionaryException if it is not JSON, uses a keyword that is not supported, has a leaf
   *     without a kind or a reason, or has a grammar that would let an address, a path, a sentence
   *     or a secret through; it lists all problems with their places
   */
  public static Dictionary parse(byte[] json) {
    return DictionaryReader.read(json);
  }

  /** The product's short name: a path segment and a database schema, {@code [a-z][a-z0-9_]*}. */
  public String product() {
    return product;
  }

  /** The product's name for people. */
  public String title() {
    return title;
  }

  /** What the dictionary covers, in a sentence or two. */
  public String description() {
    return description;
  }

  /** The kinds of message that the product sends, in the file's order. */
  public List<MessageType> messages() {
    return messages;
  }

  /**
   * The message by which an instance says regularly that it is there: the one that says {@code
   * "heartbeat": true}, else the one named {@code ping}, else the only one that is no opt-out.
   * Empty where none is any of them.
   */
  public Optional<MessageType> heartbeat() {
    if (toldHeartbeat.isPresent()) {
      return toldHeartbeat;
    }
    List<MessageType> others =
        messages.stream().filter(message -> !message.isOptOut()).collect(Collectors.toList());
    return others.size() == 1
        ? Optional.of(others.get(0))
        : others.stream().filter(message -> message.name().equals("ping")).findFirst();
  }

  /** The message that says that an instance sends no more, if the product has one. */
  public Optional<MessageType> optOut() {
    return messages.stream().filter(MessageType::isOptOut).findFirst();
  }

  /**
   * The kind of message of that name.
   *
   * @throws IllegalArgumentException if the product sends no such message
   */
  public MessageType message(String name) {
    for (MessageType message : messages) {
      if (message.name().equals(name)) {
        return message;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + name
            + "\" is not a message of "
            + product
            + ": it has "
            + messages.stream().map(MessageType::name).toList());
  }
}
