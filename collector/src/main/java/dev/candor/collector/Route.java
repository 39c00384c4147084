package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Reason;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.util.List;

/**
 * Where one kind of message comes in.
 *
 * @param product whose message it is
 * @param type what it is taken for
 * @param others what else it may turn out to be: some senders post everything to one path
 */
record Route(Dictionary product, MessageType type, List<MessageType> others) {

  static Route of(Dictionary product, MessageType type) {
    List<MessageType> others =
        type.path().isEmpty()
            ? product.messages().stream()
                .filter(other -> other.method().equals(type.method()) && !other.equals(type))
                .filter(other -> !other.id().equals(type.id()))
                .toList()
            : List.of();
    return new Route(product, type, others);
  }

  /** Sifts a message; one that names no instance as this kind does is tried as the others. */
  Sifted sift(Sieve sieve, byte[] body) {
    if (others.isEmpty()) {
      return sieve.sift(body, type);
    }
    byte[] original = body.clone();
    Sifted first = sieve.sift(body, type);
    if (!missesId(first)) {
      return first;
    }
    for (MessageType other : others) {
      Sifted sifted = sieve.sift(original.clone(), other);
      if (sifted instanceof Sifted.Kept) {
        return sifted;
      }
    }
    return first;
  }

  private static boolean missesId(Sifted sifted) {
    return sifted instanceof Sifted.Refused refused
        && refused.findings().stream().anyMatch(finding -> finding.reason() == Reason.MISSING);
  }
}
