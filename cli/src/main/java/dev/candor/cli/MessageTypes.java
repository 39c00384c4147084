package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which kind of message something is: as told, or by its members. */
final class MessageTypes {
  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "auto",
      description =
          "The message's name in the dictionary, such as ping, metrics or opt-out; auto: told by its "
              + "members (default).")
  private String type = "auto";

  /** What that message is. */
  MessageType of(Dictionary dictionary, Envelope envelope) {
    if (!type.equals("auto")) {
      return named(dictionary, type);
    }
    Optional<String> told = envelope.message();
    return told.isPresent() ? named(dictionary, told.get()) : guessed(dictionary, envelope.names());
  }

  private static MessageType named(Dictionary dictionary, String name) {
    return dictionary.message(name);
  }

  /** A message with nothing but an id is an opt-out; else the first kind whose id it has. */
  private static MessageType guessed(Dictionary dictionary, Set<String> names) {
    for (MessageType type : dictionary.messages()) {
      Set<String> bare = Set.of(type.id(), "timestamp", "type");
      if (type.method().equals("DELETE") && names.contains(type.id()) && bare.containsAll(names)) {
        return type;
      }
    }
    for (MessageType type : dictionary.messages()) {
      if (!type.isOptOut() && names.contains(type.id())) {
        return type;
      }
    }
    return dictionary.messages().getFirst();
  }
}
